"""What catalogues write, read into the record."""
