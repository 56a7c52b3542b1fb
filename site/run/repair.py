"""`panfair repair`: a damaged ledger is made again from output/ and from what of it can be read; a harvest, by reading.

What a record may show stands in the ledger with its digest, so what can still be read is known to be whole. All else
comes from what the last run published, where it is as the manifest says: which files stand, the tombstones, and since
when OAI-PMH tells of each record. Every record is then judged anew; until then nothing is open that was not. The
damaged file is kept beside the new one.
"""

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from panfair.builders.card import card_of
from panfair.builders.html.list_kind import shelves_of
from panfair.builders.oai.store import moments_in
from panfair.builders.pages.closed_states import MARK
from panfair.ontologies.embargo import reopen, restated, statement
from panfair.ontologies.errors import DamagedHarvestError, GateError, PanfairError
from panfair.ontologies.identifiers import Doi, path_to_doi
from panfair.ontologies.record import publication_from
from panfair.site.config.settings import Config
from panfair.site.run.day import Day
from panfair.site.run.harvesting import harvest
from panfair.site.run.progress import Progress
from panfair.site.run.report import Report
from panfair.site.state.harvest_file import Spooled, has_harvest, publication_in, read_harvest
from panfair.site.state.layout import GIVEN, INDEX, LEDGER, PANOSC, RECORDS, STORE
from panfair.site.state.ledger import REPAIRED, Ledger, Row, State, content_hash
from panfair.site.state.lock import locked
from panfair.site.state.manifest import MANIFEST
from panfair.site.state.recovery import ledger_faults
from panfair.site.state.staging import digest_of

_ASIDE = "ledger.damaged"
_DOIS = "www/doi/"
_GIVEN = f"{GIVEN}/doi/"


def repair(config: Config, day: Day, report: Report, progress: Progress) -> list[str]:
    """What was mended, a line each; none when all is sound. The run that follows publishes what is right again."""
    done = []
    with locked(config.state):
        fault = next(ledger_faults(config), "")
        if fault:
            kept = _new_ledger(config, day)
            done.append(f"{LEDGER}: {fault}; made again, with {kept}. The damaged one is kept as {_ASIDE}")
    damaged = [source.name for source in config.sources if _is_damaged(config, source.name)]
    if damaged:
        harvest(config, report, progress, full=True, only=damaged)
        done += [f"{name}: its last harvest was damaged; read anew" for name in damaged if not report.has_failed(name)]
    return done


def _is_damaged(config: Config, source: str) -> bool:
    """Whether the last harvest of a source is not as it was written, or is gone while that of another is there."""
    if not has_harvest(config, source):
        return True
    try:
        for item in read_harvest(config, source):
            if isinstance(item, Spooled):
                publication_in(source, item)
    except (DamagedHarvestError, ValueError):
        return True
    return False


@dataclass(frozen=True)
class _Published:
    """What the last run left in output/, as far as it is still as the manifest says."""

    files: Mapping[str, tuple[str, int]]
    manifest: str
    """The manifest's digest; empty when something is not as it says."""
    moments: Mapping[str, tuple[datetime, bool]]
    """Since when OAI-PMH tells of a record, and whether as deleted."""


def _new_ledger(config: Config, day: Day) -> str:
    """Puts a new ledger in the place of the damaged one; what could be kept, in words."""
    path, fresh = config.state / LEDGER, config.state / "ledger.new"
    fresh.unlink(missing_ok=True)
    published = _published(config.output)
    rows = {row.key: row for row in _readable_rows(path, day, published)}
    tombstones = {row.key: row for row in _tombstones(config, day, published) if row.key not in rows}
    with closing(Ledger.open(fresh)) as ledger:
        ledger.begin()
        for row in (rows | tombstones).values():
            _put(ledger, row, day)
        owners = {Doi.parse(key).path: key for key in (*rows, *tombstones)}
        for name, (sha256, size) in published.files.items():
            ledger.connection.execute(
                "INSERT INTO file VALUES (?, ?, ?, ?, '')", (name, sha256, size, _owner(name, owners))
            )
        ledger.set_note("manifest", published.manifest)
        ledger.set_note(REPAIRED, day.on.isoformat())
        ledger.commit()
    if path.exists():
        path.replace(config.state / _ASIDE)
    path.with_name(f"{LEDGER}-journal").unlink(missing_ok=True)  # of the damaged one
    fresh.replace(path)
    return f"{len(rows)} records that it still told of and {len(tombstones)} tombstones that stand in {config.output}"


