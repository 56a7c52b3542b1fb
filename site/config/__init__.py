"""What an operator writes: settings, theme, texts.

May import: site.registrar; builders; harvesters; ontologies.
"""
