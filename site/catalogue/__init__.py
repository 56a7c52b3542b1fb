"""The live core: a small facility's own catalogue, open to its teams and, from its day on, to everybody.

May import: site.{http, registrar}; builders; harvesters; ontologies.
"""
