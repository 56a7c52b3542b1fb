"""What stands in output/, looked at; and what its records lack."""
