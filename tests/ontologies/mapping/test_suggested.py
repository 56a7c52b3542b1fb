"""`suggest = true`: keywords and titles that are techniques become techniques, marked so; without it nothing does."""

import pytest

from panfair.ontologies.mapping.hints import hints, suggested
from panfair.ontologies.record import Keyword, Technique
from support.records import a_dataset, a_publication
from support.site_run import SiteRun, numbered


def _bare(**changes):
    return a_publication(**{"techniques": (), "datasets": (a_dataset(techniques=()),), "keywords": (), **changes})


@pytest.mark.parametrize(
    ("changes", "term"),
    [
        ({"keywords": (Keyword(term="SAXS"),)}, "small angle x-ray scattering"),
        ({"keywords": (Keyword(term="serial crystallography"),)}, "serial synchrotron crystallography"),
        ({"title": "GISAXS of thin films"}, "grazing incidence small angle x-ray scattering"),
    ],
)
def test_a_keyword_or_a_title_that_is_a_technique_is_suggested_as_it_is_said(changes, term):
    record = suggested(_bare(**changes))
    (technique,) = record.techniques
    assert technique.label == term and technique.derived and technique.iri
    assert not [line for line in hints(record) if "names no such technique" in line]


def test_what_the_record_names_itself_is_not_suggested_again_under_any_spelling():
    named = _bare(techniques=(Technique(said="SAXS"),), keywords=(Keyword(term="SAXS"),))
    assert suggested(named) == named
    plain = _bare(keywords=(Keyword(term="foam"),))
    assert suggested(plain) is plain


def test_only_a_source_that_says_so_has_them_published_and_the_page_says_where_they_are_from(tmp_path):
    site = SiteRun(tmp_path)
    record = numbered(1, techniques=(), datasets=(), keywords=(Keyword(term="SAXS"),))
    site.put(record)
    report = site.publish()
    assert "by its keywords" not in site.page(record).decode()
    assert any("`suggest = true`" in note for note in report.notes)
    site.path.write_text(site.path.read_text() + "suggest = true\n")
    report = site.publish()
    assert "small angle x-ray scattering, by its keywords" in site.page(record).decode()
    assert not any("`suggest = true`" in note for note in report.notes)
