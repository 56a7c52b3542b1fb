"""Tests of site/oai/{provider,request}.py: every verb, every argument, every error, and what bad input gets."""

from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from panfair.builders.oai.store import StoreWriter
from panfair.site.oai.provider import OaiProvider
from panfair.site.oai.request import BadRequest, parse
from support.servers.oai_harness import (
    ALL,
    DC,
    HOST,
    NOW,
    OAI,
    OTHER,
    a_provider,
    a_store,
    ask,
    errors_of,
    harvest,
    identifier,
    payload,
    put_in_place,
    schemas,
    token_of,
    told,
)

VERBS = ("Identify", "ListMetadataFormats", "ListSets", "GetRecord", "ListIdentifiers", "ListRecords")
NAMES = ("identifier", "metadataPrefix", "from", "until", "set", "resumptionToken")
HOSTILE = (
    "", " ", "\x00", "\ufffe", "\ud800", "\ufffd", "\x1b[31m", "<script>alert(1)</script>", "]]>", "&amp;", '"', "'",
    "a" * 1_000_000, "../../etc/passwd", "' OR 1=1 --", "%00", "%", "٢٠٢٤-٠١-٠١", "0000-01-01", "2024-13-01",
    "2024-02-30", "2024-1-1", " 2024-01-01", "2024-01-01T00:00:00", "2024-01-01T00:00:00.5Z", "2024-01-01T24:00:00Z",
    "2024-01-01t00:00:00z", "2024-01-01T23:59:60Z", "2024-01-01\n", "9999-99-99", "a b", "a::b", "openaire_data:",
    "http://[", "oai:", f"oai:{HOST}:", f"oai:{HOST}:10.99999/%zz", "http://example.org:port/", "//", "é", "a\u2028b",
)  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return a_store(tmp_path_factory.mktemp("oai") / "oai.sqlite")


@pytest.fixture(scope="module")
def provider(store):
    return a_provider(store)


def test_identify_tells_what_a_harvester_must_know(provider):
    root = ask(provider, "Identify")
    told_by = {child.tag.removeprefix(OAI): child.text for child in root.find(f"{OAI}Identify")}
    told_by.pop("description")
    assert told_by == {
        "repositoryName": "Made-up & small",
        "baseURL": f"https://{HOST}/oai",
        "protocolVersion": "2.0",
        "adminEmail": "data@example.org",
        "earliestDatestamp": "2024-01-01T00:00:00Z",
        "deletedRecord": "persistent",
        "granularity": "YYYY-MM-DDThh:mm:ssZ",
        "compression": "gzip",
    }
    assert root.findtext(f"{OAI}responseDate") == "2026-11-24T12:00:00Z"


def test_sample_identifier_of_identify_is_a_record_that_is_there(provider):
    sample = ask(provider, "Identify").findtext(".//{*}sampleIdentifier")
    assert not errors_of(ask(provider, "GetRecord", identifier=sample, metadataPrefix="oai_dc"))


def test_repository_without_a_domain_name_has_no_oai_identifier_description(tmp_path):
    local = OaiProvider(
        tmp_path / "none", base_url="http://127.0.0.1:8000/", repository_name="x", admin_email="a@b.c", secret=b"s" * 32
    )
    root = ask(local, "Identify")
    assert root.findtext(f"{OAI}request") == "http://127.0.0.1:8000/oai"
    assert root.find(".//{*}oai-identifier") is None


def test_get_record_shows_header_sets_and_payload(provider):
    root = ask(provider, "GetRecord", identifier=identifier(7), metadataPrefix="oai_dc")
    header = root.find(f".//{OAI}header")
    assert [child.text for child in header] == [
        identifier(7), "2024-01-01T00:00:02Z", "openaire_data", "parity:odd",
    ]  # fmt: skip
    assert root.findtext(".//{*}title") == "Title 7 & more"
    assert root.find(f".//{OAI}metadata")[0].tag == f"{{{DC.namespace}}}dc"


def test_formats_of_the_repository_and_of_a_record(provider):
    everywhere = ask(provider, "ListMetadataFormats")
    assert [one.text for one in everywhere.iter(f"{OAI}metadataPrefix")] == ["oai_dc", "made_up"]
    assert [one.text for one in everywhere.iter(f"{OAI}metadataNamespace")] == [DC.namespace, OTHER.namespace]
    of_one = ask(provider, "ListMetadataFormats", identifier=identifier(1))
    assert [one.text for one in of_one.iter(f"{OAI}metadataPrefix")] == ["oai_dc"]


