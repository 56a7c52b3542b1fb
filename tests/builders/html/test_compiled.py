"""Templates that were compiled for one renderer serve the next one of the same site, and no other site."""

import dataclasses

import pytest
from jinja2 import Environment

from panfair.builders.html.compiled import _compiled
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


def _kept(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_another_process_compiles_nothing_that_stands_in_the_folder(monkeypatch, tmp_path):
    wanted = _page(Renderer(PORTAL, tmp_path))
    assert _kept(tmp_path)
    _compiled.cache_clear()  # as another process begins
    with monkeypatch.context() as patch:
        patch.setattr(Environment, "_generate", lambda *_: pytest.fail("compiled again"))
        assert _page(Renderer(PORTAL, tmp_path)) == wanted
    assert [_page(Renderer(site, tmp_path)) for site in _SITES] == [_page(Renderer(site)) for site in _SITES]


@pytest.mark.parametrize("damage", ["flip", "cut", "empty", "folder"])
def test_damaged_code_is_never_run_but_compiled_again(tmp_path, damage):
    wanted = _page(Renderer(PORTAL, tmp_path))
    for path in _kept(tmp_path):
        body = path.read_bytes()
        if damage == "folder":
            path.unlink()
            path.mkdir()
        else:
            path.write_bytes(
                {"flip": body[:-9] + bytes([body[-9] ^ 1]) + body[-8:], "cut": body[:60], "empty": b""}[damage]
            )
    _compiled.cache_clear()
    assert _page(Renderer(PORTAL, tmp_path)) == wanted


def test_code_of_other_settings_does_not_pile_up(tmp_path):
    for number in range(9):
        _page(Renderer(dataclasses.replace(PORTAL, title=f"Portal {number}"), tmp_path))
    assert len(list(tmp_path.iterdir())) <= 4
