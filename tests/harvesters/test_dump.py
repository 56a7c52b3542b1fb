"""The `dump` harvester: real records read as a curator would want, and rubbish refused in words."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panfair.harvesters import Context, Refused, dump, records
from panfair.harvesters.dump.files import read_dump
from panfair.ontologies.errors import HarvestError
from panfair.ontologies.record import Publication, canonical
from support.site_run import SiteRun, numbered


def _harvest(path: Path | str, **options):
    notes: list[str] = []
    asked = dump.Options(name="made-up", kind="dump", path=str(path), **options)
    context = Context(root=Path("/"), contact="data@example.org", extra_doi_prefixes=("00.0815",), note=notes.append)
    return list(dump.harvest(asked, context)), notes


def _publications(path: Path | str, **options) -> dict[str, Publication]:
    return {str(item.doi): item for item in _harvest(path, **options)[0] if isinstance(item, Publication)}


@pytest.fixture(scope="module")
def psi(shared: Path) -> dict[str, Publication]:
    return _publications(shared / "data/scicat/psi_publisheddata.json")


@pytest.fixture(scope="module")
def icat(shared: Path) -> dict[str, Publication]:
    return _publications(shared / "data/icat/icatdump-6.2.yaml", publisher="Made-up")


def test_all_149_publications_of_psi_are_read_and_open(psi):
    assert len(psi) == 149
    assert all(one.public and one.publication_date and one.publication_date < date(2026, 1, 1) for one in psi.values())


def test_control_characters_leave_their_words_whole(psi):
    one = psi["10.16907/05a50450-767f-421d-9832-342b57c201af"]
    assert "the effect of lossy compression" in one.abstract
    assert [agent.name for agent in one.creators] == ["Federica Marone", "Jakob Vogel", "Marco Stampanoni"]
    assert len(one.datasets) == 12
    assert all(dataset.identifier.scheme == "Handle" for dataset in one.datasets)
    assert one.url.startswith("https://doi2.psi.ch/")


def test_names_are_of_people_or_said_to_be_accounts(psi):
    for one in psi.values():
        for agent in one.creators:
            assert agent.kind == "account" or not {"_", "@", ";"} & set(agent.name), (one.doi, agent.name)
            assert agent.name.strip(" ,") == agent.name and "  " not in agent.name
            assert agent.name.casefold() not in {"al.", "et al.", "al"}
        names = [agent.name for agent in one.creators]
        assert len(names) == len(set(names)), one.doi


def test_what_was_typed_family_first_is_read_given_first(psi):
    names = {agent.name for one in psi.values() for agent in one.creators}
    assert {"Jörg Standfuss", "Joerg Standfuss"} & names
    assert "Karol Jan Nass" in names or "Karol Nass" in names
    assert "Standfuss Joerg" not in names and "Nass Karol Jan" not in names


def test_keywords_among_the_creators_are_keywords(psi):
    (one,) = (one for doi, one in psi.items() if doi.startswith("10.16907/e997adb7"))
    names = {agent.name for agent in one.creators}
    terms = {keyword.term for keyword in one.keywords}
    for word in ("Two-Phase Flow", "void fraction", "bubble parameters"):
        assert word not in names and word in terms


def test_related_publications_have_identifiers_or_words(psi):
    related = [work for one in psi.values() for work in one.related]
    assert len(related) > 70
    assert sum(work.identifier is not None for work in related) / len(related) > 0.9
    for work in related:
        assert work.identifier or len(work.citation) > 10
        assert not work.identifier or work.identifier.scheme in {"DOI", "URL", "arXiv", "Handle"}, work


def test_no_record_is_related_to_itself(psi):
    for one in psi.values():
        assert all(not work.identifier or work.identifier.value.casefold() != one.doi.key for work in one.related)


def test_sizes_are_the_catalogues(psi, shared):
    raws = {raw["doi"]: raw for raw in json.loads((shared / "data/scicat/psi_publisheddata.json").read_text())}
    for doi, one in psi.items():
        assert one.size_bytes == (raws[doi]["sizeOfArchive"] or None)


def test_the_operators_table_names_accounts(shared):
    found = _publications(shared / "data/scicat/psi_publisheddata.json", people={"slspearl": "Given Family"})
    assert any(agent.name == "Given Family" for one in found.values() for agent in one.creators)


def test_the_seed_comes_with_datasets_files_techniques_and_parameters(shared):
    found = _publications(shared / "data/scicat")
    one = found["10.9999/desy_pub1"]
    assert one.more_creators
    assert [technique.iri for technique in one.datasets[0].techniques] == [
        "http://purl.org/pan-science/PaNET/PaNET01168"
    ]
    assert one.datasets[0].techniques[0].said == "serial femtosecond crystallography"
    assert [(p.name, p.value, p.unit) for p in one.datasets[0].parameters] == [("beamEnergy", 9.3, "keV")]
    assert one.creators[0].orcid == "0000-0001-8676-0091"
    assert any(dataset.files for other in found.values() for dataset in other.datasets)


def test_no_e_mail_address_enters_a_record(shared):
    for folder in ("data/scicat", "data/icat/icatdump-6.2.yaml"):
        for one in _publications(shared / folder, publisher="Made-up").values():
            assert "@" not in one.model_dump_json()


def test_an_input_is_open_only_when_scicat_says_so(shared):
    one = _publications(shared / "data/scicat")["10.9999/soleil_pub1"]
    links = [link for dataset in one.datasets for link in dataset.inputs]
    assert links and all(link.public for link in links)


# ---- ICAT


def test_sessions_without_a_release_date_have_no_opening_day(icat):
    sessions = [one for one in icat.values() if one.kind == "session"]
    assert len(sessions) == 3
    assert all(one.release_date is None and one.publication_date is None for one in sessions)


def test_a_data_publication_has_its_people_dates_funding_and_related_works(icat):
    one = icat["00.0815/pub-00027"]
    assert [agent.name for agent in one.creators] == ["Nicolas Bourbaki"]
    assert [place.name for place in one.creators[0].affiliations] == ["Université de Nancy", "University of Chicago"]
    assert one.creators[0].affiliations[1].ror == "024mw5h28"
    assert one.publication_date == date(2022, 10, 31)  # ICAT keeps Berlin's midnight as 23:00 of the day before
    assert one.funding[0].funder_id.value == "10.13039/100005376"
    assert one.related[0].identifier.scheme == "URL" and one.related[0].relation == "References"
    assert {keyword.term for keyword in one.keywords} >= {"OEIS", "integer sequence"}
    assert [dataset.name for dataset in one.datasets] == ["pub-00027"] and one.datasets[0].complete


def test_a_dataset_is_complete_only_when_icat_says_so(icat):
    assert not any(dataset.complete for dataset in icat["00.0815/inv-00122"].datasets)


def test_units_that_mean_none_are_none(icat):
    units = {p.unit for one in icat.values() for dataset in one.datasets for p in dataset.parameters}
    units |= {p.unit for one in icat.values() for p in one.parameters}
    assert None in units and "N/A" not in units


def test_lineage_comes_from_jobs_and_related_files(icat):
    made = [dataset for one in icat.values() for dataset in one.datasets if dataset.inputs]
    assert made
    assert any("gnomoanalytics" in program for dataset in made for program in dataset.software)


def test_a_checksum_is_of_what_the_source_says_only_if_its_digits_can_be(shared):
    dump, files = shared / "data/icat/icatdump-6.2.yaml", {}
    for algorithm in ("Adler-32", "SHA-256"):
        told = {"checksum_algorithm": algorithm, "file_url": "https://files.example.org/open/{name}"}
        found, notes = _harvest(dump, publisher="Made-up", **told)
        files[algorithm] = [
            file for one in found if isinstance(one, Publication) for part in one.datasets for file in part.files
        ]
        assert any("cannot be SHA-256" in note for note in notes) is (algorithm == "SHA-256")
    assert {file.checksum_algorithm for file in files["Adler-32"] if file.checksum} == {"Adler-32"}
    assert {file.checksum_algorithm for file in files["SHA-256"]} == {None}
    assert {file.url for file in files["SHA-256"]} >= {"https://files.example.org/open/e208339.nxs"}


def test_yaml_and_xml_of_one_dump_are_the_same_records(shared):
    folder = shared / "data/icat"
    assert _harvest(folder / "icatdump-6.2.yaml") == _harvest(folder / "icatdump-6.2.xml")
    assert _harvest(folder / "icatdump-simple.yaml") == _harvest(folder / "icatdump-simple.xml")


# ---- rubbish


_RECORD = {
    "doi": "10.5072/one", "title": "Made-up", "creator": ["Ana Exemplar"], "publisher": "Example",
    "status": "registered", "publicationYear": 2024, "registeredTime": "2024-01-01T00:00:00Z", "pidArray": [],
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"doi": None}, "it has no DOI"),
        ({"doi": "not a doi"}, "not"),
        ({"title": " \n"}, "it has no title"),
        ({"registeredTime": "yesterday"}, "its registeredTime is not a date that can be read"),
        ({"publisher": ""}, "it has no publisher"),
    ],
)
def test_what_cannot_be_published_is_one_refusal_with_its_reason(tmp_path, changes, reason):
    path = tmp_path / "PublishedData.json"
    path.write_text(json.dumps([{**_RECORD, **changes}, {**_RECORD, "doi": "10.5072/two"}]))
    found, _notes = _harvest(path)
    refused = [item for item in found if isinstance(item, Refused)]
    assert len(refused) == 1 and reason in refused[0].reason
    assert len(found) == 2


def test_a_doi_that_is_closed_in_one_of_its_two_records_is_closed(tmp_path):
    one, other = _RECORD, {**_RECORD, "doi": "10.5072/ONE", "status": "private"}
    for number, both in enumerate(([one, other], [other, one])):
        run = SiteRun(tmp_path / str(number))
        settings = run.path.read_text().replace('"records"', '"dump"').replace("made-up.jsonl", "a.json")
        run.path.write_text(settings)
        (run.folder / "a.json").write_text(json.dumps(both))
        report = run.publish()
        assert report.released == 0 and "10.5072/one" in report.refused[0].lower()
        assert not list((run.output / "www").rglob("datacite.xml"))


def test_an_unknown_licence_is_kept_in_the_sources_words(tmp_path):
    path = tmp_path / "a.json"
    path.write_text(json.dumps([_RECORD]))
    (one,) = _publications(path, licence="Ask Ana first").values()
    assert one.rights[0].said == "Ask Ana first" and one.rights[0].spdx is None


def test_mongodbs_extended_json_is_undone(tmp_path):
    path = tmp_path / "a.json"
    raw = {**_RECORD, "registeredTime": {"$date": {"$numberLong": "1704067200000"}}, "_id": {"$oid": "65"}}
    raw["sizeOfArchive"] = {"$numberLong": "123456789012345"}
    path.write_text(json.dumps(raw) + "\n" + json.dumps({**raw, "doi": "10.5072/two"}) + "\n")
    one, two = _publications(path).values()
    assert one.publication_date == date(2024, 1, 1) and two.size_bytes == 123456789012345


@pytest.mark.parametrize("name", ["scicat/PublishedData.json", "icat/icatdump-simple.yaml", "icat/icatdump-simple.xml"])
@given(data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_dump_that_ends_in_the_middle_is_said_to(name, tmp_path_factory, shared, data):
    whole = (shared / "data" / name).read_bytes()
    path = tmp_path_factory.mktemp("cut") / Path(name).name
    path.write_bytes(whole[: data.draw(st.integers(0, len(whole) - 1))])
    try:
        found, _notes = _harvest(path)
    except HarvestError as error:
        assert path.name in str(error)
    else:
        assert all(isinstance(item, Publication | Refused) for item in found)
        assert name.endswith("yaml") or len(found) == len(_harvest(shared / "data" / name)[0])


@pytest.mark.parametrize(
    "body", [b"", b"hello", b"[]", b"{}", b"[1, 2]", b"<html></html>", b"- a\n- b", b"\x00\xff", b"a: [1", b"{'a': 1}"]
)
def test_a_file_that_is_no_dump_is_said_to_be_none(tmp_path, body):
    path = tmp_path / "file.json"
    path.write_bytes(body)
    with pytest.raises(HarvestError, match=r"^made-up: "):
        _harvest(path)


def test_what_is_no_record_in_a_list_of_records_is_reported_by_its_place(tmp_path):
    path = tmp_path / "published.json"
    path.write_text('[{"doi": "10.99999/a", "title": "A"}, 7, null, "text", []]')
    found, _notes = _harvest(path)
    assert [item.key for item in found if isinstance(item, Refused)][:4] == [
        f"published.json, entry {place}" for place in (2, 3, 4, 5)
    ]


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(HarvestError, match="no such file"):
        _harvest(tmp_path / "none.json")


def test_an_xml_file_cannot_read_other_files(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("qzsecret")
    path = tmp_path / "a.xml"
    path.write_text(
        f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]><icatdata><data><facility id="F"><name>&e;</name>'
        '</facility><investigation id="I"><doi>10.5072/i</doi><facility ref="F"/><title>&e;</title>'
        "<startDate>2020-01-01T00:00:00Z</startDate></investigation></data></icatdata>"
    )
    found, _notes = _harvest(path, publisher="P")
    assert "qzsecret" not in repr(found)


_scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
_names = st.sampled_from([*_RECORD, "$date", "x"])
_json = st.recursive(
    _scalars | st.text(max_size=20) | st.just({"$date": "2020"}),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_names, inner, max_size=4),
    max_leaves=12,
)
_FIELDS = ["abstract", "sizeOfArchive", "numberOfFiles", "relatedPublications", "metadata", "createdAt"]
_odd = st.dictionaries(st.sampled_from([*_RECORD, *_FIELDS]), _json)


@given(st.lists(_odd, min_size=1, max_size=3))
@settings(max_examples=80, deadline=None)
def test_odd_values_give_a_record_or_a_refusal_and_never_a_crash(tmp_path_factory, changes):
    path = tmp_path_factory.mktemp("odd") / "a.json"
    path.write_text(json.dumps([{**_RECORD, **one} for one in changes]))
    found, _notes = _harvest(path)
    assert len(found) == len(changes)
    assert all(isinstance(item, Publication | Refused) for item in found)


@pytest.mark.parametrize("value", ['!!int ""', "!!bool zz", "!!timestamp zz", "!!float zz"])
def test_a_value_that_is_not_what_its_tag_says_is_an_error_with_the_files_name(tmp_path, value):
    path = tmp_path / "made-up.yaml"
    path.write_text(f"investigation:\n  one:\n    title: {value}\n")
    with pytest.raises(HarvestError, match=r"made-up\.yaml: not readable as YAML"):
        read_dump(path, "made-up")


@pytest.mark.parametrize("levels", [300, 900])
def test_a_line_that_is_nested_without_end_is_refused_and_the_next_is_read(tmp_path, levels):
    deep = b'{"source_id": "deep", "title": ' + b"[" * levels + b"]" * levels + b"}"
    (tmp_path / "a.jsonl").write_bytes(deep + b"\n" + canonical(numbered(1)) + b"\n")
    found = list(
        records.harvest(records.Options(name="s", kind="records", path="a.jsonl"), Context(tmp_path, "a@b.org"))
    )
    assert isinstance(found[0], Refused) and found[0].key == "deep" and found[1].doi == numbered(1).doi
