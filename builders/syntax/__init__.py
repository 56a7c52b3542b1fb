"""XML and RDF, written."""
