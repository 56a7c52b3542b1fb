"""What the words mean: records, identifiers, units, techniques, and the gate. Imports nothing else of ours."""
