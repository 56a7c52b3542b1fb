"""What the tests of the search ask, and of what."""
