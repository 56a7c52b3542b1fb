"""The search page.

May import: builders.search.{documents, index, language}; what builders.search may.
"""
