"""The catalogue as a whole, for machines."""
