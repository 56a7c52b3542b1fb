"""The search: language, documents, index, static files, page.

May import: builders.{citations, downloads, formats, gallery, html, metadata, syntax, techniques}; ontologies.
"""
