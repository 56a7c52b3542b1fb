"""What can be found.

May import: what builders.search may.
"""
