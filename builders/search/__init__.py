"""The search: language, documents, index, static files, page."""
