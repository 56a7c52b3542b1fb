"""Tests of landing and dataset pages: what a reader is told, what machines are told, and what is never shown."""

import csv
import io
import json
import re
import shlex
from datetime import date
from xml.etree.ElementTree import Element

import pytest

from panfair.builders.card import card_of
from panfair.builders.html.renderer import Renderer
from panfair.builders.html.words import KIND_WORDS, RELATION_WORDS
from panfair.builders.metadata.crosswalk import describe, typed_links
from panfair.builders.metadata.format import formats_of
from panfair.builders.pages.landing import MOST_DATASETS, landing_pages
from panfair.builders.pages.related import related_groups, version_groups
from panfair.ontologies.identifiers import Doi, Identifier, Orcid, Ror
from panfair.ontologies.record import (
    Affiliation,
    Agent,
    DatasetLink,
    File,
    OtherDate,
    Parameter,
    Publication,
    Related,
    Rights,
    Sample,
)
from support.page_checks import check_page, words
from support.records import PORTAL, a_dataset, a_publication, released
from support.small_site import a_bare_publication, a_big_publication, a_rich_publication

_RENDERER = Renderer(PORTAL)


def _files(publication: Publication) -> dict[str, bytes]:
    return {artifact.path: artifact.body for artifact in landing_pages(released(publication), _RENDERER)}


def _landing(publication: Publication) -> Element:
    return check_page(_files(publication)[f"doi/{publication.doi.path}/index.html"])


def _text(**changes: object) -> str:
    return words(_landing(a_publication(**changes)))


def _links(tree: Element) -> dict[str, str]:
    """Words to address, of all links."""
    return {" ".join("".join(link.itertext()).split()): link.get("href") or "" for link in tree.iter("a")}


def _metas(tree: Element, name: str) -> list[str]:
    return [meta.get("content") or "" for meta in tree.iter("meta") if meta.get("name") == name]


def test_a_landing_page_answers_a_readers_questions_in_their_order():
    text = words(_landing(a_rich_publication()))
    order = [
        "Home", "EX01 – Fast imaging", "Open", "Experiment session", "version 2", "open since 1 June 2026",
        "measured 2 to 4 May 2024", "How a silica foam drains", "Testa Madeup", "Instrument", "Technique", "Proposal",
        "Download", "Cite", "Metadata", "Abstract", "Keywords",
        "Measurement parameters", "Sample", "4 datasets", "Files and download", "Related works", "Contributors",
        "Funding", "Cite", "Licence", "Details", "Versions", "Metadata", "Report a problem",
    ]  # fmt: skip
    place = 0
    for word in order:
        place = text.find(word, place)
        assert place >= 0, word


def test_a_bare_record_has_no_empty_corner():
    tree = _landing(a_bare_publication())
    text = words(tree)
    headings = [" ".join("".join(h.itertext()).split()) for h in next(tree.iter("main")).iter("h2")]
    assert headings == ["Cite", "Licence", "Details", "Metadata"]
    assert "The catalogue states no licence." in text
    assert "Abstract" not in text and "Download" not in text


def test_dates_are_in_words():
    text = _text(release_date=date(2020, 9, 9), publication_date=date(2020, 9, 1), publication_year=2020)
    assert "Open since 9 September 2020" in text
    assert "Registered 1 September 2020" in text


def test_other_dates_carry_their_meaning():
    dates = (
        OtherDate(kind="Submitted", day=date(2019, 1, 31)),
        OtherDate(kind="Other", day=date(2019, 2, 1), note="Sample exchanged"),
    )
    text = _text(other_dates=dates)
    assert "Submitted 31 January 2019" in text
    assert "Sample exchanged 1 February 2019" in text


def test_sizes_are_in_words_and_exact_on_hovering():
    tree = _landing(a_publication(datasets=(a_dataset(size_bytes=23_312_456_789),)))
    (cell,) = [cell for cell in tree.iter("td") if words(cell) == "23.3 GB"]
    assert cell.get("title") == "23\u202f312\u202f456\u202f789 bytes"


