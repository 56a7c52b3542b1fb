"""What OAI-PMH answers from.

May import: builders.{citations, downloads, formats, html, metadata, syntax, techniques}; ontologies.
"""
