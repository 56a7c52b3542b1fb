"""An index is opened only where every file of it is the one that was published."""

import shutil

import orjson
import pytest

from panfair.builders.search.index.whoosh import IndexWriter
from panfair.builders.search.language.request import SearchRequest
from panfair.ontologies.errors import ServeError
from panfair.site.search.engine import SearchEngine
from panfair.site.search.published import Published
from panfair.site.state.staging import digest_of


@pytest.fixture
def output(tmp_path):
    """An empty index with its manifest."""
    with IndexWriter(tmp_path / "search/publications"):
        pass
    _list(tmp_path)
    return tmp_path


def _list(output) -> None:
    files = {str(path.relative_to(output)): digest_of(path) for path in output.rglob("*") if path.is_file()}
    lines = [
        orjson.dumps(name) + b":" + orjson.dumps({"sha256": sha256, "size": size})
        for name, (sha256, size) in sorted(files.items())
        if name != "manifest.json"
    ]
    (output / "manifest.json").write_bytes(b'{"files":{\n' + b",\n".join(lines) + b"\n}}\n")


def _notes(output) -> tuple[str, ...]:
    engine = SearchEngine({"publications": output / "search/publications"}, output)
    try:
        return engine.search(SearchRequest(query="foam")).notes
    finally:
        engine.close()


def test_what_was_published_is_opened(output):
    assert _notes(output) == ()


@pytest.mark.parametrize("harm", ["another", "more", "less", "no manifest", "a damaged manifest"])
def test_whatever_was_not_published_is_not_opened(output, harm):
    folder = output / "search/publications"
    table = next(folder.glob("*.toc"))
    match harm:
        case "another":
            table.write_bytes(table.read_bytes() + b"x")
        case "more":
            shutil.copy(table, folder / "_main_99.toc")
        case "less":
            (folder / "FORMAT").unlink()
        case "no manifest":
            (output / "manifest.json").unlink()
        case "a damaged manifest":
            body = (output / "manifest.json").read_bytes()
            (output / "manifest.json").write_bytes(body.replace(b'"sha256":"', b'"sha256":7,"x":"'))
    with pytest.raises(ServeError):
        Published(output, folder).hold()
    assert "There is no search index yet." in _notes(output)


def test_an_index_that_was_refused_is_opened_once_its_manifest_is_there(output):
    engine = SearchEngine({"publications": output / "search/publications"}, output)
    manifest = (output / "manifest.json").read_bytes()
    (output / "manifest.json").unlink()
    assert engine.search(SearchRequest(query="foam")).notes
    (output / "manifest.json").write_bytes(manifest)
    assert engine.search(SearchRequest(query="foam")).notes == ()
    engine.close()
