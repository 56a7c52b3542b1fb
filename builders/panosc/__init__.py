"""What the PaNOSC search API answers from.

May import: builders.{citations, downloads, formats, gallery, html, metadata, syntax, techniques}; ontologies.
"""