def test_sets_are_listed_with_names_and_descriptions_and_paged(store):
    root = ask(a_provider(store), "ListSets")
    assert [one.text for one in root.iter(f"{OAI}setSpec")] == ["openaire_data", "parity:even", "parity:odd"]
    assert [one.text for one in root.iter(f"{OAI}setName")][1] == "Even <numbers>"
    assert root.findtext(".//{*}description") == ALL.description
    assert token_of(root) is None
    paged = a_provider(store, page_size=2)
    first = ask(paged, "ListSets")
    token = token_of(first)
    assert (token.get("completeListSize"), token.get("cursor")) == ("3", "0")
    second = ask(paged, "ListSets", resumptionToken=token.text)
    assert [one.text for one in second.iter(f"{OAI}setSpec")] == ["parity:odd"]
    assert (token_of(second).text, token_of(second).get("cursor")) == (None, "2")


def test_set_lists_hold_their_members_and_no_other(provider):
    odd = told(harvest(provider, set="parity:odd"))
    assert sorted(odd) == sorted(identifier(n) for n in range(1, 25, 2))
    assert odd[-1] == identifier(3)


def test_headers_carry_all_their_sets_in_every_list(provider):
    for header in harvest(provider, "ListIdentifiers", set="parity:odd"):
        assert [one.text for one in header.iter(f"{OAI}setSpec")] == ["openaire_data", "parity:odd"]


def test_lists_of_identifiers_and_of_records_have_the_same_headers(provider):
    records, identifiers = (harvest(provider, verb) for verb in ("ListRecords", "ListIdentifiers"))
    assert list(map(etree.tostring, records)) == list(map(etree.tostring, identifiers))
    assert sorted(told(records)) == sorted(identifier(n) for n in range(25))


def test_lists_are_in_the_order_of_datestamps(provider):
    stamps = [header.findtext(f"{OAI}datestamp") for header in harvest(provider)]
    assert stamps == sorted(stamps)


@pytest.mark.parametrize(
    ("bounds", "numbers"),
    [
        ({"from_": "2024-01-01T00:00:02Z", "until": "2024-01-01T00:00:02Z"}, [6, 7, 8]),
        ({"until": "2024-01-01T00:00:00Z"}, [0, 1, 2]),
        ({"from_": "2024-01-01T00:00:08Z", "until": "2024-12-31T00:00:00Z"}, [24]),
        ({"from_": "2025-01-01"}, [3, 4]),
        ({"from_": "2025-01-01", "until": "2025-01-01"}, [3, 4]),
        ({"from_": "2024-01-02", "until": "2024-12-31"}, None),
        ({"from_": "2026-01-01"}, None),
        ({"until": "1969-12-31"}, None),
        ({"until": "2024-01-01"}, [n for n in range(25) if n not in (3, 4)]),
        ({"from_": "0001-01-01", "until": "9999-12-31"}, [*(n for n in range(25) if n not in (3, 4)), 3, 4]),
    ],
)
def test_dates_bound_the_list_inclusively_and_until_a_day_means_all_of_it(provider, bounds, numbers):
    if numbers is None:
        assert errors_of(ask(provider, "ListRecords", metadataPrefix="oai_dc", **bounds)) == ["noRecordsMatch"]
    else:
        assert sorted(told(harvest(provider, **bounds))) == sorted(identifier(n) for n in numbers)


