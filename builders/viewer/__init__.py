"""The HDF5 viewer: its bundle, what its page may do, what it may open, and the tree of a file for who has no script.

May import: html, metadata and what lies below.
"""
