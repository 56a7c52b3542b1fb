"""What OAI-PMH answers from."""
