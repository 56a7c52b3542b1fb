"""The core's DOIs at DataCite: what should be told of them, what would be, and telling it.

May import: site.catalogue.{accounts, api, ingest, store}; what site.catalogue may.
"""
