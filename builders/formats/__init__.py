"""The machine-readable forms of a publication: ONE FILE = ONE FORMAT (or a family that shares its mapping).

May import: builders.{citations, downloads, gallery, html, metadata, syntax, techniques}; ontologies.
"""

from panfair.builders.metadata.format import Format, OaiPrefix

__all__ = ["Format", "OaiPrefix"]
