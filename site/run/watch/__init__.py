"""Publishing within a minute of a change.

May import: what site.run may.
"""
