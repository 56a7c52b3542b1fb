"""Versions of one work: found by any of their relations, listed with what changed, at the concept DOI's own address."""

import gzip
import json
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from rdflib import Dataset, Graph, URIRef

from panfair.builders.card import Card
from panfair.builders.oai.store import texts_in
from panfair.builders.pages.version_changes import Change, changes
from panfair.ontologies.identifiers import Doi, Identifier
from panfair.ontologies.record import Agent, Publication, Related
from panfair.site.check.output import check
from panfair.site.run.versions.families import Families, _ranks
from panfair.site.run.versions.relations import NEWER, OLDER, RELATIONS, named_by_others
from panfair.site.state.ledger import Edge, Ledger
from support.golden import check_golden
from support.page_checks import check_page, words
from support.records import TODAY, a_dataset, a_publication
from support.site_run import SiteRun, numbered
from support.strategies import publications

CONCEPT = Doi.parse("10.99999/EXAMPLE-ALL")


def _to(relation: str, doi: str) -> Related:
    return Related(relation=relation, identifier=Identifier(scheme="DOI", value=doi))


def _version(number: int, *related: Related, **changes) -> Publication:
    values = {"version": str(number), "related": related, "release_date": date(2026, 1, number)}
    return numbered(number, **{**values, **changes})


def _three(related=lambda number: [_to("IsVersionOf", str(CONCEPT))]) -> list[Publication]:
    people = tuple(Agent(name=f"Person {letter}") for letter in "ABC")
    return [
        _version(1, *related(1), title="Foam", creators=people[:2]),
        _version(2, *related(2), title="Foam, drained", creators=people[:2]),
        _version(3, *related(3), title="Foam, drained", creators=people[1:]),
    ]


@pytest.fixture
def site(tmp_path) -> SiteRun:
    return SiteRun(tmp_path / "site")


def _page(site: SiteRun, path: str) -> bytes:
    return (site.output / "www" / path / "index.html").read_bytes()


def test_a_concept_doi_without_a_page_gets_one_that_lists_all_versions(site):
    site.put(*_three(), numbered(9))
    site.publish()
    page = _page(site, f"doi/{CONCEPT.path}")
    said = words(check_page(page))
    assert "stands for all versions" in said and "From version 1 to version 2" in said
    assert [link.get("href") for link in html.fromstring(page).xpath("//tbody//td[1]/a")] == [
        numbered(number).doi.page for number in (3, 2, 1)
    ]
    check_golden("states/superseded/all-versions.html", page)
    assert (
        f"<loc>https://data.example.org{CONCEPT.page}</loc>".encode() in (site.output / "www/sitemap.xml").read_bytes()
    )
    assert list(check(site.config)) == []


def test_an_older_version_has_a_banner_and_all_have_the_list(site):
    site.put(*_three())
    site.publish()
    for number, banner in ((1, True), (2, True), (3, False)):
        tree = html.fromstring(_page(site, f"doi/10.99999/example-{number}"))
        banners = tree.xpath('//div[@class="banner superseded"]')
        assert bool(banners) is banner
        if banner:
            assert "10.99999/EXAMPLE-3" in banners[0].text_content()
            check_golden(f"states/superseded/banner-{number}.html", html.tostring(banners[0], encoding="utf-8"))
        (box,) = tree.xpath('//section[@aria-labelledby="versions"]')
        assert box.xpath(f'.//a[@href="{CONCEPT.page}"]') and "this page" in box.text_content()
        check_golden(f"states/superseded/box-{number}.html", html.tostring(box, encoding="utf-8"))


def test_a_relation_from_one_side_is_enough_and_the_page_then_stands_beside_the_newest(site):
    site.put(_version(1, version=None), _version(2, _to("IsNewVersionOf", "10.99999/EXAMPLE-1"), version=None))
    site.publish()
    assert b"A newer version exists" in _page(site, "doi/10.99999/example-1")
    assert (site.output / "www/doi/10.99999/example-2/versions.html").is_file()
    assert list(check(site.config)) == []
    # The newer one goes: nothing points to it any more.
    site.put(_version(1, version=None))
    site.publish(accept_shrink=True)
    assert b"A newer version exists" not in _page(site, "doi/10.99999/example-1")
    assert not (site.output / "www/doi/10.99999/example-2/versions.html").exists()


