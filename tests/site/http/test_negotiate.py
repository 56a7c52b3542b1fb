"""The Accept and Accept-Encoding headers, as browsers, clients and vandals send them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panfair.builders.metadata.format import all_formats
from panfair.site.files.representations import PAGE, answered_profile, chosen, menu, offers
from panfair.site.http.negotiation import Offer, accepts_gzip, choose, wanted_profiles

PAGE_OFFER, TURTLE, XML = Offer("text/html", "page"), Offer("text/turtle", "turtle"), Offer("application/xml", "xml")
OFFERS = (PAGE_OFFER, TURTLE, XML)


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        ("", PAGE_OFFER),
        ("*/*", PAGE_OFFER),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", PAGE_OFFER),
        ("text/turtle", TURTLE),
        ("text/turtle;q=0.3, application/xml;q=0.4", XML),
        ("TEXT/Turtle ; Q=0.9 , */* ; q=0.1", TURTLE),
        ("text/*, application/xml;q=0.9", PAGE_OFFER),
        ("text/*;q=0.5, text/html;q=0.1", TURTLE),
        ("text/html;q=0, */*;q=0.1", TURTLE),
        ("text/turtle;q=0", None),
        ("image/png", None),
        ("*/*;q=0", None),
        ("text/turtle;q=2, application/xml", XML),
        ("text/turtle;q=0.0001, application/xml;q=0.2", XML),
        ("application/xml;q=.1, text/turtle;q=.2", TURTLE),
        ("text/turtle;q=0.8999999999999999, application/xml;q=0.5", TURTLE),
        ("text/turtle;q=nan", PAGE_OFFER),
        ("nonsense, ;;, text/turtle", TURTLE),
        ('text/turtle;note="a, b;q=0", image/png', TURTLE),
        ("*/turtle, application/xml;q=0.1", XML),
    ],
)
def test_the_form_that_is_liked_best_is_chosen(accept, wanted):
    assert choose(accept, OFFERS) == wanted


def test_a_header_that_is_not_there_welcomes_the_page():
    assert choose(None, OFFERS) is PAGE_OFFER
    assert choose(None, ()) is None


def test_a_profile_tells_two_forms_of_one_media_type_apart():
    plain, crate = (
        Offer("application/ld+json", "plain"),
        Offer("application/ld+json", "crate", "https://w3id.org/ro/crate"),
    )
    assert choose('application/ld+json;profile="https://w3id.org/ro/crate"', (plain, crate)) is crate
    assert (
        choose('application/ld+json;profile="https://other.example https://w3id.org/ro/crate/"', (plain, crate))
        is crate
    )
    assert choose("application/ld+json", (plain, crate)) is plain
    assert choose('application/ld+json;profile="https://other.example"', (plain, crate)) is None


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_no_header_breaks_the_choice(accept):
    assert choose(accept, OFFERS) in (*OFFERS, None)
    accepts_gzip(accept)


_KINDS = st.sampled_from(["text/html", "text/turtle", "application/xml", "text/*", "application/*", "*/*", "a/b"])


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(_KINDS, st.integers(0, 1000), min_size=1))
def test_the_choice_is_the_brute_force_one(wanted):
    accept = ",".join(f"{kind};q={quality / 1000:.3f}" for kind, quality in wanted.items())

    def quality(offer: Offer) -> int:
        kind = offer.media_type
        for pattern in (kind, kind.split("/")[0] + "/*", "*/*"):
            if pattern in wanted:
                return wanted[pattern]
        return 0

    best = max(OFFERS, key=quality)
    assert choose(accept, OFFERS) == (best if quality(best) else None)


@pytest.mark.parametrize(
    ("header", "welcome"),
    [
        (None, False),
        ("", False),
        ("gzip", True),
        ("deflate, gzip, br, zstd", True),
        ("GZIP;Q=0.5", True),
        ("gzip;q=0", False),
        ("gzip;q=0, *", False),
        ("*", True),
        ("*;q=0", False),
        ("identity", False),
        ("identity;q=1, gzip;q=0.5", False),
        ("x-gzip", True),
        ("gzip;q=seven", False),
    ],
)
def test_gzip_goes_out_only_where_it_is_welcome(header, welcome):
    assert accepts_gzip(header) is welcome


def test_every_format_can_be_had_from_a_landing_page_by_its_media_type():
    for form in all_formats():
        kind = form.media_type.split(";")[0]
        accept = f'{kind};profile="{form.profile}"' if form.profile else kind
        found = chosen(accept)
        assert found and found.file == form.file
        assert f"{kind}  https://data.example.org/doi/10.1/a/{form.file}" in menu(
            "https://data.example.org/doi/10.1/a/"
        )


def test_every_profile_can_be_had_by_accept_profile():
    for form in all_formats():
        for iri in filter(None, (form.profile, *form.also)):
            found = chosen(form.media_type.split(";")[0], accept_profile=f"<{iri}>")
            assert found and found.file == form.file
            assert answered_profile(found, f"<{iri}>") == iri


@pytest.mark.parametrize(
    ("accept", "profile", "file"),
    [
        ("", "<http://datacite.org/schema/kernel-4.5>", "datacite-4.5.xml"),
        ("*/*", "<http://datacite.org/schema/kernel-4.6>", "datacite.xml"),
        ("application/vnd.datacite.datacite+json", "<http://datacite.org/schema/kernel-4/>", "datacite.json"),
        ("text/html, */*;q=0.1", "<http://datacite.org/schema/kernel-4>", "datacite.xml"),
        ("", "<urn:none>, <http://datacite.org/schema/kernel-4.5>;q=0.1", "datacite-4.5.xml"),
        ("", "<http://datacite.org/schema/kernel-4.5>;q=0.4, <https://schema.org/>;q=0.5", "metadata.jsonld"),
        ("", '"https://schema.org/"', "metadata.jsonld"),
        ("", "https://schema.org/;q=0.9", "metadata.jsonld"),
        ("text/turtle", "<https://schema.org/>", None),
        ("", "<urn:none>", None),
        ("", "<https://schema.org/>;q=0", None),
        ("", "nonsense", "index.html"),
    ],
)
def test_a_profile_is_chosen_with_the_media_type(accept, profile, file):
    found = chosen(accept, accept_profile=profile)
    assert (found and found.file) == file


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_no_profile_header_breaks_the_choice(header):
    assert all(0 <= quality <= 1 for quality in wanted_profiles(header).values())


def test_a_form_that_is_not_there_gives_way_to_the_next():
    assert chosen("text/turtle, application/ld+json;q=0.5", frozenset({"dcat.ttl"})).file == "metadata.jsonld"
    assert chosen("text/turtle", frozenset({"dcat.ttl"})) is None
    assert offers()[0].file == PAGE
