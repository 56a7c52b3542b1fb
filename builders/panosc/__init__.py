"""What the PaNOSC search API answers from.

May import: builders.{citations, formats, html, metadata, syntax, techniques}; ontologies.
"""