def test_how_much_there_is_to_download_is_said_once():
    text = _text(url="https://archive.example.org/9", datasets=(a_dataset(file_count=1, size_bytes=1_234_567),))
    assert "The files are kept by archive.example.org." in text
    assert text.count("1 file, 1.2 MB") == 1


def test_what_there_is_to_download_counts_files_that_stand_without_a_dataset():
    loose = tuple(File(name=f"{n}.h5", size_bytes=1_000_000) for n in range(3))
    publication = a_publication(files=loose, datasets=(a_dataset(file_count=1, size_bytes=2_000_000),))
    assert "4 files, 5 MB" in words(_landing(publication))
    card = card_of(released(publication), "2026-11-24", ())
    assert (card.files, card.size_bytes) == (4, 5_000_000)


def test_the_micro_sign_is_written_where_a_catalogue_could_not():
    dataset = a_dataset(parameters=(Parameter(name="pixel size", value=11.0, unit="um"),))
    assert "11 µm" in _text(datasets=(dataset,))
    assert b'"um"' in _files(a_publication(datasets=(dataset,)))["doi/10.99999/example-1/index.html"]  # its own word


def test_an_identifier_that_leads_nowhere_stands_on_the_page_of_its_dataset_only():
    dataset = a_dataset(identifier=Identifier(scheme="local", value="PID.EXAMPLE/17"))
    files = _files(a_publication(datasets=(dataset,)))
    page, own = (files[f"doi/10.99999/example-1/{path}index.html"] for path in ("", "datasets/scan-0001/"))
    assert "PID.EXAMPLE/17" not in words(check_page(page)) and "PID.EXAMPLE/17" in words(check_page(own))


def test_a_person_is_linked_to_their_page_and_to_orcid():
    links = _landing(a_publication()).iter("a")
    named = {link.get("href"): link.get("aria-label") for link in links}
    assert named["https://orcid.org/0000-0002-1825-0097"] == "ORCID iD of Testa Madeup"
    assert "/people/0000-0002-1825-0097/" in named


def test_an_account_is_shown_as_one():
    assert "(account name; the catalogue gives no other)" in _text(creators=(Agent(name="e12345", kind="account"),))


def test_many_people_are_folded_and_a_cut_list_says_so():
    tree = _landing(a_big_publication().model_copy(update={"more_creators": True}))
    (folded,) = [part for part in tree.iter("details") if part.get("class") == "more"]
    assert words(folded).startswith("and 16 more Person Number8")
    assert words(folded).endswith("Person Number23 et al.")


def test_affiliations_are_numbered_when_they_differ_and_not_when_one_holds_for_all():
    one, two = Affiliation(name="Here", ror=Ror.parse("02550n020")), Affiliation(name="There")
    text = _text(creators=(Agent(name="A B", affiliations=(one, two)), Agent(name="C D", affiliations=(two,))))
    assert "A B 1, 2" in text and "C D 2" in text and "1 Here 2 There" in text
    text = _text(creators=(Agent(name="A B", affiliations=(one,)), Agent(name="C D", affiliations=(one,))))
    assert "A B C D Here" in text


@pytest.mark.parametrize(
    ("rights", "said"),
    [
        (Rights(said="CC-BY-4.0", spdx="CC-BY-4.0", name="Creative Commons Attribution 4.0"), "also commercially"),
        (Rights(said="CC BY-NC-SA", spdx="CC-BY-NC-SA-4.0"), "not commercial, as long as you cite them and pass on"),
        (Rights(said="cc0", spdx="CC0-1.0"), "Use the data for anything"),
        (Rights(said="see policy"), "ask before you reuse the data"),
    ],
)
def test_a_licence_is_explained_in_plain_words(rights, said):
    assert said in _text(rights=(rights,))


