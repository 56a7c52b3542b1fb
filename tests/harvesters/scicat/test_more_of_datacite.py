"""What SciCat v4 keeps in DataCite's words beside the usual: sizes, related items, other identifiers."""

import json

from panfair.harvesters import Context, dump
from panfair.ontologies.record import Publication
from support.scicat import published


def _read(folder, **metadata) -> Publication:
    (folder / "PublishedData.json").write_text(json.dumps([published(1, metadata=metadata)]))
    options = dump.Options(name="made-up", kind="dump", path="PublishedData.json", publisher="EPS")
    (record,) = dump.harvest(options, Context(root=folder, contact="data@example.org"))
    assert isinstance(record, Publication), record
    return record


def test_sizes_related_items_and_other_identifiers_are_read(tmp_path):
    record = _read(
        tmp_path,
        sizes=["12 files", "1.5 GB"],
        relatedItems=[
            {
                "relatedItemType": "JournalArticle",
                "relationType": "IsSupplementTo",
                "titles": [{"title": "Foams"}],
                "relatedItemIdentifier": {"relatedItemIdentifier": "10.99999/p", "relatedItemIdentifierType": "DOI"},
            }
        ],
        alternateIdentifiers=[{"alternateIdentifier": "20.500.1/abc", "alternateIdentifierType": "Handle"}],
    )
    assert (record.file_count, record.size_bytes) == (12, 1_500_000_000)
    works = {(one.relation, one.identifier.value) for one in record.related if one.identifier}
    assert {("IsSupplementTo", "10.99999/p"), ("IsIdenticalTo", "20.500.1/abc")} <= works


def test_what_scicat_counts_itself_goes_before_words_of_sizes(tmp_path):
    (tmp_path / "PublishedData.json").write_text(
        json.dumps([published(1, numberOfFiles=3, sizeOfArchive=7, metadata={"sizes": ["12 files", "1 GB"]})])
    )
    options = dump.Options(name="made-up", kind="dump", path="PublishedData.json", publisher="EPS")
    (record,) = dump.harvest(options, Context(root=tmp_path, contact="data@example.org"))
    assert (record.file_count, record.size_bytes) == (3, 7)
