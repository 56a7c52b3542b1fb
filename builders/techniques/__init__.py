"""Techniques as pages show them."""
