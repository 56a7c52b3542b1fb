"""What stands in data files: ONE FILE = ONE READER, and one door that all of them go through.

May import: ontologies.
"""
