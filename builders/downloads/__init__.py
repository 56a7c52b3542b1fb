"""How files are fetched: the path that each is saved under, lists and scripts for the programs that people fetch with.

A browser is a poor downloader of many files, so nothing is bundled in a page: what stands beside it names every file,
may be stopped and run again, keeps files of one name apart by their folders, and verifies what it can.

May import: builders.{html, metadata, syntax}; ontologies.
"""