BAD = [
    ([], "badVerb"),
    ([("verb", "")], "badVerb"),
    ([("verb", "GetMetadata")], "badVerb"),
    ([("verb", "identify")], "badVerb"),
    ([("verb", "Identify"), ("verb", "Identify")], "badVerb"),
    ([("verb", "Identify"), ("set", "openaire_data")], "badArgument"),
    ([("verb", "Identify"), ("x", "y")], "badArgument"),
    ([("verb", "GetRecord")], "badArgument"),
    ([("verb", "GetRecord"), ("identifier", identifier(1))], "badArgument"),
    ([("verb", "GetRecord"), ("identifier", ""), ("metadataPrefix", "oai_dc")], "badArgument"),
    ([("verb", "ListRecords")], "badArgument"),
    ([("verb", "ListRecords"), ("metadataPrefix", "oai_dc"), ("metadataPrefix", "oai_dc")], "badArgument"),
    ([("verb", "ListRecords"), ("metadataPrefix", "oai_dc"), ("from", "2024-01-02"), ("until", "2024-01-01")],
     "badArgument"),
    ([("verb", "ListRecords"), ("metadataPrefix", "oai_dc"), ("from", "2024-01-01"), ("until", "2024-01-02T00:00:00Z")],
     "badArgument"),
    ([("verb", "ListRecords"), ("metadataPrefix", "oai_dc"), ("resumptionToken", "x")], "badArgument"),
    ([("verb", "ListSets"), ("metadataPrefix", "oai_dc")], "badArgument"),
    ([("verb", "GetRecord"), ("resumptionToken", "x")], "badArgument"),
    ([("verb", "ListRecords"), ("metadataPrefix", "<b>")], "badArgument"),
    ([("verb", "ListRecords"), ("metadataPrefix", "oai_dc"), ("set", "a b")], "badArgument"),
    ([("verb", "ListRecords"), ("resumptionToken", "x")], "badResumptionToken"),
    ([("verb", "ListIdentifiers"), ("resumptionToken", "")], "badResumptionToken"),
    ([("verb", "ListSets"), ("resumptionToken", "x")], "badResumptionToken"),
    ([("verb", "ListRecords"), ("metadataPrefix", "marc")], "cannotDisseminateFormat"),
    ([("verb", "GetRecord"), ("identifier", identifier(1)), ("metadataPrefix", "marc")], "cannotDisseminateFormat"),
    ([("verb", "GetRecord"), ("identifier", identifier(1)), ("metadataPrefix", "made_up")], "cannotDisseminateFormat"),
    ([("verb", "GetRecord"), ("identifier", identifier(999)), ("metadataPrefix", "oai_dc")], "idDoesNotExist"),
    ([("verb", "GetRecord"), ("identifier", "http://x.org/ä b"), ("metadataPrefix", "oai_dc")], "idDoesNotExist"),
    ([("verb", "ListMetadataFormats"), ("identifier", identifier(999))], "idDoesNotExist"),
    ([("verb", "ListRecords"), ("metadataPrefix", "oai_dc"), ("set", "no:such")], "noRecordsMatch"),
    ([("verb", "ListRecords"), ("metadataPrefix", "made_up"), ("from", "2026-01-01")], "noRecordsMatch"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "code"), BAD)
def test_each_fault_has_the_specifications_error(provider, arguments, code):
    root = etree.fromstring(provider.answer(arguments, NOW))
    assert set(errors_of(root)) == {code}
    assert root[-1].tag == f"{OAI}error"


@pytest.mark.parametrize(("arguments", "code"), BAD)
def test_request_is_echoed_but_for_bad_verbs_and_arguments(provider, arguments, code):
    """Section 3.2, response format: attributes are left out for badVerb and badArgument only."""
    request = etree.fromstring(provider.answer(arguments, NOW)).find(f"{OAI}request")
    assert request.text == f"https://{HOST}/oai"
    if code in {"badVerb", "badArgument"} or "ä" in str(arguments):
        assert not request.attrib
    else:
        assert dict(request.attrib) == dict(arguments)


def test_dates_are_echoed_as_they_were_written(provider):
    root = ask(provider, "ListRecords", metadataPrefix="oai_dc", from_="2024-01-01", until="2026-01-01")
    assert dict(root.find(f"{OAI}request").attrib) == {
        "verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2024-01-01", "until": "2026-01-01",
    }  # fmt: skip


def test_every_fault_of_a_request_is_told(provider):
    root = ask(provider, "ListRecords", from_="2024", until="x", color="blue")
    assert errors_of(root) == ["badArgument"] * 4


def _hostile_requests() -> list[list[tuple[str, str]]]:
    requests = [[("verb", value)] for value in HOSTILE]
    for verb in VERBS:
        requests += [[("verb", verb), (value, "x")] for value in HOSTILE]
        for name in NAMES:
            for value in HOSTILE:
                needed = {"GetRecord": ("identifier", "metadataPrefix"), "ListSets": (), "Identify": ()}
                filled = {"identifier": identifier(1), "metadataPrefix": "oai_dc"}
                rest = [
                    (one, filled[one])
                    for one in needed.get(verb, ("metadataPrefix",) if verb.startswith("List") else ())
                    if one != name and name != "resumptionToken" and verb != "ListMetadataFormats"
                ]
                requests.append([("verb", verb), *rest, (name, value)])
    return requests


def test_no_hostile_argument_gets_a_record_or_breaks_the_page(provider, shared):
    oai_pmh, _ = schemas(shared)
    for arguments in _hostile_requests():
        answer = provider.answer(arguments, NOW)
        root = etree.fromstring(answer)
        assert oai_pmh.validate(root), (arguments, oai_pmh.error_log)
        assert len(errors_of(root)) > 0, arguments
        assert len(answer) < 3000 or "a" * 1000 in str(arguments)
        assert b"<script" not in answer


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["verb", *NAMES]) | st.text(max_size=8),
            st.sampled_from([*VERBS, "oai_dc", identifier(1), "2024-01-01", "openaire_data"]) | st.text(max_size=30),
        ),
        max_size=5,
    )
)
@example([("verb", "GetRecord"), ("identifier", "a:\\"), ("metadataPrefix", "oai_dc")])
def test_any_arguments_get_a_valid_answer(provider, shared, arguments):
    oai_pmh, _ = schemas(shared)
    root = etree.fromstring(provider.answer(arguments, NOW))
    assert oai_pmh.validate(root), oai_pmh.error_log