def test_a_new_version_renders_the_old_pages_anew_and_ends_as_a_fresh_site_does(tmp_path):
    grown, fresh = SiteRun(tmp_path / "grown"), SiteRun(tmp_path / "fresh")
    grown.put(*_three()[:2])
    grown.publish()
    grown.put(*_three())
    grown.publish()
    fresh.put(*_three())
    fresh.publish()
    pages = [path for path in fresh.files("www/doi") if path.endswith(".html")]
    assert pages == [path for path in grown.files("www/doi") if path.endswith(".html")]
    assert all(grown.files("www/doi")[path] == fresh.files("www/doi")[path] for path in pages)
    assert grown.publish().written == 0


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ('title = "Archive', "Archive of the Example Photon Source"),
        ('language = "de"\ntitle = "Open data', "Von Version 1"),
    ],
)
def test_the_page_of_all_versions_follows_the_site(site, line, shown):
    site.put(*_three())
    site.publish()
    told = site.path.read_text(encoding="utf-8")
    site.path.write_text(told.replace('title = "Open data', line), encoding="utf-8")
    site.publish()
    assert shown in words(check_page(_page(site, f"doi/{CONCEPT.path}")))


def test_a_concept_doi_with_a_page_of_its_own_keeps_it(site):
    concept = numbered(8, doi=CONCEPT, related=(_to("HasVersion", "10.99999/EXAMPLE-1"),))
    site.put(concept, *_three())
    site.publish()
    assert b"Drainage of foam number8" in _page(site, f"doi/{CONCEPT.path}")
    assert (site.output / "www/doi/10.99999/example-3/versions.html").is_file()
    # It is withdrawn: its tombstone takes its place, and not the list.
    site.put(*_three())
    site.publish(accept_shrink=True)
    assert b"withdrawn" in _page(site, f"doi/{CONCEPT.path}")


@pytest.mark.parametrize(
    "concept", ["10.55555/others-concept", "10.99999/example-1/index.html", "10.99999/example-1/x"]
)
def test_a_concept_doi_of_others_or_in_the_way_gets_no_page(site, concept):
    site.put(*_three(lambda number: [_to("IsVersionOf", concept)]))
    site.publish()
    assert (site.output / "www/doi/10.99999/example-3/versions.html").is_file()
    assert b"<h1" in _page(site, "doi/10.99999/example-1")
    assert list(check(site.config)) == []


def test_no_closed_version_is_named_or_compared(site):
    closed = _version(3, _to("IsVersionOf", str(CONCEPT)), _to("IsNewVersionOf", "10.99999/EXAMPLE-2"),
                      title="Vorpaltitle", release_date=TODAY + timedelta(days=9), publication_date=None)  # fmt: skip
    site.put(*_three()[:2], closed)
    site.publish()
    for path, body in site.files("www").items():
        assert b"vorpaltitle" not in body.lower(), path
    assert b"example-3" not in _page(site, f"doi/{CONCEPT.path}")
    assert b"A newer version" not in _page(site, "doi/10.99999/example-2")