def test_the_sources_own_words_stand_beside_a_licence_that_was_told_from_them():
    rights = Rights(said="Free for all, mention us", spdx="CC-BY-4.0", name="Creative Commons Attribution 4.0")
    assert "Free for all, mention us" in _text(rights=(rights,))


@pytest.mark.parametrize("relation", ["References", "IsPreviousVersionOf", "IsVariantFormOf"])
@pytest.mark.parametrize("scheme", ["DOI", "URL"])
def test_a_publication_is_no_related_work_of_itself_and_never_its_own_newer_version(relation, scheme):
    value = "10.99999/EXAMPLE-1" if scheme == "DOI" else "https://doi.org/10.99999/EXAMPLE-1"
    itself = Related(relation=relation, identifier=Identifier(scheme=scheme, value=value), title="Vorpal")
    publication = a_publication(related=(itself,), doi=Doi.parse("10.99999/example-1"))
    assert publication.superseded_by is None
    assert related_groups(publication) == version_groups(publication) == ()


def test_related_works_are_grouped_in_words_and_linked_where_they_are_cited():
    related = (
        Related(
            relation="IsSupplementTo",
            identifier=Identifier(scheme="DOI", value="10.99999/p"),
            citation="A. Author, Journal 1 (2020), https://doi.org/10.99999/P, in print",
        ),
        Related(relation="Cites", citation="A book without an identifier"),
        Related(relation="Cites", identifier=Identifier(scheme="URL", value="javascript:alert(1)"), title="Trap"),
        Related(relation="IsPartOf"),
    )
    tree = _landing(a_publication(related=related))
    text = words(tree)
    assert "Is supplement to A. Author, Journal 1 (2020), https://doi.org/10.99999/P , in print" in text
    assert _links(tree)["https://doi.org/10.99999/P"] == "https://doi.org/10.99999/p"
    assert "Cites A book without an identifier" in text
    assert "Is part of" not in text
    assert not any(address.startswith("javascript") for address in _links(tree).values())


def test_every_relation_and_kind_has_words():
    assert set(RELATION_WORDS) == set(Related.model_fields["relation"].annotation.__args__)
    assert set(KIND_WORDS) == set(Publication.model_fields["kind"].annotation.__args__)


def test_a_superseded_publication_says_so_first():
    tree = _landing(a_big_publication())
    text = words(next(tree.iter("main")))
    assert text.index("A newer version exists. Please use 10.99999/EXAMPLE-1") < text.index("many datasets")


def test_a_handle_leads_to_its_resolver():
    handle = Identifier(scheme="Handle", value="20.500.11935/5148")
    tree = _landing(a_publication(datasets=(a_dataset(name="20.500.11935/5148", identifier=handle),)))
    bare = a_dataset(
        id="b", name="20.500.11935/5149", identifier=Identifier(scheme="Handle", value="20.500.11935/5149")
    )
    bare = bare.model_copy(
        update={
            "description": None,
            "start": None,
            "end": None,
            "samples": (),
            "techniques": (),
            "parameters": (),
            "files": (),
        }
        | {"size_bytes": None, "inputs": ()}
    )
    assert "https://hdl.handle.net/20.500.11935/5149" in _links(_landing(a_publication(datasets=(bare,)))).values()
    assert _links(tree)["20.500.11935/5148"] == "/doi/10.99999/example-1/datasets/20-500-11935-5148/"


def test_only_described_datasets_have_pages():
    bare = {"description": None, "start": None, "end": None, "samples": (), "techniques": (), "parameters": ()}
    silent = a_dataset(id="silent", name="silent").model_copy(update=bare | {"files": (), "size_bytes": None})
    files = _files(a_publication(datasets=(a_dataset(), silent)))
    folder = "doi/10.99999/example-1/datasets/scan-0001/"
    assert [path for path in files if "/datasets/" in path] == [f"{folder}index.html", f"{folder}viewer.json"]


