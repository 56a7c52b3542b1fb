"""The first of a run's two commits: what is not open any more goes, and nothing can refuse it.

May import: what site.run may.
"""
