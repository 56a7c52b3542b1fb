"""What the PaNOSC search API answers from.

May import: builders.{citations, downloads, formats, html, metadata, syntax, techniques}; ontologies.
"""
