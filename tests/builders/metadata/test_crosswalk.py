"""Tests of the crosswalk: what formats share is decided once, and decided right."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panfair.builders.addresses import dataset_folder, dataset_folders, web_address
from panfair.builders.metadata.crosswalk import MOST_ITEMS, describe, typed_links
from panfair.builders.metadata.format import all_formats, formats_of
from panfair.builders.metadata.terms import media_type_of
from panfair.ontologies.identifiers import Identifier, Orcid, Ror
from panfair.ontologies.record import Affiliation, Agent, File, Related, Rights, Sample
from support.format_cases import releases
from support.records import PORTAL, a_dataset, a_publication, released
from support.strategies import lines


@given(st.text())
@settings(max_examples=200)
def test_a_web_address_is_plain_ascii_or_nothing(text):
    for candidate in (text, "https://example.org/" + text, "https://" + text):
        address = web_address(candidate)
        if address is not None:
            assert address.isascii() and address.startswith(("http://", "https://"))
            assert not set(address) & set(" \"<>\\^`{|}'\n\r\t")
            assert web_address(address) == address


def test_addresses_that_run_scripts_or_hide_their_host_are_none():
    for text in (
        "javascript:alert(1)",
        "data:text/html,x",
        "//example.org/a",
        "https://",
        "https://good@evil.example/",
    ):
        assert web_address(text) is None


@given(st.lists(st.one_of(lines, st.sampled_from(["Scan 1", "scan-1", "日本"])), max_size=8))
@settings(max_examples=100)
def test_each_dataset_has_a_folder_of_its_own_whatever_the_order(names):
    datasets = tuple(a_dataset(id=f"id {n}", name=name) for n, name in enumerate(names))
    publication = a_publication(datasets=datasets)
    folders = dataset_folders(publication)
    assert len(set(folders)) == len(names)
    assert all(folder and set(folder) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") for folder in folders)
    backwards = a_publication(datasets=datasets[::-1])
    assert [dataset_folder(dataset, backwards) for dataset in datasets] == folders


def test_a_folder_that_looks_like_anothers_digest_is_not_shared():
    one, two = a_dataset(id="1", name="scan"), a_dataset(id="2", name="scan")
    taken = dataset_folders(a_publication(datasets=(one, two)))[0]
    third = a_dataset(id="3", name=taken)
    assert len(set(dataset_folders(a_publication(datasets=(one, two, third))))) == 3


def test_one_orcid_under_two_names_does_not_make_one_person():
    orcid = Orcid.parse("0000-0002-1825-0097")
    twins = (Agent(name="Testa Madeup", orcid=orcid), Agent(name="Quite Another", orcid=orcid))
    d = describe(released(a_publication(creators=twins)), PORTAL)
    assert d.creators[0].iri == orcid.url
    assert d.creators[1].iri.startswith(d.landing)


def test_one_person_as_creator_and_contributor_is_one():
    person = Agent(name="Testa Madeup", orcid=Orcid.parse("0000-0002-1825-0097"))
    d = describe(released(a_publication(creators=(person,), contributors=(person,))), PORTAL)
    assert d.creators[0].iri == d.contributors[0].iri == "https://orcid.org/0000-0002-1825-0097"


def test_two_people_of_one_name_stay_two():
    d = describe(released(a_publication(creators=(Agent(name="A. Madeup"), Agent(name="A. Madeup")))), PORTAL)
    assert d.creators[0].iri != d.creators[1].iri


def test_one_ror_id_under_two_spellings_is_one_organisation():
    ror = Ror.parse("02550n020")
    people = tuple(
        Agent(name=n, affiliations=(Affiliation(name=a, ror=ror),)) for n, a in (("A", "Example U"), ("B", "U of Ex."))
    )
    d = describe(released(a_publication(creators=people)), PORTAL)
    assert d.creators[0].bodies == d.creators[1].bodies


def test_an_unknown_licence_has_no_address():
    d = describe(released(a_publication(rights=(Rights(said="ask Bob"),))), PORTAL)
    assert [(one.name, one.iri) for one in d.licences] == [("ask Bob", None)]


def test_an_spdx_licence_without_address_gets_spdxs():
    d = describe(released(a_publication(rights=(Rights(said="cc0", spdx="CC0-1.0"),))), PORTAL)
    assert d.licences[0].iri == "https://spdx.org/licenses/CC0-1.0"


def test_a_long_abstract_is_cut_at_a_word():
    long = describe(released(a_publication(abstract="word " * 3000)), PORTAL).summary
    assert long is not None and 4000 < len(long) <= 5000 and long.endswith("word …")


def test_a_sum_with_a_gap_is_not_given_as_the_size():
    parts = (a_dataset(id="1", size_bytes=5), a_dataset(id="2", size_bytes=None, files=()))
    assert describe(released(a_publication(datasets=parts)), PORTAL).size_bytes is None


def test_sums_count_files_that_stand_without_a_dataset():
    loose = tuple(File(name=f"{n}.h5", size_bytes=10) for n in range(3))
    parts = (a_dataset(size_bytes=5, file_count=1),)
    d = describe(released(a_publication(datasets=parts, files=loose)), PORTAL)
    assert (d.size_bytes, d.file_count) == (35, 4)
    unsized = describe(released(a_publication(datasets=parts, files=(File(name="a.h5"),))), PORTAL)
    assert (unsized.size_bytes, unsized.file_count) == (None, 2)
    told = describe(released(a_publication(datasets=parts, files=loose, size_bytes=7, file_count=2)), PORTAL)
    assert (told.size_bytes, told.file_count) == (7, 2)


def test_samples_of_one_name_are_two_only_where_something_tells_them_apart():
    plain, iron, copper = Sample(name="S1"), Sample(name="S1", formula="Fe"), Sample(name="S1", formula="Cu")
    parts = tuple(a_dataset(id=str(n), samples=(one,)) for n, one in enumerate((plain, iron, copper, plain)))
    d = describe(released(a_publication(samples=(), datasets=parts)), PORTAL)
    first, second = (material.iri for material in d.materials)
    assert [[material.iri for material in part.materials] for part in d.parts] == [[first], [first], [second], [first]]
    local = tuple(Sample(name="S1", identifier=Identifier(scheme="local", value=v)) for v in ("7", "8"))
    assert len(describe(released(a_publication(samples=local, datasets=())), PORTAL).materials) == 2


@pytest.mark.parametrize("said", [("DOI", "10.99999/example-1"), ("URL", "https://dx.doi.org/10.99999/EXAMPLE-1")])
def test_a_relation_to_the_publication_itself_is_in_no_format(said):
    scheme, value = said
    itself = Related(
        relation="IsVariantFormOf",
        identifier=Identifier(scheme=scheme, value=value),
        citation="A second name",
        kind="JournalArticle",
    )
    other = Related(relation="Cites", identifier=Identifier(scheme="DOI", value="10.99999/example-12"))
    one = released(a_publication(related=(itself, other)))
    assert [work.related for work in describe(one, PORTAL).works] == [other]
    for form in all_formats():
        assert b"A second name" not in form.render(one, PORTAL), form.file


@pytest.mark.parametrize(
    ("name", "said", "kind"),
    [
        ("a.json", 'application/json;charset="utf-8"', "application/json"),
        ("a.bin", "Text/Plain; charset=utf-8", "text/plain"),
        ("a.svg", "image/svg+xml", "image/svg+xml"),
        ("a.csv", "text/a>b", "text/csv"),
        ("a.csv", "text/", "text/csv"),
        ("a.csv", "text/csv/x", "text/csv"),
        ("a.csv", "text/" + "x" * 200, "text/csv"),
        ("a.bin", "text/a#b", None),
        ("a.nxs", "application/x-nexus", "application/x-hdf5"),
    ],
)
def test_a_media_type_is_the_bare_type_and_nothing_that_cannot_stand_in_an_iri(name, said, kind):
    assert media_type_of(name, said) == kind


def test_typed_links_are_the_signposts_of_the_profile():
    part_of = Related(relation="IsPartOf", identifier=Identifier(scheme="DOI", value="10.99999/all"))
    one = released(a_publication(related=(part_of,)))
    links = typed_links(one, PORTAL)
    by_rel: dict[str, list[str]] = {}
    for link in links:
        by_rel.setdefault(link.rel, []).append(link.href)
    landing = "https://data.example.org/doi/10.99999/example-1/"
    assert by_rel["cite-as"] == ["https://doi.org/10.99999/EXAMPLE-1"]
    assert by_rel["type"] == ["https://schema.org/AboutPage", "https://schema.org/Dataset"]
    assert by_rel["license"] == ["https://creativecommons.org/licenses/by/4.0/"]
    assert by_rel["author"] == ["https://orcid.org/0000-0002-1825-0097"]
    assert by_rel["describedby"] == [
        landing + form.file for form in formats_of(describe(one, PORTAL)) if form.describes
    ]
    assert by_rel["item"] == ["https://data.example.org/files/scan_0001.h5"]
    assert by_rel["collection"] == ["https://doi.org/10.99999/all"]
    assert by_rel["linkset"] == [landing + "linkset.json"]
    assert all(link.type for link in links if link.rel in {"describedby", "linkset"})


def test_a_page_links_the_first_files_only():
    files = tuple(File(name=f"{n}.h5", url=f"https://data.example.org/{n}.h5") for n in range(900))
    links = typed_links(released(a_publication(files=files, datasets=())), PORTAL)
    assert sum(link.rel == "item" for link in links) == MOST_ITEMS


@given(releases)
@settings(max_examples=60)
def test_no_link_has_a_character_that_breaks_a_header(one):
    links = typed_links(one, PORTAL)
    assert len(links) == len(set(links))
    for link in links:
        assert link.href.isascii() and link.href.startswith(("http://", "https://"))
        assert not set(link.href) & set("<>\"' ,;\n")


def test_one_record_is_described_once_and_never_taken_for_another():
    one, other = released(), released(a_publication(title="Another title"))
    assert describe(one, PORTAL) is describe(one, PORTAL)
    assert describe(other, PORTAL).publication.title == "Another title"
    assert describe(one, PORTAL).publication.title == one.publication.title
    elsewhere = replace(PORTAL, base_url="https://elsewhere.example.org")
    assert describe(one, elsewhere).landing.startswith("https://elsewhere.example.org/")
