"""The pictures of open records: where their files lie, what was read and drawn of them, and what a run may spend.

May import: what site.run may.
"""
