"""OAI-PMH, served."""
