"""The HDF5 viewer: its bundle, what its page may do, and what it may open.

May import: what builders.downloads may.
"""