def _told(site: SiteRun, number: int) -> dict[str, set[tuple[str, str]]]:
    """The relations of versions that each format tells of a record, and the ends of the addresses they lead to."""
    folder = site.output / f"www/doi/10.99999/example-{number}"
    xml = html.fromstring((folder / "datacite.xml").read_bytes())
    schema = json.loads((folder / "metadata.jsonld").read_text())
    graph = Graph().parse(folder / "dcat.ttl")
    work = URIRef(f"https://doi.org/10.99999/EXAMPLE-{number}")
    oai = dict(texts_in(site.output / "oai.sqlite"))[f"10.99999/example-{number} as datacite"]
    terms = {"exampleOfWork": schema, "workExample": schema, "isBasedOn": schema}
    found = {
        "xml": {(one.get("relationtype"), one.text) for one in xml.iter("relatedidentifier")},
        "oai": {(one.get("relationtype"), one.text) for one in html.fromstring(oai).iter("relatedidentifier")},
        "json": {(one["relationType"], one["relatedIdentifier"])
                 for one in json.loads((folder / "datacite.json").read_text())["relatedIdentifiers"]},
        "schema.org": {(term, one["@id"]) for term, place in terms.items() for one in _each(place.get(term))}
        | {(f"of {term}", one["@id"]) for term, ones in schema.get("@reverse", {}).items() for one in _each(ones)},
        "dcat": {(str(term).rpartition("/")[2], str(other)) for term, other in graph.predicate_objects(work)},
        "dump": {(str(term).rpartition("/")[2], str(other)) for term, other in _dump(site).predicate_objects(work)},
    }  # fmt: skip
    return {
        form: {(term, other.rpartition("-")[2]) for term, other in pairs if "EXAMPLE-" in other and other != str(work)}
        for form, pairs in found.items()
    }


def _each(value: object) -> list:
    return value if isinstance(value, list) else [] if value is None else [value]


def _dump(site: SiteRun) -> Dataset:
    quads = gzip.decompress((site.output / "www/dump/catalogue.nq.gz").read_bytes())
    return Dataset(default_union=True).parse(data=quads.decode(), format="nquads")


def test_what_only_the_newer_version_says_every_format_of_the_older_one_says_too(site):
    site.put(_version(1), _version(2, _to("IsNewVersionOf", "10.99999/EXAMPLE-1"), _to("IsVersionOf", str(CONCEPT))))
    site.publish()
    older, newer = _told(site, 1), _told(site, 2)
    assert older["xml"] == older["json"] == older["oai"] == {("IsPreviousVersionOf", "2"), ("IsVersionOf", "ALL")}
    assert newer["xml"] == newer["json"] == newer["oai"] == {("IsNewVersionOf", "1"), ("IsVersionOf", "ALL")}
    assert older["schema.org"] == {("of isBasedOn", "2"), ("exampleOfWork", "ALL")}
    assert older["dcat"] >= {("isReplacedBy", "2"), ("dcat#isVersionOf", "ALL")} and older["dcat"] <= older["dump"]
    assert list(check(site.config)) == []


def test_a_concept_with_a_record_of_its_own_names_every_version(site):
    concept = numbered(8, related=())
    of = _to("IsVersionOf", str(concept.doi))
    site.put(concept, _version(1), _version(2, _to("IsNewVersionOf", "10.99999/EXAMPLE-1"), of))
    site.publish()
    assert _told(site, 8)["json"] == {("HasVersion", "1"), ("HasVersion", "2")}
    assert _told(site, 1)["json"] == {("IsPreviousVersionOf", "2"), ("IsVersionOf", "8")}


