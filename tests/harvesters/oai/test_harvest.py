"""OAI-PMH providers, strange ones and our own: everything, then only what changed, deletions honoured, faults told."""

import random
from datetime import date
from pathlib import Path

import pytest

from panfair.harvesters import Checkpoint, Context, Finished, Kept, Refused, Withdrawn, oai
from panfair.ontologies.embargo import GatePolicy, Notice, Released, judge
from panfair.ontologies.errors import HarvestError
from panfair.ontologies.record import Publication
from support.servers import oai as own
from support.servers.datacite import as_xml, document
from support.servers.oai_provider import Item, Provider, served
from support.site_run import SiteRun

NOW = date(2026, 11, 24)


def _metadata(number: int, **changes) -> bytes:
    return as_xml(document(number, **changes)["attributes"]).partition(b"?>")[2].strip()


def _item(number: int, stamp: str = "2024-06-01T10:00:00Z", **changes) -> Item:
    return Item(f"oai:example.org:{number}", stamp, _metadata(number, **changes))


def _dc(number: int, *more: str) -> bytes:
    parts = [
        f"<dc:title>Foam number{number}</dc:title>",
        "<dc:creator>Madeup, Testa</dc:creator>",
        f"<dc:identifier>https://doi.org/10.5072/eps-{number}</dc:identifier>",
        "<dc:publisher>EPS</dc:publisher>",
        *more,
    ]
    spaces = 'xmlns:d="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    return f"<d:dc {spaces}>{''.join(parts)}</d:dc>".encode()


def _harvest(url: str, notes: list[str] | None = None, context: dict | None = None, **options) -> list:
    said = notes if notes is not None else []
    read = oai.Options.model_validate({"name": "made-up", "kind": "oai", "url": url, **options})
    told = Context(root=Path("/"), contact="data@example.org", note=said.append, on=NOW, **(context or {}))
    return list(oai.harvest(read, told))


def _records(items: list) -> list[Publication]:
    return [item for item in items if isinstance(item, Publication)]


def _known(items: list) -> dict:
    before = {one.doi.key: {"doi": str(one.doi), "source_id": one.source_id} for one in _records(items)}
    return {"previous": before.get, "known": lambda: iter(before), "last": items[-1].token}


def test_all_records_are_read_in_the_richest_format_page_after_page():
    provider = Provider([_item(n) for n in range(8)], prefixes=("marc21", "oai_dc", "datacite"))
    with served(provider) as url:
        items = _harvest(url)
    assert [one.doi for one in _records(items)] == [f"10.5072/eps-{n}" for n in range(8)]
    assert sum(isinstance(one, Checkpoint) for one in items) == 2
    assert items[-1] == Finished("2026-06-01T00:00:00Z")
    assert provider.asked[2]["metadataPrefix"] == "datacite"
    assert all("metadataPrefix" not in one for one in provider.asked if "resumptionToken" in one)


@pytest.mark.parametrize("granularity", ["YYYY-MM-DDThh:mm:ssZ", "YYYY-MM-DD"])
def test_the_next_harvest_asks_for_what_changed_and_honours_what_was_deleted(granularity):
    provider = Provider([_item(n) for n in range(5)], granularity=granularity)
    with served(provider) as url:
        items = _harvest(url)
        provider.items[1] = _item(1, "2026-06-02T08:00:00Z", titles=[{"title": "Changed"}])
        provider.items[2] = Item("oai:example.org:2", "2026-06-03T08:00:00Z", None)
        provider.items.append(_item(7, "2026-06-04T08:00:00Z"))
        again = _harvest(url, context=_known(items))
    assert [one.title for one in _records(again)] == ["Changed", "Foam number7"]
    assert {one.key for one in again if isinstance(one, Kept)} == {f"10.5072/eps-{n}" for n in (0, 3, 4)}
    (gone,) = (one for one in again if isinstance(one, Withdrawn))
    assert gone.key == "10.5072/eps-2" and gone.withdrawal.on == date(2026, 6, 3)
    asked = next(one["from"] for one in provider.asked if "from" in one)
    assert asked == ("2026-06-01" if granularity == "YYYY-MM-DD" else "2026-06-01T00:00:00Z")


def test_when_nothing_changed_all_that_stood_stands():
    provider = Provider([_item(n) for n in range(3)])
    with served(provider) as url:
        items = _harvest(url)
        again = _harvest(url, context=_known(items))
    assert [type(one) for one in again] == [Kept, Kept, Kept, Finished] and again[-1] == items[-1]


