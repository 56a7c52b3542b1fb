"""The search, served.

May import: site.{config, http, registrar, state}; builders; harvesters; ontologies; never site.state.harvest_file,
site.state.ledger, site.state.migrations, site.state.spool.
"""
