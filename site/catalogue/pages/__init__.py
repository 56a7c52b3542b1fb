"""Pages for closed data.

May import: site.catalogue.{accounts, api, doi, ingest, store}; what site.catalogue may.
"""
