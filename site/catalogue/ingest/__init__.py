"""Files of several forms into the live core.

May import: site.catalogue.{accounts, store}; what site.catalogue may.
"""
