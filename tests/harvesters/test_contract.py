"""Tests of how harvesters are found: what has `Options` and `harvest` reads a catalogue, and nothing else does."""

import pytest

from panfair import harvesters
from panfair.harvesters import harvester, kinds
from panfair.ontologies.errors import ConfigError


def test_every_kind_is_a_harvester_and_helpers_are_none():
    assert {"datacite", "dump", "icat", "icatplus", "oai", "records", "scicat"} <= set(kinds())
    for kind in kinds():
        assert callable(harvester(kind).harvest)
    for helper in ("http", "reading", "reading.values", "scicat.rest", "", "..icat", "no such"):
        assert helper not in kinds()
        with pytest.raises(ConfigError, match="there is no harvester"):
            harvester(helper)


def test_a_second_helper_beside_the_harvesters_needs_no_line_anywhere(tmp_path, monkeypatch):
    (tmp_path / "made_up_helper.py").write_text('"""Helps."""\n', encoding="utf-8")
    reads = "from panfair.harvesters import SourceOptions as Options\ndef harvest(options, context):\n    yield\n"
    (tmp_path / "made_up.py").write_text(reads, encoding="utf-8")
    monkeypatch.setattr(harvesters, "__path__", [*harvesters.__path__, str(tmp_path)])
    assert "made_up" in kinds() and "made_up_helper" not in kinds()
