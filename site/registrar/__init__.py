"""The registrar of DOIs: what DataCite is told of a DOI, made from its public page, and what DataCite said last.

May import: builders; harvesters; ontologies.
"""
