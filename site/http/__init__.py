"""HTTP as everything that answers needs it.

May import: site.config; builders; harvesters; ontologies.
"""
