"""The search, served."""
