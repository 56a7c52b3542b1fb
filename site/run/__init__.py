"""The run: harvest, judge, render what changed, commit.

May import: site.{config, http, oai, registrar, search, state}; builders; harvesters; ontologies.
"""
