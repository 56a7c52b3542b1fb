"""The live core as a program: application, commands.

May import: site.catalogue.{accounts, api, doi, ingest, pages, store}; what site.catalogue may.
"""
