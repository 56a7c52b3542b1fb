"""Techniques as pages show them.

May import: builders.{html, metadata, syntax}; ontologies.
"""
