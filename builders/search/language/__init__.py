"""What may be asked.

May import: builders.search.documents; what builders.search may.
"""
