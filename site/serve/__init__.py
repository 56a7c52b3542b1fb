"""The public server.

May import: site.{config, files, http, oai, panosc, registrar, search, state}; builders; harvesters; ontologies; never
site.state.harvest_file, site.state.ledger, site.state.migrations, site.state.spool.
"""
