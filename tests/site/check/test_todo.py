"""The curator's list names what each open page lacks, with the field that supplies it, and nothing that is closed."""

import csv
from datetime import date

from hypothesis import given, settings
from lxml import html

from panfair.harvesters import records
from panfair.harvesters.reading.values import Once
from panfair.ontologies.identifiers import Orcid
from panfair.ontologies.record import Agent, Rights
from panfair.site.check.completeness import RULES, completeness, criteria, lacks
from panfair.site.check.output import todo_of
from support.records import a_publication
from support.site_run import SiteRun, numbered
from support.strategies import publications


def _rows(folder):
    with (folder / "todo.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_criterion_has_a_rule_and_every_rule_a_criterion():
    assert [criterion.key for criterion in criteria()] and {criterion.key for criterion in criteria()} == set(RULES)


def test_the_list_names_pages_people_and_the_catalogues_field(tmp_path):
    site = SiteRun(tmp_path / "site")
    curie = Agent(name="Maya Example", orcid=Orcid.parse("0000-0002-1825-0097"))
    site.put(numbered(1, creators=(curie, Agent(name="Sam Sample"))), numbered(2, rights=()))
    site.publish()
    todo = todo_of(site.config)
    rows = _rows(todo.folder)
    (orcid,) = (row for row in rows if row["doi"].endswith("-1") and "ORCID" in row["wanting"])
    assert orcid["how_much"] == "1 of 2" and orcid["catalogue_field"] == "creators[].orcid"
    assert any(row["doi"].endswith("-2") and "licence" in row["wanting"] for row in rows)
    assert not any(row["doi"].endswith("-1") and "licence" in row["wanting"] for row in rows)
    page = html.document_fromstring((todo.folder / "index.html").read_bytes())
    assert {link.get("href") for link in page.iterfind(".//details//a")} == {row["page"] for row in rows}
    assert todo.wanting == len(rows) and todo.pages == 2


def test_closed_records_are_not_in_the_list(tmp_path):
    site = SiteRun(tmp_path / "site")
    closed = numbered(7, title="Zebrafish larva", release_date=date(2099, 1, 1), publication_date=None)
    site.put(numbered(1), closed)
    site.publish()
    folder = todo_of(site.config).folder
    for name in ("index.html", "todo.csv"):
        text = (folder / name).read_text(encoding="utf-8")
        assert "example-1" in text.lower() and "Zebrafish" not in text and "example-7" not in text.lower()


def test_a_site_that_was_never_published_has_no_list(tmp_path):
    assert todo_of(SiteRun(tmp_path / "site").config) is None


@given(publications)
@settings(max_examples=60, deadline=None)
def test_shares_are_whole_and_the_score_is_a_percentage(publication):
    found = lacks(publication)
    assert all(0 < lack.share.missing <= lack.share.of for lack in found)
    assert (completeness(found) == 100) == (not found) and 0 <= completeness(found) <= 100


@given(publications)
@settings(max_examples=60, deadline=None)
def test_what_is_supplied_is_not_asked_for_again(publication):
    before = {lack.criterion.key for lack in lacks(publication)}
    better = publication.model_copy(
        update={"rights": (Rights(said="CC0", spdx="CC0-1.0"),), "abstract": "x " * 40, "language": "en"}
    )
    after = {lack.criterion.key for lack in lacks(better)}
    assert after == before - {"licence", "abstract", "language"}


def test_the_sites_own_ror_id_serves_for_its_publisher():
    one = a_publication()
    one = one.model_copy(update={"publisher": Agent(name="Example Photon Source", kind="organisation")})
    assert "publisher_ror" in {lack.criterion.key for lack in lacks(one)}
    assert "publisher_ror" not in {lack.criterion.key for lack in lacks(one, "Example Photon Source")}


def test_what_is_held_back_is_named_in_a_file_of_its_own_with_the_field_that_would_release_it(tmp_path):
    site = SiteRun(tmp_path / "site")
    undated = numbered(7, title="Zebrafish larva", release_date=None, publication_date=None)
    late = numbered(8, release_date=date(2099, 1, 1), publication_date=None)
    site.put(numbered(1), undated, late)
    report = site.publish()
    assert any("1 because it has no date (would release them: release_date)" in line for line in report.lines())
    todo = todo_of(site.config)
    with (todo.folder / "held.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["key"]: row for row in csv.DictReader(file)}
    assert rows.keys() == {"inv-7", "inv-8"} and todo.held == 2
    assert rows["inv-7"]["what_would_release_it"] == "release_date" and rows["inv-8"]["opens"] == "2099-01-01"
    assert (todo.folder / "held.csv").stat().st_mode & 0o077 == 0
    text = (todo.folder / "index.html").read_text(encoding="utf-8")
    assert "it has no date" in text and "inv-7" not in text and "Zebrafish" not in text


def test_a_remark_of_the_harvest_names_the_records_it_is_about_and_their_number(tmp_path, monkeypatch):
    def harvest(options, context):
        remark = Once(context.note)
        for number in range(5):
            if number % 2 == 0:
                remark("panfair could not read a date: not a date")
            yield numbered(number, source=options.name)
        remark("the list is short")

    monkeypatch.setattr(records, "harvest", harvest)
    site = SiteRun(tmp_path / "site")
    site.put(numbered(1))
    report = site.publish()
    keys = "10.99999/EXAMPLE-0, 10.99999/EXAMPLE-2, 10.99999/EXAMPLE-4"
    assert f"made-up: panfair could not read a date: not a date [3 records: {keys}]" in report.notes
    assert "made-up: the list is short" in report.notes
    todo = todo_of(site.config)
    with (todo.folder / "notes.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["key"] for row in rows] == [*keys.split(", "), ""]
    assert "panfair could not read a date" in (todo.folder / "index.html").read_text(encoding="utf-8")
