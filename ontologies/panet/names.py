"""The names in PaNET that mean more to us than other terms: its namespace and the two tops of its trees."""

NAMESPACE = "http://purl.org/pan-science/PaNET/"
ROOT = NAMESPACE + "PaNET00001"
"""All techniques are below it."""
SPECIFIERS = NAMESPACE + "PaNET2000000"
"""What techniques are made of: probes, processes, functional dependences, purposes."""
