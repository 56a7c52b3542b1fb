"""What formats share of a publication."""
