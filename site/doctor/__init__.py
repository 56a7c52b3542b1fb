"""`panfair doctor`: whether machine, sources and address are as a site needs them. ONE FILE = ONE EXAMINATION.

May import: site.{config, files, http, oai, panosc, registrar, run, search, state}; builders; harvesters; ontologies.
"""
