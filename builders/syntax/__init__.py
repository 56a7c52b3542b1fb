"""XML and RDF, written.

May import: ontologies.
"""