def test_a_newer_version_and_nothing_else_of_it_moves_the_older_ones_datestamp(site):
    def dated() -> tuple[str, str, bool]:
        ledger = Ledger.open(site.config.state / "ledger.sqlite")
        row = ledger.row("10.99999/example-1")
        ledger.close()
        card = Card.from_json(row.card)
        assert card.changed == row.changed == row.datestamp[:10]
        return row.datestamp, row.changed, card.superseded

    newer = _version(2, _to("IsNewVersionOf", "10.99999/EXAMPLE-1"))
    site.put(_version(1))
    site.publish()
    first = dated()
    site.put(_version(1), newer)
    site.publish(TODAY + timedelta(days=1))
    second = dated()
    assert first < second and second[1:] == (str(TODAY + timedelta(days=1)), True)
    sitemap = (site.output / "www/sitemap.xml").read_bytes()
    assert sitemap.count(f"<lastmod>{second[1]}</lastmod>".encode()) == 2
    catalogue = (site.output / "www/catalog.ttl").read_text()
    assert catalogue.count(f'fdp-o:metadataModified "{second[1]}T00:00:00Z"') == 4, "of both layers and both records"
    assert catalogue.count('fdp-o:metadataIssued "2026-01-01T00:00:00Z"') == 3, "of both layers and the first record"
    # The newer one is told better, then a third one comes that says nothing of the first.
    site.put(_version(1), newer.model_copy(update={"title": "Foam, at last"}))
    site.publish(TODAY + timedelta(days=2))
    site.put(_version(1), newer, _version(3, _to("IsNewVersionOf", "10.99999/EXAMPLE-2")))
    site.publish(TODAY + timedelta(days=3))
    assert dated() == second
    # The older one is told better itself, and is still the older one in lists.
    better = _version(1, title="Foam, before it drained")
    site.put(better, newer)
    site.publish(TODAY + timedelta(days=3), accept_shrink=True)
    assert dated()[1:] == (str(TODAY + timedelta(days=3)), True)
    site.put(_version(1), newer)
    site.publish(TODAY + timedelta(days=3))
    # The newer one is closed again: the older one is the newest that is known.
    site.put(_version(1), newer.model_copy(update={"public": False}))
    site.publish(TODAY + timedelta(days=4), accept_shrink=True)
    assert dated()[1:] == (str(TODAY + timedelta(days=4)), False)
    assert set().union(*_told(site, 1).values()) == set()


_EDGES = st.builds(
    lambda key, relation, other: Edge(key, relation, other, f"10.99999/{other}"),
    st.sampled_from("abc"), st.sampled_from(sorted(RELATIONS)), st.sampled_from("abcd"),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(_EDGES))
def test_nothing_that_is_told_repeats_or_contradicts_what_a_record_says(edges):
    dois = {key: f"10.99999/{key}" for key in "abc"}
    told = named_by_others(edges, dois, "abc", ("d", "10.99999/d"))
    for key, relations in told.items():
        assert key in dois, "a record that is not open here"
        own = {(edge.relation in NEWER | OLDER, edge.other) for edge in edges if edge.key == key}
        for one in relations:
            other = one.identifier.value.rpartition("/")[2]
            assert other != key and (one.relation in NEWER | OLDER, other) not in own


def test_what_changed_is_told_field_by_field():
    old = a_publication(abstract="Foam.", datasets=(a_dataset(name="a"),))
    new = a_publication(abstract="Foams.", datasets=(a_dataset(name="a"), a_dataset(id="b", name="b")))
    told = {change.field: change for change in changes(old, new)}
    assert told["Abstract"] == Change("Abstract", "Foam.", "Foams.")
    assert told["Datasets"] == Change("Datasets", added=("b",))
    assert (told["Files"].before, told["Files"].after) == ("1 file", "2 files")
    long = "word " * 400
    assert [one.field for one in changes(a_publication(abstract=long), a_publication(abstract=long + "end"))] == [
        "Abstract"
    ]


@settings(max_examples=60, deadline=None)
@given(publications)
def test_a_record_does_not_differ_from_itself(publication):
    assert changes(publication, publication) == ()


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(["IsNewVersionOf", "IsPreviousVersionOf"]),
                          st.sampled_from("abcd"))))  # fmt: skip
def test_versions_in_a_circle_end_somewhere(edges):
    ranks = _ranks([Edge(key, relation, other, other) for key, relation, other in edges])
    assert all(0 <= rank <= 4 for rank in ranks.values())


def test_a_ledger_of_an_earlier_version_learns_of_versions(tmp_path):
    path = tmp_path / "ledger.sqlite"
    ledger = Ledger.open(path)
    ledger.connection.execute("DROP TABLE version")
    ledger.connection.execute("PRAGMA user_version = 1")
    ledger.close()
    again = Ledger.open(path)
    assert again.version_relations() == [] and Families(again).works == []
    again.close()