def test_a_record_that_is_refused_now_or_has_another_doi_does_not_stand():
    provider = Provider([_item(n) for n in range(3)])
    with served(provider) as url:
        items = _harvest(url)
        provider.items[0] = Item("oai:example.org:0", "2026-06-02T08:00:00Z", _metadata(90))
        provider.items[1] = Item("oai:example.org:1", "2026-06-02T08:00:00Z", b"<x/>")
        again = _harvest(url, context=_known(items))
    assert {one.key for one in again if isinstance(one, Kept)} == {"10.5072/eps-2"}
    assert [one.doi for one in _records(again)] == ["10.5072/eps-90"]
    assert [one.key for one in again if isinstance(one, Refused)] == ["oai:example.org:1"]


def test_of_a_provider_that_keeps_no_deletions_everything_is_read_each_time():
    notes: list[str] = []
    with served(Provider([_item(n) for n in range(2)], deletions="no")) as url:
        items = _harvest(url, notes)
    assert not isinstance(items[-1], Finished) and "no deletions" in notes[0]


def test_a_set_is_read_alone():
    provider = Provider([_item(0), Item("oai:example.org:1", "2024-06-01T10:00:00Z", _metadata(1), ("data",))])
    with served(provider) as url:
        assert [one.doi for one in _records(_harvest(url, set="data"))] == ["10.5072/eps-1"]


def test_a_harvest_goes_on_at_its_token_and_a_token_that_ran_out_begins_it_anew():
    provider = Provider([_item(n) for n in range(8)])
    with served(provider) as url:
        items = _harvest(url)
        place = next(number for number, one in enumerate(items) if isinstance(one, Checkpoint))
        rest = _harvest(url, context={"resume": items[place].token})
        assert _records(items[:place]) + _records(rest) == _records(items)
        provider.faults[len(provider.asked) + 2] = (
            200,
            provider.answer({"verb": "ListRecords", "resumptionToken": "?"})[1],
        )
        with pytest.raises(HarvestError, match="run out") as caught:
            _harvest(url, context={"resume": items[place].token})
    assert caught.value.begin_anew


@pytest.mark.parametrize(
    ("provider", "why", "options"),
    [
        (Provider([]), "no record", {}),
        (Provider([_item(0)], prefixes=("marc21",)), "none of oai_datacite", {}),
        (Provider([_item(0)]), "does not have the format marcxml", {"metadata_prefix": "marcxml"}),
        (Provider([_item(0)], faults={1: (200, b"<html><body>Welcome<br></body></html>")}), "no XML", {}),
        (Provider([_item(0)], faults={1: (200, b"<html/>")}), "no OAI-PMH provider", {}),
        (Provider([_item(0)], faults={3: (500, b"")}), "answered 500 to ListRecords", {}),
        (Provider([_item(0)], faults={3: (200, b"<html/>")}), "no list of records", {}),
    ],
    ids=str,
)
def test_a_provider_that_cannot_be_believed_fails_the_source(provider, why, options):
    with served(provider) as url, pytest.raises(HarvestError, match=why):
        _harvest(url, **options)


def test_a_list_that_leads_in_a_circle_is_left():
    provider = Provider([_item(n) for n in range(4)])
    with served(provider) as url:
        answer = provider.answer({"verb": "ListRecords", "metadataPrefix": "datacite"})[1]
        provider.asked.clear()
        provider.faults = dict.fromkeys(range(3, 9), (200, answer))
        with pytest.raises(HarvestError, match="circle"):
            _harvest(url)


def test_signs_that_xml_forbids_cost_nothing_but_themselves():
    odd = _metadata(1).replace(b"Foam", b"Fo\x0bam &#x1; &#11;")
    provider = Provider([_item(0), Item("oai:example.org:1", "2024-06-01T10:00:00Z", odd)])
    with served(provider) as url:
        assert [one.title for one in _records(_harvest(url))] == ["Foam number0", "Fo am number1"]


def test_the_datestamp_tells_when_a_bare_year_was_shown_and_a_date_to_come_closes():
    bare = {"publicationYear": 2026, "dates": [{"date": "2026", "dateType": "Issued"}]}
    late = {"dates": [{"date": "2030-01-01", "dateType": "Available"}]}
    provider = Provider([_item(0, "2026-03-01T00:00:00Z", **bare), _item(1, "2026-03-01T00:00:00Z", **late)])
    with served(provider) as url:
        shown, closed = (judge(one, NOW, GatePolicy()) for one in _records(_harvest(url)))
    assert isinstance(shown, Released) and shown.publication.publication_date == date(2026, 3, 1)
    assert isinstance(closed, Notice) and closed.opens == date(2030, 1, 1)


