"""The search in the browser against the search of the server: the same answer to every query, letter by letter."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from random import Random
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import Page
from snowballstemmer.english_stemmer import EnglishStemmer

from panfair.builders.assets import addresses
from panfair.builders.search.documents.document import documents
from panfair.builders.search.documents.labels import COMPLETED
from panfair.builders.search.documents.words import words
from panfair.builders.search.index.whoosh import IndexWriter
from panfair.builders.search.language.query import parse
from panfair.builders.search.language.request import read_request
from panfair.ontologies.errors import RequestError
from panfair.site.search.api import with_addresses
from panfair.site.search.autocomplete import completions
from panfair.site.search.engine import SearchEngine
from support.format_cases import real_releases
from support.records import PORTAL
from support.search.cases import VOCABULARY, a_document
from support.search.queries import DOIS, queries, texts
from support.search.site import plain_host
from support.search.static_files import write_static_search
from support.search.vectors import scripts_tree

_RECORDS = 180

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def found(request) -> dict[str, list[dict]]:
    """Made-up documents of both scopes, and the real ones where they are at hand."""
    random = Random(11)
    made = {"publications": [a_document(number, random) for number in range(_RECORDS)], "datasets": []}
    for number in range(80):
        one = a_document(1000 + number, random)
        made["datasets"].append({**one, "key": f"{one['key']}#scan-{number}", "publication": "Foams & <b>"})
    try:
        shared = request.getfixturevalue("shared")
    except pytest.skip.Exception:
        return made
    for released in real_releases(shared)[::3]:
        both = documents(released)
        made["publications"].append(both.publication)
        made["datasets"] += both.datasets[:20]
    return {scope: list({one["key"]: one for one in docs}.values()) for scope, docs in made.items()}


@pytest.fixture(scope="module")
def engine(found, tmp_path_factory) -> Iterator[SearchEngine]:
    """The search of the server."""
    folder = tmp_path_factory.mktemp("search")
    for scope, docs in found.items():
        with IndexWriter(folder / scope) as writer:
            for owner in dict.fromkeys(one["owner"] for one in docs):
                writer.put_all(owner, [one for one in docs if one["owner"] == owner])
    engine = SearchEngine({scope: folder / scope for scope in found})
    yield engine
    engine.close()


def _before(found: dict[str, list[dict]], changed: float) -> dict[str, list[dict]]:
    """Documents that became those that were found: some were others, some were not there, some are gone."""
    random = Random(17)
    before = {}
    for scope, docs in found.items():
        old = []
        for number, one in enumerate(docs):
            if random.random() >= changed:
                old.append(one)
            elif random.random() < 0.7:
                other = a_document(5000 + number, random)
                old.append(
                    {**other, "key": one["key"], "owner": one["owner"], "publication": one.get("publication", "")}
                )
        gone = [a_document(9000 + number, random) for number in range(int(20 * changed))]
        before[scope] = old + [{**one, "publication": "Foams & <b>"} if scope == "datasets" else one for one in gone]
    return before


@pytest.fixture(scope="module", params=[None, 0, 0.01, 0.6], ids=lambda share: f"changed-{share}")
def page(browser, found, tmp_path_factory, request) -> Iterator[Page]:
    """A page of a plain file host in which the search has been opened: made whole, or with a share changed since."""
    www = tmp_path_factory.mktemp("www")
    before = None if request.param is None else _before(found, request.param)
    with pytest.MonkeyPatch.context() as patch:  # small shards and pairs, as large sites have them
        patch.setattr("panfair.builders.search.static.shards.FREQUENT_FROM", 150)
        patch.setattr("panfair.builders.search.static.cut._POSTINGS_A_SHARD", 400)
        write_static_search(www, found, before)
    with plain_host(www) as address:
        page = browser.new_page()
        page.goto(address)
        page.evaluate(
            """async (names) => {
              const parts = await Promise.all(["engine", "files", "words", "query", "ranges", "units", "stemmer"].map(
                (name) => import(names[`search/engine/${name}.js`])));
              const [engine, files, words, query, ranges, units, stemmer] = parts;
              const base = new URL("/search/data/", location.href);
              window.search = await engine.openSearch(base);
              const { generation } = await (await fetch(new URL("manifest.json", base))).json();
              const tables = JSON.parse((await new files.Files(new URL(`${generation}/`, base)).get("tables")).text);
              const read = words.analysis(tables);
              window.words = read.words;
              window.queries = query.queriesOf(tables, read, ranges.rangesOf(units.quantitiesOf(tables)));
              window.stem = stemmer.stem;
            }""",
            addresses(),
        )
        yield page


def test_the_browser_answers_500_searches_as_the_server_does(page, engine):
    asked = queries(500)
    got = page.evaluate(
        """async (all) => {
          const answers = [];
          for (const one of all) answers.push(await search.search(new URLSearchParams(one)).catch((e) => `${e.stack}`));
          return answers;
        }""",
        asked,
    )
    totals = []
    for one, answer in zip(asked, got, strict=True):
        told = with_addresses(engine.search(read_request(parse_qsl(one, keep_blank_values=True))), PORTAL)
        expected = json.loads(told.model_dump_json(by_alias=True))
        totals.append(expected["total"])
        assert _differences(answer, expected) == {}, one
    assert sum(total > 0 for total in totals) > 250 and sum(total == 0 for total in totals) > 50


def test_what_is_typed_is_completed_alike(page, engine, found):
    labels = {label for one in found["publications"] for name in COMPLETED for label in one["facets"].get(name, ())}
    random = Random(9)
    chosen = random.sample(sorted(labels | {one["title"] for one in found["publications"]}), 60)
    typed = ["", "x", "10.", "saxs", "dls", "small ang", "zzz", *(one[: random.randint(1, 14)] for one in chosen)]
    got = page.evaluate("(all) => Promise.all(all.map((one) => search.suggest(one)))", typed)
    with engine.index("publications") as index:
        for text, here in zip(typed, got, strict=True):
            expected = [asdict(group) for group in completions(index, text)]
            for group in expected:
                for one in group["items"]:
                    one["url"] = PORTAL.url(one["url"]) if one["url"] else None
            assert here == {"groups": json.loads(json.dumps(expected))}, text


def test_a_request_that_cannot_be_one_is_refused_alike(page):
    for wrong in ("limit=x", "limit=101", "offset=-1", "offset=1000000000", "sort=best", "in=all", "elements=some"):
        message = page.evaluate("(one) => search.search(new URLSearchParams(one)).catch((e) => e.message)", wrong)
        with pytest.raises(RequestError) as refused:
            read_request(parse_qsl(wrong))
        assert message == str(refused.value)


def test_texts_have_the_same_words(page, found):
    real = [text for docs in found.values() for one in docs[-15:] for text in one["text"].values()]
    asked = [*texts(400), *real]
    got = page.evaluate("(all) => all.map((text) => [...words(text)])", asked)
    for text, here in zip(asked, got, strict=True):
        places = [0]
        for letter in text:
            places.append(places[-1] + (2 if ord(letter) > 0xFFFF else 1))
        expected = [
            {
                **{name: getattr(word, name) for name in ("text", "stem", "position", "whole")},
                "start": places[word.start],
                "end": places[word.end],
            }
            for word in words(text)
        ]
        assert here == expected, text


def test_queries_are_read_alike(page):
    asked = [text.replace("\0", "") for text in texts(1500, seed=5)]
    asked += [*DOIS, *(f"-{one} foam*" for one in DOIS), *(f"({one})" for one in DOIS), "doi:10.1234/*;"]
    got = json.loads(
        page.evaluate(
            """(all) => JSON.stringify(all.map((text) => queries.parse(text)),
                  (_, value) => (Math.abs(value) === Infinity ? String(value) : value))""",
            asked,
        )
    )
    for text, here in zip(asked, got, strict=True):
        read = parse(text)
        assert here == {"node": scripts_tree(read.node), "notes": list(read.notes)}, text


def test_words_have_the_same_stems(page, found):
    letters = Random(3)
    endings = ("s", "sses", "ies", "eed", "ed", "ing", "ational", "izer", "fulness", "ement", "ion", "ll", "y", "e", "")
    some = {word.text for docs in found.values() for one in docs for word in words(one["text"].get("abstract", ""))}
    some |= {
        "".join(letters.choices("aeioubcdlstyz", k=letters.randint(1, 9))) + letters.choice(endings)
        for _ in range(4000)
    }
    asked = sorted(word for word in (*some, *map(str.lower, VOCABULARY)) if word.isascii() and word.isalpha())
    assert page.evaluate("(all) => all.map(stem)", asked) == [EnglishStemmer().stemWord(word) for word in asked]


def _differences(got, expected, place: str = "") -> dict:
    """What is not the same, by its place."""
    if isinstance(got, list) and isinstance(expected, list) and len(got) == len(expected):
        got, expected = dict(enumerate(got)), dict(enumerate(expected))
    if not isinstance(got, dict) or not isinstance(expected, dict):
        return {} if got == expected else {place: (got, expected)}
    found: dict = {}
    for name in (*expected, *(got.keys() - expected.keys())):
        found |= _differences(got.get(name), expected.get(name), f"{place}.{name}")
    return found
