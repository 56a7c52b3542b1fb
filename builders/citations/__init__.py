"""Citations in the styles of CSL.

May import: builders.{html, metadata, syntax}; ontologies.
"""
