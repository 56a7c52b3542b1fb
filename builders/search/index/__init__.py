"""The index on disk.

May import: builders.search.documents; what builders.search may.
"""
