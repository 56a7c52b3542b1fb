"""Whatever reads a neighbour while an open record is rendered is found, in each form and spelling, and nothing else is.

The neighbour is closed. Of one, each word tells; of the other, every single word is said by open records too.
"""

import sqlite3
from urllib.parse import quote

import orjson
import pytest

from panfair.builders import Artifact
from panfair.builders.oai.store import payloads_of
from panfair.builders.panosc.entry import panosc_entry
from panfair.builders.search.documents.document import documents
from panfair.ontologies.embargo import reopen
from panfair.ontologies.record import canonical
from panfair.ontologies.text import fold, slug
from panfair.site.run import render as rendering
from panfair.site.run.leaks.record_texts import texts_of
from panfair.site.run.leaks.said import texts_of_panfair
from panfair.site.run.leaks.scanner import Scanner
from panfair.site.run.leaks.tables import LeakTables
from panfair.site.run.render import Alarm, Job, Rendered, Workshop, record_artifacts
from support.planted import planted
from support.records import PORTAL, TODAY, a_dataset
from support.site_run import numbered

OPEN = numbered(0)
TELLING = planted(7, "vorpal")
COMMON = numbered(
    8,
    title="Ring beam of a müller map",
    abstract="The hall of the ring has a beam and the map of it shows where each of the foam cells was.",
    datasets=(a_dataset(id="8-1", name="ring_beam_map_0002", files=()),),
)
WORDS = "ring beam of a müller map the hall has and it shows where each foam cells was"
"""Said one by one by some open record."""


def _scanner(closed) -> Scanner:
    tables = LeakTables(sqlite3.connect(":memory:"), b"key of this test")
    tables.close("closed", texts_of(orjson.loads(canonical(closed))))
    shown = [text for _field, text in texts_of(orjson.loads(canonical(OPEN)))]
    own = list(texts_of_panfair())
    tables.listen([("own", "1", own.copy), ("open", "1", shown.copy), ("others", "1", WORDS.split)])
    return tables.scanner()


SCANNERS = {"telling": _scanner(TELLING), "common": _scanner(COMMON)}
NEIGHBOURS = {"telling": reopen(TELLING, TODAY), "common": reopen(COMMON, TODAY)}


def _rendered(tmp_path, which: str) -> Rendered | Alarm:
    workshop = Workshop(PORTAL, tmp_path, TODAY, SCANNERS[which], False)
    return workshop.render(Job(OPEN.doi.key, canonical(OPEN), {}))


def _files(released) -> dict[str, bytes]:
    found = record_artifacts(released, PORTAL, rendering.Renderer(PORTAL))
    return {item.path.split("/", 4)[-1]: item.body for item in found}


FORMS = [name for name in _files(reopen(OPEN, TODAY)) if name not in ("linkset.json",) and not name.startswith("data")]


@pytest.mark.parametrize("which", SCANNERS)
def test_without_a_mutant_nothing_is_found(tmp_path, which):
    assert isinstance(_rendered(tmp_path, which), Rendered)


@pytest.mark.parametrize("which", SCANNERS)
@pytest.mark.parametrize("form", FORMS)
def test_a_form_that_is_made_from_a_neighbour_is_found(tmp_path, monkeypatch, form, which):
    body = _files(NEIGHBOURS[which])[form]
    real = rendering.record_artifacts

    def mutant(*args):
        return [Artifact(one.path, body) if one.path.endswith(f"/{form}") else one for one in real(*args)]

    monkeypatch.setattr(rendering, "record_artifacts", mutant)
    assert isinstance(_rendered(tmp_path, which), Alarm)


@pytest.mark.parametrize("which", SCANNERS)
@pytest.mark.parametrize("prefix", sorted(payloads_of(reopen(OPEN, TODAY), PORTAL)))
def test_a_payload_of_oai_pmh_that_is_made_from_a_neighbour_is_found(tmp_path, monkeypatch, prefix, which):
    neighbour = payloads_of(NEIGHBOURS[which], PORTAL)[prefix]
    monkeypatch.setattr(rendering, "payloads_of", lambda *args: payloads_of(*args) | {prefix: neighbour})
    assert isinstance(_rendered(tmp_path, which), Alarm)


@pytest.mark.parametrize("which", SCANNERS)
@pytest.mark.parametrize(("name", "made"), [("documents", documents), ("panosc_entry", panosc_entry)])
def test_an_index_entry_that_is_made_from_a_neighbour_is_found(tmp_path, monkeypatch, name, made, which):
    monkeypatch.setattr(rendering, name, lambda _released: made(NEIGHBOURS[which]))
    assert isinstance(_rendered(tmp_path, which), Alarm)


@pytest.mark.parametrize("which", SCANNERS)
def test_a_member_of_the_dump_that_is_made_from_a_neighbour_is_found(tmp_path, monkeypatch, which):
    real = rendering.quads_member
    monkeypatch.setattr(rendering, "quads_member", lambda _released, portal: real(NEIGHBOURS[which], portal))
    assert isinstance(_rendered(tmp_path, which), Alarm)


SPELLINGS = {
    "as it is": str,
    "in capitals": str.upper,
    "in an address": lambda text: f'<a href="/x/{quote(text)}/">',
    "as a slug": lambda text: f'<a href="/x/{slug(text)}/">',
    "folded": fold,
    "in an attribute": lambda text: f'<p title="{text}">',
    "in JSON": lambda text: f'<script type="application/ld+json">{{"name": {orjson.dumps(text).decode()}}}</script>',
    "in JSON in an attribute": lambda text: f'<p data-x="{{&#34;a&#34;: &#34;{text}&#34;}}">',
    "in entities": lambda text: "".join(f"&#{ord(letter)};" for letter in text),
    "in a comment": lambda text: f"<!-- {text} -->",
    "in a sentence": lambda text: f"<p>This is part of {text}, which is closed.</p>",
    "over two lines": lambda text: text.replace(" ", "\n", 1),
}


@pytest.mark.parametrize("field", ["title", "dataset"])
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_name_of_common_words_is_found_in_each_spelling(tmp_path, monkeypatch, spelling, field):
    text = COMMON.title if field == "title" else COMMON.datasets[0].name
    real = rendering.landing_pages

    def mutant(*args):
        first, *others = real(*args)
        return [type(first)(first.path, first.body + SPELLINGS[spelling](text).encode()), *others]

    monkeypatch.setattr(rendering, "landing_pages", mutant)
    assert isinstance(_rendered(tmp_path, "common"), Alarm)
