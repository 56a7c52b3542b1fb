"""What OAI-PMH answers from.

May import: builders.{citations, downloads, formats, gallery, html, metadata, syntax, techniques}; ontologies.
"""