def _put(ledger: Ledger, row: Row, day: Day) -> None:
    ledger.put(row)
    if row.state == "open":
        released = reopen(publication_from(row.content), day.on)
        shelves = shelves_of(released)
        card = card_of(released, row.changed, shelves)
        ledger.connection.execute("UPDATE record SET card = ? WHERE key = ?", (card.to_json(), row.key))
        ledger.shelve(row.key, card.day, shelves)


def _published(output: Path) -> _Published:
    try:
        body = (output / MANIFEST).read_bytes()
        listed = {name: (entry["sha256"], entry["size"]) for name, entry in orjson.loads(body)["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return _Published({}, "", {})
    files = {name: digest for name, digest in listed.items() if _stands(output / name, digest)}
    moments = dict(moments_in(output / STORE)) if STORE in files else {}
    whole = hashlib.sha256(body).hexdigest() if len(files) == len(listed) else ""
    return _Published(files, whole, moments)


def _stands(path: Path, entry: tuple[str, int]) -> bool:
    try:
        return digest_of(path) == entry
    except OSError:
        return False


def _readable_rows(path: Path, day: Day, published: _Published) -> Iterator[Row]:
    """The rows of the damaged ledger whose content is that of its digest, to be judged anew."""
    if not path.is_file():
        return
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
        for key in _keys(db):
            try:
                state, content, sha256, listed, stamp = db.execute(
                    "SELECT state, content, hash, listed, datestamp FROM record WHERE key = ?", (key,)
                ).fetchone()
                if content_hash(state, content) != sha256:
                    continue
                if state == "open":
                    shown: Any = publication_from(content)
                    reopen(shown, day.on)
                else:
                    shown = restated(content)
                if shown.doi.key == key:
                    since = _moment(published, key, str(stamp), day)
                    yield _row(key, shown, state, content, since, bool(listed) or state == "open", day)
            except (sqlite3.Error, PanfairError, GateError, ValueError, TypeError, KeyError, AttributeError):
                continue  # judged from the harvest, if it is there


def _keys(db: sqlite3.Connection) -> list[str]:
    found: list[str] = []
    try:
        for (key,) in db.execute("SELECT key FROM record"):
            found.append(key)
    except sqlite3.Error:
        pass  # as many as can be read
    return found


def _tombstones(config: Config, day: Day, published: _Published) -> Iterator[Row]:
    """Those that stand in output/, bare: their citation is on the page only, and the page is made anew."""
    for name in published.files:
        if not (name.startswith(_DOIS) and name.endswith(f"/{MARK}")):
            continue
        try:
            withdrawal = orjson.loads((config.output / name).read_bytes())
            doi = Doi.parse(withdrawal.pop("doi"))
            values = {"doi": str(doi), "source": "", "source_id": "", "publisher": config.portal.publisher}
            stone = restated(orjson.dumps({**values, "withdrawal": withdrawal}))
            content = statement(stone)
            since = _moment(published, doi.key, "", day)
            yield _row(doi.key, stone, "tombstone", content, since, doi.key in published.moments, day)
        except (OSError, PanfairError, ValueError, TypeError, KeyError):
            continue


def _moment(published: _Published, key: str, stamp: str, day: Day) -> datetime:
    """Since when OAI-PMH tells of a record as it is: by the store, else by its row, else since now."""
    if key in published.moments:
        return published.moments[key][0]
    try:
        found = datetime.fromisoformat(stamp)
        return min(found, day.instant) if found.tzinfo else day.instant
    except ValueError:
        return day.instant


def _row(key: str, shown: Any, state: State, content: bytes, since: datetime, listed: bool, day: Day) -> Row:
    stamp = since.astimezone(UTC).replace(microsecond=0)
    on = day.on.isoformat()
    return Row(
        key=key,
        source=shown.source,
        source_id=shown.source_id,
        state=state,
        content=content,
        hash=content_hash(state, content),
        input="",
        gate="",
        judged_on=on,
        judged_until=on,
        datestamp=stamp.isoformat(),
        changed=stamp.date().isoformat(),
        listed=listed,
        payload="",
        words="",
        rendered="",
        card=b"",
    )


def _owner(name: str, keys: Mapping[str, str]) -> str:
    """Whose a file is; of what no row is left, nobody's: it is taken away unless a record or product claims it."""
    if name.startswith((f"{INDEX}/", f"{RECORDS}/")) or name in (STORE, PANOSC):
        return "indexes"
    if name.startswith("www/search/data/"):
        return "search"
    if not name.startswith((_DOIS, _GIVEN)):
        return "sheets" if name.startswith("www/") else "states"
    parts = name.removeprefix(_DOIS).removeprefix(_GIVEN).split("/")
    folders = ("/".join(parts[:end]) for end in range(len(parts) - 1, 0, -1))
    return next((keys[folder] for folder in folders if folder in keys), path_to_doi("/".join(parts[:-1])))
