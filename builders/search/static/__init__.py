"""The files that a browser searches in.

May import: builders.search.{documents, index, language}; what builders.search may.
"""
