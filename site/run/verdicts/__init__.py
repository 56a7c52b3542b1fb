"""What a run has to know about all records of a source before or after the gate judges each of them.

May import: what site.run may.
"""