GOOD = [
    [("verb", "Identify")],
    [("verb", "ListMetadataFormats")],
    [("verb", "ListMetadataFormats"), ("identifier", identifier(3))],
    [("verb", "ListSets")],
    [("verb", "GetRecord"), ("identifier", identifier(3)), ("metadataPrefix", "oai_dc")],
    [("verb", "GetRecord"), ("identifier", identifier(5)), ("metadataPrefix", "made_up")],
    [("verb", "ListIdentifiers"), ("metadataPrefix", "oai_dc"), ("set", "parity:odd"), ("from", "2024-01-01")],
    [("verb", "ListRecords"), ("metadataPrefix", "oai_dc"), ("until", "2026-01-01T00:00:00Z")],
]


@pytest.mark.parametrize("arguments", [*GOOD, *(arguments for arguments, _ in BAD)])
def test_every_kind_of_answer_is_valid_by_the_schemas(provider, shared, arguments):
    oai_pmh, oai_dc = schemas(shared)
    root = etree.fromstring(provider.answer(arguments, NOW))
    assert oai_pmh.validate(root), oai_pmh.error_log
    for dc in root.iter(f"{{{DC.namespace}}}dc"):
        assert oai_dc.validate(dc), oai_dc.error_log
    if arguments in GOOD:
        assert not errors_of(root)
    while (token := token_of(root)) is not None and token.text:
        root = ask(provider, arguments[0][1], resumptionToken=token.text)
        assert oai_pmh.validate(root), oai_pmh.error_log


def test_before_the_first_publication_all_answers_are_valid(tmp_path, shared):
    oai_pmh, _ = schemas(shared)
    empty = a_provider(tmp_path / "absent.sqlite")
    expected = {
        "Identify": [],
        "ListMetadataFormats": [],
        "ListSets": ["noSetHierarchy"],
        "ListRecords": ["noRecordsMatch"],
        "ListIdentifiers": ["noRecordsMatch"],
        "GetRecord": ["idDoesNotExist"],
    }
    for verb, codes in expected.items():
        arguments = {"metadataPrefix": "oai_dc"} if verb in {"ListRecords", "ListIdentifiers", "GetRecord"} else {}
        if verb == "GetRecord":
            arguments["identifier"] = identifier(1)
        root = ask(empty, verb, **arguments)
        assert oai_pmh.validate(root), oai_pmh.error_log
        assert errors_of(root) == codes
    assert not (tmp_path / "absent.sqlite").exists()


def test_store_that_is_replaced_is_read_anew_at_once(tmp_path):
    store = a_store(tmp_path / "oai.sqlite", count=3, deleted=())
    provider = a_provider(store)
    assert len(harvest(provider)) == 3
    put_in_place(a_store(tmp_path / "next.sqlite", count=5, deleted=()), store)
    assert len(harvest(provider)) == 5
    store.unlink()
    assert errors_of(ask(provider, "ListRecords", metadataPrefix="oai_dc")) == ["noRecordsMatch"]


def test_record_that_is_not_in_the_store_is_in_no_answer(tmp_path):
    store = a_store(tmp_path / "oai.sqlite", count=2, deleted=())
    with StoreWriter(store, HOST, [DC, OTHER]) as writer:
        writer.put("10.99999/secret", NOW, [ALL], {"oai_dc": payload("Zebrafish")})
        writer.delete("10.99999/secret", datetime(2026, 11, 25, tzinfo=UTC))
    provider = a_provider(store)
    for arguments in _hostile_requests():
        assert b"Zebrafish" not in provider.answer(arguments, NOW)
    for verb in ("ListRecords", "ListIdentifiers"):
        assert b"Zebrafish" not in provider.answer([("verb", verb), ("metadataPrefix", "oai_dc")], NOW)


def test_dates_must_be_real_ascii_days():
    for text in HOSTILE:
        with pytest.raises(BadRequest):
            parse([("verb", "ListRecords"), ("metadataPrefix", "oai_dc"), ("from", text)])
    request = parse([("verb", "ListRecords"), ("metadataPrefix", "oai_dc"), ("from", "2024-02-29")])
    assert request.since == 1_709_164_800


def test_short_secrets_are_refused(tmp_path):
    with pytest.raises(ValueError, match="secret"):
        a_provider(tmp_path / "oai.sqlite", secret=b"short")
