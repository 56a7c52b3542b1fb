"""Pictures of data: figures that a file shows in, SVG and WebP with their words out. ONE FILE = ONE RECIPE.

May import: builders.{html, metadata, syntax}; ontologies.
"""
