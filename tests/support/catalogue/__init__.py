"""Live cores of tests."""
