"""The search, served.

May import: site.{config, http, state}; builders; harvesters; ontologies; never site.state.ledger, site.state.spool.
"""
