"""The words of every page: Jinja2 templates and the files that pages link to; no code."""
