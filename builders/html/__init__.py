"""What all pages share.

May import: builders.syntax; ontologies.
"""
