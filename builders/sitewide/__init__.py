"""The catalogue as a whole, for machines.

May import: builders.{citations, formats, html, metadata, oai, panosc, search, syntax, techniques}; ontologies.
"""
