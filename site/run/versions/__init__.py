"""Which records are versions of one work, and what each says of the other.

May import: what site.run may.
"""
