"""The last finished harvest of each source, as files that only the operator can read: what the runs are made from.

`<source>.jsonl` is a line a record: `P <doi key> TAB <sha256> TAB <canonical JSON>`, `R <JSON of key and reason>` or
`W <JSON of key and withdrawal>`. Before them stands `F <digest>`: which fields a record had in the panfair that wrote
it; behind them `E <sha256>` of all of it: a file that was cut off must not look as if records had vanished. The files
may hold closed records: they lie in the state folder, mode 0600, and never under output.

Why no steps from form to form, as the ledger has: what records of another form lack, the catalogue can say and we
cannot. They are read as they are where that is possible, and the next harvest reads everything (`site.state.spool`).
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from pydantic import ValidationError

from panfair.harvesters import Refused, Withdrawn
from panfair.ontologies.errors import DamagedHarvestError
from panfair.ontologies.record import Publication, Withdrawal, publication_from
from panfair.site.config.settings import Config


@dataclass(frozen=True, slots=True)
class Spooled:
    """One harvested record, not yet parsed again."""

    key: str
    digest: str
    body: bytes


def harvested_on(config: Config, source: str) -> date | None:
    """The day (UTC) on which the last finished harvest of a source began; None: there is none.

    A harvest that an earlier version kept counts from the day when its file was written.
    """
    folder = spool_folder(config)
    try:
        began = float(orjson.loads((folder / f"{source}.began").read_bytes())["began"])
    except (OSError, ValueError, KeyError, TypeError):
        try:
            began = (folder / f"{source}.jsonl").stat().st_mtime
        except OSError:
            return None
    return datetime.fromtimestamp(began, UTC).date()


def records_in(config: Config, source: str) -> int:
    """How many records the last finished harvest of a source gave, refused ones among them; 0: nobody knows."""
    try:
        return int(orjson.loads((spool_folder(config) / f"{source}.began").read_bytes())["records"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0


def has_harvest(config: Config, source: str) -> bool:
    """Whether the source was ever read to its end."""
    return (spool_folder(config) / f"{source}.jsonl").is_file()


def read_harvest(config: Config, source: str) -> Iterator[Spooled | Refused | Withdrawn]:
    """The last finished harvest of a source, in the catalogue's order.

    Raises DamagedHarvestError, also when another panfair wrote it whose records this one cannot read.
    """
    path = spool_folder(config) / f"{source}.jsonl"
    with path.open("rb") as file:
        first = file.readline()
        foreign, whole = first != header(), first.startswith(b"P ")  # an earlier panfair wrote neither head nor end
        file.seek(0)
        digest = hashlib.sha256()
        for number, line in enumerate(file, 1):
            if line.startswith(b"E "):
                whole = line == end_line(digest.hexdigest()) and not file.readline()
                break
            digest.update(line)
            if line.startswith(b"F ") and number == 1:
                continue
            try:
                item = _read(line.removesuffix(b"\n"))
            except (ValueError, KeyError, TypeError):  # pydantic's and orjson's errors are ValueErrors
                raise DamagedHarvestError(
                    source,
                    f"line {number} of its last harvest ({path.name}) is damaged; what stands of it stays. "
                    "`panfair repair` reads it anew",
                ) from None
            if foreign and isinstance(item, Spooled):
                _must_be_readable(item, source)
            yield item
    if not whole:
        raise DamagedHarvestError(
            source,
            f"its last harvest ({path.name}) is not whole; what stands of it stays. `panfair repair` reads it anew",
        )


def _must_be_readable(item: Spooled, source: str) -> None:
    try:
        publication_from(item.body)
    except ValidationError:  # its text may be that of a closed record
        raise DamagedHarvestError(
            source,
            "its last harvest was written by another version of panfair, whose records this one cannot read; what "
            "stands of it stays. `panfair harvest` reads it anew",
        ) from None


def publication_in(source: str, item: Spooled) -> Publication:
    """The record in a line of a harvest. Raises DamagedHarvestError when the line tells another DOI than its record."""
    publication = publication_from(item.body)
    if publication.doi.key != item.key:
        raise DamagedHarvestError(
            source,
            f"a line of its last harvest tells another DOI than its record ({item.key}), so it is damaged; what stands "
            "of it stays. `panfair repair` reads it anew",
        )
    return publication


def end_line(sha256: str) -> bytes:
    """The last line of a whole harvest, from the digest of all before it."""
    return b"E %s\n" % sha256.encode()


@cache
def header() -> bytes:
    """The first line of a harvest that this panfair writes: a digest of the fields of its records."""
    return b"F %s\n" % hashlib.sha256(orjson.dumps(_fields(Publication.model_json_schema()))).hexdigest().encode()


def _fields(schema: object) -> object:
    """A JSON Schema without what it tells people."""
    if isinstance(schema, dict):
        told = {name for name in ("title", "description") if isinstance(schema.get(name), str)} | {"examples"}
        return {name: _fields(value) for name, value in sorted(schema.items()) if name not in told}
    return [_fields(value) for value in schema] if isinstance(schema, list) else schema


def _read(line: bytes) -> Spooled | Refused | Withdrawn:
    """One line of a harvest. Raises ValueError, KeyError or TypeError when it is not as it was written."""
    if line.startswith(b"R "):
        return Refused(**orjson.loads(line[2:]))
    if line.startswith(b"W "):
        told = orjson.loads(line[2:])
        return Withdrawn(told["key"], Withdrawal.model_validate(told["withdrawal"]))
    key, digest, body = line.removeprefix(b"P ").split(b"\t", 2)
    if not line.startswith(b"P ") or digest_of_body(body) != digest.decode("ascii"):
        raise ValueError("not what was written")
    return Spooled(key.decode(), digest.decode(), body)


def keys_of(config: Config, source: str) -> Iterator[str]:
    """The DOI keys of the records in the last finished harvest of a source, in their order; nothing else is read."""
    with (spool_folder(config) / f"{source}.jsonl").open("rb") as file:
        for line in file:
            if line.startswith(b"P "):
                yield line[2:].partition(b"\t")[0].decode("utf-8", "replace")


class HarvestFile:
    """The last finished harvest, by DOI key; open until it is closed."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self._places: dict[bytes, int] = {}
        place = 0
        for line in self._file:
            if line.startswith(b"P "):
                self._places[line[2:].split(b"\t", 1)[0]] = place
            place += len(line)

    def keys(self) -> Iterator[str]:
        """The DOI keys of its records."""
        return (key.decode("utf-8", "replace") for key in self._places)

    def line(self, key: str) -> bytes | None:
        """The line of a record, whole and undamaged; None when there is none such."""
        place = self._places.get(key.encode())
        if place is None:
            return None
        self._file.seek(place)
        line = self._file.readline()
        parts = line.removesuffix(b"\n").split(b"\t", 2)
        return line if len(parts) == 3 and digest_of_body(parts[2]).encode() == parts[1] else None

    def document(self, key: str) -> dict[str, Any] | None:
        """A record's canonical JSON; None as for `line`."""
        line = self.line(key)
        found: dict[str, Any] | None = orjson.loads(line.split(b"\t", 2)[2]) if line else None
        return found

    def close(self) -> None:
        self._file.close()


def spool_folder(config: Config) -> Path:
    """The folder of all harvests, made for the operator's eyes only."""
    folder = config.state / "harvest"
    config.state.mkdir(mode=0o700, parents=True, exist_ok=True)  # `parents` gives its mode to the last folder only
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def digest_of_body(body: bytes) -> str:
    """The digest that stands in a record's line."""
    return hashlib.sha256(body).hexdigest()