def test_many_datasets_are_listed_on_pages_of_their_own():
    publication = a_publication(datasets=tuple(a_dataset(id=f"d{n}", name=f"scan {n}") for n in range(472)))
    files = _files(publication)
    folder = "doi/10.99999/example-1/"
    rows = len(list(check_page(files[folder + "index.html"]).iter("tr")))
    assert rows < 40
    names: list[str] = []
    for number in range(1, 11):
        page = check_page(files[f"{folder}datasets/{f'page-{number}/' if number > 1 else ''}index.html"])
        names += [words(row[0]) for row in next(page.iter("tbody"))]
    assert names == [f"scan {n}" for n in range(472)]
    assert f"{folder}datasets/page-11/index.html" not in files
    assert f"{folder}datasets/scan-471/index.html" in files


def test_few_datasets_have_no_listing():
    publication = a_publication(datasets=tuple(a_dataset(id=f"d{n}", name=f"s{n}") for n in range(MOST_DATASETS)))
    assert "doi/10.99999/example-1/datasets/index.html" not in _files(publication)


def test_a_dataset_page_says_what_it_was_made_from_and_leads_on():
    files = _files(a_rich_publication())
    tree = check_page(files["doi/10.99999/example-dc-2024-0417/datasets/volumes/index.html"])
    links = _links(tree)
    root = "/doi/10.99999/example-dc-2024-0417/"
    assert links["scan_0001_20C"] == f"{root}datasets/scan-0001-20c/"
    assert links["← scan_0003_85C"] == f"{root}datasets/scan-0003-85c/"
    assert links["https://example.org/foamseg"] == "https://example.org/foamseg"
    assert root in links.values()


def test_an_input_that_is_elsewhere_is_named_with_its_identifier():
    link = DatasetLink(id="9", name="other", identifier=Identifier(scheme="Handle", value="20.500.1/x"), public=True)
    files = _files(a_publication(datasets=(a_dataset(inputs=(link,)),)))
    links = _links(check_page(files["doi/10.99999/example-1/datasets/scan-0001/index.html"]))
    assert links["other"] == "https://hdl.handle.net/20.500.1/x"


def test_the_download_recipe_saves_every_file_under_a_path_of_its_own():
    tree = _landing(a_rich_publication())
    recipe = next("".join(pre.itertext()) for pre in tree.iter("pre") if (pre.get("id") or "").endswith("curl"))
    lines = [shlex.split(line) for line in recipe.splitlines()]
    assert all(line[0] == "curl" for line in lines)
    paths = [line[line.index("-o") + 1] for line in lines]
    assert len(paths) == 6 == len(set(paths))
    sums = next("".join(pre.itertext()) for pre in tree.iter("pre") if (pre.get("id") or "").endswith("sha256sum"))
    assert sorted(line.split("  ", 1)[1] for line in sums.splitlines()) == sorted(paths)


def test_a_long_list_of_files_lies_beside_the_page():
    many = tuple(
        File(
            name=f"a/{n}.h5",
            size_bytes=n,
            url=f"https://example.org/{n}.h5",
            checksum="0" * 32,
            checksum_algorithm="md5",
        )
        for n in range(300)
    )
    files = _files(a_publication(datasets=(a_dataset(files=many),)))
    folder = "doi/10.99999/example-1/"
    assert len(list(check_page(files[folder + "index.html"]).iter("tr"))) < 40
    rows = list(csv.DictReader(io.StringIO(files[folder + "files.csv"].decode())))
    assert [int(row["size_bytes"]) for row in rows] == list(range(300))
    assert files[folder + "files.txt"].decode().splitlines() == [f"https://example.org/{n}.h5" for n in range(300)]
    assert len(files[folder + "MD5SUMS"].splitlines()) == 300


