"""Pages for closed data."""
