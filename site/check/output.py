"""`panfair check`: is what stands in output/ what the last run left there, whole, and free of closed words?

It reads every byte of output/. It changes nothing and needs no catalogue.
"""

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import orjson
from lxml import etree, html

from panfair.builders.html.words import number
from panfair.builders.oai.store import texts_in
from panfair.builders.panosc.store import panosc_texts_in
from panfair.builders.search.language.request import SCOPES
from panfair.site.check.formats import faulty_forms
from panfair.site.check.todo import ToDo, write_todo
from panfair.site.config.settings import Config
from panfair.site.run.day import day_of
from panfair.site.run.leaks.index_scan import index_findings
from panfair.site.run.leaks.tables import LeakTables
from panfair.site.state.layout import GIVEN, INDEX, LEDGER, PANOSC, RECORDS, REQUIRED, STORE
from panfair.site.state.ledger import MEND, Ledger
from panfair.site.state.manifest import MANIFEST
from panfair.site.state.recovery import ledger_faults
from panfair.site.state.secret import site_key
from panfair.site.state.staging import FOLDER, PROGRAMS, digest_of

_MANY = 20
_READ_BELOW = (f"{INDEX}/", f"{RECORDS}/")  # through what gives them out, as words and not as packed bytes
_UNSERVED = f"{GIVEN}/"  # where released files lie, for the server's eyes alone
_MOST_FOR_WHOOSH = 20_000  # documents; beyond, its first answers take longer than people wait


def check(config: Config) -> Iterator[str]:
    """One line for each thing that is wrong; nothing when all is well."""
    output = config.output
    if not (output / MANIFEST).exists() and not (config.state / LEDGER).is_file():
        yield f"{output}: nothing was published here yet; run `panfair publish`"
        return
    unsound = False
    for line in _shorten("ledger", (f"{fault}; {MEND}" for fault in ledger_faults(config))):
        unsound = True
        yield line
    yield from _shorten("manifest", _against_manifest(output))
    yield from _shorten("forms", faulty_forms(output / "www"))
    yield from _shorten("links", _dead_links(output / "www"))
    yield from _shorten("output", _required(output))
    if unsound:
        return  # what was closed is told by a ledger only
    ledger = Ledger.open(config.state / LEDGER)
    try:
        if ledger.connection.execute("SELECT 1 FROM redo LIMIT 1").fetchone():
            yield "a run was interrupted; `panfair publish` (or the start of `panfair serve`) finishes it"
        yield from _shorten("leak", _leaks(config, ledger))
        yield from _engine(config, ledger)
    except sqlite3.DatabaseError as error:
        yield f"ledger: it is damaged ({error}); {MEND}"
    finally:
        ledger.close()


def todo_of(config: Config, folder: Path | None = None) -> ToDo | None:
    """Writes the curator's list; None when nothing was published yet, or the ledger is damaged."""
    path = config.state / LEDGER
    if not path.is_file() or any(True for _ in ledger_faults(config)):
        return None
    ledger = Ledger.open(path)
    try:
        return write_todo(config, ledger, day_of(None).on, folder)
    finally:
        ledger.close()


def _shorten(part: str, lines: Iterator[str]) -> Iterator[str]:
    for place, line in enumerate(lines):
        if place == _MANY:
            yield f"{part}: … and more"
            return
        yield f"{part}: {line}"


