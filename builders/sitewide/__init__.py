"""The catalogue as a whole, for machines.

May import: builders.{citations, downloads, formats, gallery, html, metadata, oai, panosc, search, syntax,
techniques}; ontologies.
"""
