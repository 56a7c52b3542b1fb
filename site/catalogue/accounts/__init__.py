"""Who is calling: accounts, sessions, what they may see.

May import: site.catalogue.store; what site.catalogue may.
"""
