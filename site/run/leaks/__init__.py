"""The leak scan: what would betray a closed record, what may be said all the same, and what an output shows of it.

May import: what site.run may.
"""
