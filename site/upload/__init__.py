"""The published site on an object store: what must be sent, in which order, and what says that it stands there.

May import: site.{config, files, http, oai, panosc, registrar, run, search, state}; builders; harvesters; ontologies.
"""
