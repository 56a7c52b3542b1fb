"""The rows of the live core and who may see them.

May import: what site.catalogue may.
"""
