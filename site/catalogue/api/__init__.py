"""The ICAT+ dialect over HTTP.

May import: site.catalogue.{accounts, store}; what site.catalogue may.
"""
