"""The made-up facility of the demo.

May import: site.{catalogue, check, config, doctor, files, http, oai, panosc, registrar, run, search, serve, state,
upload}; builders; harvesters; ontologies.
"""