def test_dublin_core_is_read_and_the_latest_of_its_dates_closes():
    embargo = (
        "<dc:rights>info:eu-repo/semantics/embargoedAccess</dc:rights>"
        "<dc:date>info:eu-repo/date/embargoEnd/2031-01-01</dc:date>"
    )
    more = (
        "<dc:date>2024-05-01</dc:date>",
        "<dc:subject>foam</dc:subject>",
        "<dc:description>How foam drains.</dc:description>",
        "<dc:relation>info:eu-repo/grantAgreement/EC/H2020/823852/EU/Panosc</dc:relation>",
        "<dc:relation>https://doi.org/10.99999/p</dc:relation>",
        "<dc:rights>CC BY 4.0</dc:rights>",
    )
    kinds = [more, (*more, embargo), ("<dc:date>2030</dc:date>",)]
    items = [Item(f"oai:e:{n}", "2024-06-01", _dc(n, *parts)) for n, parts in enumerate(kinds)]
    with served(Provider(items, prefixes=("oai_dc",), granularity="YYYY-MM-DD")) as url:
        one, embargoed, future = _records(_harvest(url))
    assert isinstance(judge(one, NOW, GatePolicy()), Released)
    assert (one.title, one.abstract, one.creators[0].name) == ("Foam number0", "How foam drains.", "Testa Madeup")
    assert one.publication_year == 2024 and one.rights[0].spdx == "CC-BY-4.0" and one.keywords[0].term == "foam"
    assert (one.funding[0].funder, one.funding[0].award_number) == ("EC", "823852")
    assert [work.identifier and work.identifier.value for work in one.related] == ["10.99999/p"]
    verdict = judge(embargoed, NOW, GatePolicy())
    assert isinstance(verdict, Notice) and verdict.opens == date(2031, 1, 1)
    assert isinstance(judge(future, NOW, GatePolicy()), Notice)


@pytest.mark.parametrize("prefix", ["oai_datacite", "datacite", "oai_dc"])
def test_what_panfair_itself_publishes_comes_back_by_each_format(tmp_path, prefix):
    own.fill(tmp_path / "oai.sqlite", 25, deleted=(3,))
    with own.served(own.provider_of(tmp_path / "oai.sqlite")) as url:
        records = _records(_harvest(url, metadata_prefix=prefix))
    assert {one.doi.key for one in records} == {own.numbered(n).doi.key for n in range(25) if n != 3}
    one = next(found for found in records if found.title == own.numbered(4).title)
    meant = own.numbered(4)
    assert [agent.name for agent in one.creators] == [agent.name for agent in meant.creators]
    assert one.publisher.name == meant.publisher.name and one.abstract and "draining foam" in one.abstract
    assert any(right.spdx == "CC-BY-4.0" for right in one.rights)
    if prefix != "oai_dc":
        assert one.creators[0].orcid == meant.creators[0].orcid and one.publication_year == meant.publication_year
    assert isinstance(judge(one, NOW, GatePolicy()), Released)


def test_a_site_made_of_a_provider_follows_its_changes_and_deletions(tmp_path):
    provider = Provider([_item(n) for n in range(12)], page_size=5)
    with served(provider) as url:
        site = SiteRun(tmp_path, tables=f'[[source]]\nname = "theirs"\nkind = "oai"\nurl = "{url}"\n')
        assert site.publish().released == 12
        provider.items[3] = Item("oai:example.org:3", "2026-06-03T08:00:00Z", None)
        report = site.publish()
        assert report.withdrawn == 1 and report.released == 11
        assert not any("resumptionToken" in one for one in provider.asked[-1:])
    assert "2026-06-03" in (site.output / "www/doi/10.5072/eps-3/index.html").read_text()


_ODD = ["", "\x00", "x" * 100_000, "2024-13-45", "<a/>", "https://[", "@", "&lt;script&gt;", "99999", "-1", " "]


def test_three_hundred_odd_records_cost_themselves_at_most(tmp_path):
    chance = random.Random(14)
    whole = [_item(n) for n in range(3)]
    provider = Provider(whole)
    with served(provider) as url:
        for _number in range(300):
            metadata = (whole[1].metadata or b"").decode()
            for _change in range(chance.randint(1, 3)):
                places = [place for place, sign in enumerate(metadata) if sign in '>"']
                begin = chance.choice(places) + 1
                end = next((n for n in range(begin, len(metadata)) if metadata[n] in '<"'), begin)
                metadata = metadata[:begin] + chance.choice(_ODD) + metadata[end:]
            try:
                provider.items = [
                    whole[0],
                    Item("oai:example.org:1", chance.choice(["2024-06-01T10:00:00Z", "soon"]), metadata.encode()),
                    whole[2],
                ]
                items = _harvest(url)
            except HarvestError as error:
                assert "no XML" in str(error)  # the page itself is broken: nothing of it can be told apart
                continue
            assert {"10.5072/eps-0", "10.5072/eps-2"} <= {one.doi for one in _records(items)}, metadata
