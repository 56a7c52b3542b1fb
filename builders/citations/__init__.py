"""Citations in the styles of CSL."""
