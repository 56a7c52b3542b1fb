"""The files of www/ over HTTP.

May import: site.{config, http, oai, registrar, search, state}; builders; harvesters; ontologies; never
site.state.harvest_file, site.state.ledger, site.state.migrations, site.state.spool.
"""
