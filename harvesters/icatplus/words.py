"""ICAT+'s own names for the fields of the record, as refusals tell them."""

WORDS = {
    "source_id": "id", "title": "title", "publication_year": "releaseDate", "release_date": "releaseDate",
    "Dataset.id": "Dataset.id", "File.name": "Datafile.name", "File.size_bytes": "Datafile.fileSize",
    "Parameter.value": "parameters.value", "Agent.name": "investigationUsers.user.fullName",
}  # fmt: skip
