"""What OAI-PMH answers from.

May import: builders.{citations, formats, html, metadata, syntax, techniques}; ontologies.
"""
