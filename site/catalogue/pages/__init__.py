"""Pages for closed data.

May import: site.catalogue.{accounts, api, ingest, store}; what site.catalogue may.
"""
