"""What is kept between runs, beside the settings and never below output/.

May import: site.{config, registrar}; builders; harvesters; ontologies.
"""
