"""What catalogues write, read into the record.

May import: ontologies.
"""
