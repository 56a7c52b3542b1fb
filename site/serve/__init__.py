"""The public server."""
