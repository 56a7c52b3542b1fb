"""The files that a browser searches in, kept up to date by a run.

May import: what site.run may.
"""
