"""Templates that were compiled for one renderer serve the next one of the same site, and no other site."""

import dataclasses

import pytest
from jinja2 import Environment

from panfair.builders.html.renderer import Renderer
from support.records import PORTAL

_SITES = [
    PORTAL,
    dataclasses.replace(PORTAL, title="Another portal"),
    dataclasses.replace(PORTAL, language="de"),
    dataclasses.replace(PORTAL, preview="2030-01-01"),
]


def _page(renderer: Renderer) -> bytes:
    return renderer.render("pages/404.html")


def test_a_second_renderer_of_a_site_compiles_nothing(monkeypatch):
    before = _page(Renderer(PORTAL))
    monkeypatch.setattr(Environment, "_generate", lambda *_: pytest.fail("compiled again"))
    assert _page(Renderer(dataclasses.replace(PORTAL))) == before


def test_no_site_gets_the_words_of_another(monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("panfair.builders.html.renderer.compiled_templates", lambda *_: None)
        wanted = [_page(Renderer(site)) for site in _SITES]
    assert len(set(wanted)) == len(_SITES)
    for _ in range(2):
        assert [_page(Renderer(site)) for site in _SITES] == wanted
