"""Catalogues and OAI-PMH, imitated over HTTP or served."""
