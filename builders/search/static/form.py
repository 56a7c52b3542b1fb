"""Where the files of the static search stand, and in which form."""

FORM = 5
"""Raised whenever the same documents give other files than before, so that they get another name."""
FOLDER = "search/data"
MANIFEST = f"{FOLDER}/manifest.json"
