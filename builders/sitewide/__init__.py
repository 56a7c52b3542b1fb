"""The catalogue as a whole, for machines.

May import: builders.{citations, downloads, formats, html, metadata, oai, panosc, search, syntax, techniques};
ontologies.
"""
