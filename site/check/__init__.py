"""What stands in output/, looked at; and what its records lack.

May import: site.{config, files, http, oai, panosc, registrar, run, search, state}; builders; harvesters; ontologies.
"""
