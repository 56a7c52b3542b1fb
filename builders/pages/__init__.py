"""Pages: one module a kind.

May import: builders.{citations, downloads, formats, gallery, html, metadata, oai, panosc, search, sitewide, syntax,
techniques}; ontologies.
"""
