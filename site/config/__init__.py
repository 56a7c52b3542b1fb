"""What an operator writes: settings, theme, texts.

May import: builders; harvesters; ontologies.
"""