def test_machines_are_told_in_the_head():
    publication = a_rich_publication()
    tree = _landing(publication)
    (canonical,) = [link.get("href") for link in tree.iter("link") if link.get("rel") == "canonical"]
    assert canonical == "https://data.example.org/doi/10.99999/example-dc-2024-0417/"
    assert _metas(tree, "citation_author") == ["Madeup, Testa", "Person, Invented", "Gratia, Exempla"]
    assert _metas(tree, "citation_doi") == ["10.99999/EXAMPLE-DC-2024-0417"]
    assert _metas(tree, "citation_publication_date") == ["2026/06/01"]
    assert _metas(tree, "DC.identifier") == ["https://doi.org/10.99999/EXAMPLE-DC-2024-0417"]
    assert len(_metas(tree, "description")[0]) <= 310
    shown = {(link.get("rel"), link.get("href"), link.get("type") or "") for link in tree.iter("link")}
    assert {(link.rel, link.href, link.type) for link in typed_links(released(publication), PORTAL)} <= shown


def test_the_embedded_description_is_json_of_this_publication():
    (script,) = [s for s in _landing(a_publication()).iter("script") if s.get("type") == "application/ld+json"]
    document = json.loads("".join(script.itertext()))
    assert document["@type"] == "Dataset"
    assert document["@id"] == "https://doi.org/10.99999/EXAMPLE-1"


def test_every_format_is_linked_from_the_page():
    addresses = set(_links(_landing(a_publication())).values())
    assert {f"/doi/10.99999/example-1/{form.file}" for form in formats_of(describe(released(), PORTAL))} <= addresses


def test_no_address_is_a_script():
    trap = "javascript:alert(1)"
    publication = a_publication(
        url=trap,
        catalogue_url=trap,
        rights=(Rights(said="x", url=trap),),
        datasets=(a_dataset(url=trap, files=(File(name="a", url=trap),), software=(trap,)),),
        samples=(Sample(name="s", identifier=Identifier(scheme="URL", value=trap)),),
    )
    for body in _files(publication).values():
        for element in check_page(body).iter():
            assert not (element.get("href") or "").startswith("javascript")


def test_the_language_of_the_record_is_declared_when_it_is_one():
    (heading,) = _landing(a_publication(language="fr")).iter("h1")
    assert heading.get("lang") == "fr"
    (heading,) = _landing(a_publication(language="French, mostly")).iter("h1")
    assert heading.get("lang") is None


def test_a_doi_with_odd_characters_has_a_page_that_its_links_lead_to():
    publication = a_publication(doi=Doi.parse("10.99999/A(B)C;1<2>#x?y=%41"))
    (path,) = [path for path in _files(publication) if path.endswith("index.html") and "/datasets/" not in path]
    assert re.fullmatch(r"doi/10\.99999/[a-z0-9._~()%A-F-]+/index\.html", path)
    assert publication.doi.page == "/" + path.removesuffix("index.html").replace("%", "%25")


def test_one_person_may_stand_there_twice():
    same = Agent(name="Testa Madeup", orcid=Orcid.parse("0000-0002-1825-0097"))
    assert _text(creators=(same, same)).count("Testa Madeup") >= 2


def test_addresses_in_a_text_are_links_and_nothing_else_in_it_is():
    text = 'See https://example.org/a_(b), (http://example.org/c). <b> https://"x" javascript:alert(1) https://x@evil'
    tree = _landing(a_publication(abstract=text))
    (prose,) = [part for part in tree.iter("div") if part.get("class") == "prose"]
    assert _links(prose) == {
        "https://example.org/a_(b)": "https://example.org/a_(b)",
        "http://example.org/c": "http://example.org/c",
    }
    assert "".join(prose.itertext()).strip() == text.replace("https://x@evil", "(internal address withheld)")


def test_data_without_an_address_can_be_asked_for():
    nowhere = a_dataset(files=(), url=None)
    tree = _landing(a_publication(datasets=(nowhere,)))
    assert "The catalogue gives no address to download from." in words(tree)
    letters = [link.get("href") for link in tree.iter("a")]
    assert "mailto:data@example.org?subject=10.99999/EXAMPLE-1%3A%20request%20for%20data" in letters
    assert "The catalogue gives no address" not in _text(datasets=(nowhere,), url="https://example.org/data")
