"""What formats share of a publication.

May import: builders.syntax; ontologies.
"""
