"""What the PaNOSC search API answers from."""
