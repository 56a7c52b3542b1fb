"""A facility's own word for a technique stands on its pages; PaNET's wider term stands beside it."""

from lxml import html

from panfair.ontologies.record import Technique
from support.records import a_dataset
from support.site_run import SiteRun, numbered

_WIDER = {"iri": "http://purl.org/pan-science/PaNET/PaNET01129", "label": "tomography", "broader": True}


def _chips(page: bytes) -> list[tuple[str, str | None]]:
    chips = html.document_fromstring(page).xpath("//*[contains(concat(' ', @class, ' '), ' chip technique ')]")
    return [(chip.text_content(), chip.get("href")) for chip in chips]


def test_pages_show_the_facilitys_word_and_the_wider_term_beside_it(tmp_path):
    own = [Technique(said=said, **_WIDER) for said in ("our first foam tomography", "our second foam tomography")]
    assert [one.shown for one in own] == [f"our {n} foam tomography (tomography)" for n in ("first", "second")]
    assert Technique(said="CT", iri=_WIDER["iri"], label="tomography").shown == "tomography"
    site = SiteRun(tmp_path, site='mappings = ["ours.sssom.tsv"]')
    (tmp_path / "ours.sssom.tsv").write_text(
        "# curie_map:\n#   ours: https://example.org/\n#   PaNET: http://purl.org/pan-science/PaNET/\n"
        "subject_id\tsubject_label\tpredicate_id\tobject_id\n"
        + "".join(f"ours:{number}\t{one.said}\tskos:broadMatch\tPaNET:PaNET01129\n" for number, one in enumerate(own))
    )
    said = tuple(Technique(said=one.said) for one in own)
    site.put(numbered(1, techniques=(), datasets=(a_dataset(techniques=said),)))
    site.publish()
    chips = _chips(site.page(numbered(1)))
    assert [words for words, _address in chips] == [one.shown for one in own]
    assert len({address for _words, address in chips}) == 1 and chips[0][1]
    assert "our first foam tomography (tomography)" in site.page(numbered(1)).decode()
