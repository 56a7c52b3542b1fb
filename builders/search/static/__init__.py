"""The files that a browser searches in."""
