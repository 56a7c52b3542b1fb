"""The files of www/ over HTTP.

May import: site.{config, http, oai, search, state}; builders; harvesters; ontologies; never site.state.harvest_file,
site.state.ledger, site.state.migrations, site.state.spool.
"""
