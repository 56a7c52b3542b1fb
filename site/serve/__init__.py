"""The public server.

May import: site.{config, files, http, oai, panosc, search, state}; builders; harvesters; ontologies; never
site.state.ledger, site.state.spool.
"""