def _against_manifest(output: Path) -> Iterator[str]:
    try:
        listed = {name: (entry["sha256"], entry["size"]) for name, entry in _manifest(output).items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        yield f"{MANIFEST} is damaged or gone; `panfair publish` holds all files against the ledger and writes it anew"
        return
    for path in sorted(output.rglob("*")):
        name = str(path.relative_to(output))
        if path.is_dir() or name in {MANIFEST, ".gitignore"} or name.startswith(FOLDER):
            continue
        entry = listed.pop(name, None)
        if entry is None:
            yield f"{name} is not of ours; take it away, or it will be served with the site"
        elif not _stands(path, entry):
            yield f"{name} is not as it was published; delete manifest.json and run `panfair publish` to write it anew"
    for name in sorted(listed):
        yield f"{name} is missing; delete manifest.json and run `panfair publish` to write it anew"


def _stands(path: Path, entry: tuple[str, int]) -> bool:
    try:
        return digest_of(path) == entry
    except OSError:  # a link to nowhere, or what this account may not read
        return False


def _manifest(output: Path) -> dict[str, dict[str, Any]]:
    files: dict[str, dict[str, Any]] = orjson.loads((output / MANIFEST).read_bytes())["files"]
    return files


def _dead_links(www: Path) -> Iterator[str]:
    known: dict[str, bool] = {}
    for page in sorted(www.rglob("*.html")):
        if not page.is_file():
            continue  # the folder of a DOI that looks like a file
        try:
            tree = html.document_fromstring(page.read_bytes() or b"<html></html>")
        except (etree.LxmlError, ValueError):
            continue  # told of as a form
        for link in filter(None, (element.get(name) for element in tree.iter("*") for name in ("href", "src"))):
            try:
                address = urlsplit(link)
            except ValueError:
                yield f"{page.relative_to(www)} links to {link}, which is no address"
                continue
            if address.scheme or address.netloc or not address.path.startswith("/"):
                continue
            if address.path.startswith(("/search", "/oai", "/api/")):
                continue  # answered by the server
            if address.path not in known:
                target = www / unquote(address.path).lstrip("/")
                known[address.path] = target.is_file() or (target / "index.html").is_file()
            if not known[address.path]:
                yield f"{page.relative_to(www)} links to {address.path}, which is not there"


def _leaks(config: Config, ledger: Ledger) -> Iterator[str]:
    scanner = LeakTables(ledger.connection, site_key(config)).scanner()
    output = config.output
    programs = dict(ledger.connection.execute("SELECT path, sha256 FROM file WHERE owner = ?", (PROGRAMS,)).fetchall())
    for path in sorted(output.rglob("*")) if scanner else ():
        name = str(path.relative_to(output))
        if (
            not path.is_file()
            or name in {MANIFEST, STORE, PANOSC}
            or name.startswith((FOLDER, _UNSERVED, *_READ_BELOW))
        ):
            continue
        if name in programs and digest_of(path)[0] == programs[name]:
            continue  # as it came with the package; no record had a part in it
        try:
            found = len(list(scanner.findings(name, path.read_bytes())))
        except Exception as error:  # whatever the reader of a form raises for what is none any more
            yield f"{name} cannot be read ({type(error).__name__}), so nobody knows what it shows"
            continue
        if found:
            yield (
                f"{name} shows {number(found)} words or names of closed records: take the site off the net, then "
                "correct the record or its date and publish again"
            )
    for scope in SCOPES if scanner else ():
        name = f"{INDEX}/{scope}"
        try:
            found = len(list(index_findings(output / name, name, scanner)))
        except Exception as error:  # an engine raises whatever its files do
            yield f"{name} cannot be read ({type(error).__name__}), so nobody knows what it shows"
            continue
        if found:
            yield f"{name} shows {number(found)} words or names of closed records"
    for name, body in _stored(output):
        if found := len(list(scanner.findings(name, body))):
            yield f"{name} shows {number(found)} words or names of closed records"


def _stored(output: Path) -> Iterator[tuple[str, bytes]]:
    """What stores and indexes say of records, a text at a time."""
    broken = (sqlite3.DatabaseError, OSError, EOFError, ValueError, zlib.error)  # a broken store is told of below
    with suppress(*broken):
        for name, body in texts_in(output / STORE):
            yield f"{STORE}: {name}.xml", body
    with suppress(*broken):
        for name, body in panosc_texts_in(output / PANOSC):
            yield f"{PANOSC}: {name}", body


def _engine(config: Config, ledger: Ledger) -> Iterator[str]:
    totals = ledger.totals()
    documents = totals.publications + totals.datasets
    if config.search.engine == "whoosh" and documents > _MOST_FOR_WHOOSH:
        yield (
            f"search: {number(documents)} publications and datasets are many for Whoosh; pip install tantivy "
            'and write engine = "tantivy" below [search]'
        )


def _required(output: Path) -> Iterator[str]:
    for name in REQUIRED:
        if not (output / name).is_file():
            yield f"{name} is missing; the next `panfair publish` makes it anew"
        elif name.endswith(".sqlite"):
            yield from _sound(output / name)


def _sound(store: Path) -> Iterator[str]:
    try:
        connection = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
        try:
            (verdict,) = connection.execute("PRAGMA integrity_check").fetchone()
        finally:
            connection.close()
        if verdict != "ok":
            yield f"{store.name}: {verdict}"
    except sqlite3.DatabaseError as error:
        yield f"{store.name} cannot be read: {error}"
