"""The search: language, documents, index, static files, page.

May import: builders.{citations, downloads, formats, html, metadata, syntax, techniques}; ontologies.
"""
