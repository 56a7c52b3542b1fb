"""Similar data: which open records a landing page names beside its own, kept up to date with every run.

May import: what site.run may.
"""
