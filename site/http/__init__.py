"""HTTP as everything that answers needs it.

May import: site.{config, registrar}; builders; harvesters; ontologies.
"""
