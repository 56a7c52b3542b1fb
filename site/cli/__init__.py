"""The command line.

May import: site.{catalogue, check, config, demo, doctor, files, http, oai, panosc, registrar, run, search, serve,
state, upload}; builders; harvesters; ontologies.
"""
