"""The last finished harvest of each source, as files that only the operator can read: what the runs are made from.

`<source>.jsonl` is a line a record: `P <doi key> TAB <sha256> TAB <canonical JSON>`, `R <JSON of key and reason>` or
`W <JSON of key and withdrawal>`; of a source that adds to another `A <doi key there, if any> TAB <sha256> TAB <JSON>`.
Before them stands `F <digest>`: which fields a record had in the panfair that wrote it; behind them `E <sha256>` of all
of it: a file that was cut off must not look as if records had vanished. The files may hold closed records: they lie in
the state folder, mode 0600, and never under output.

Why no steps from form to form, as the ledger has: what records of another form lack, the catalogue can say and we
cannot. They are read as they are where that is possible, and the next harvest reads everything (`site.state.spool`).
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import BinaryIO, NamedTuple

import orjson
from pydantic import ValidationError

from panfair.harvesters import Refused, Withdrawn
from panfair.ontologies.additions import Addition
from panfair.ontologies.errors import DamagedHarvestError
from panfair.ontologies.record import Publication, Withdrawal, canonical, publication_from
from panfair.site.config.settings import Config

HEADER, END, DAMAGED, FOREIGN, CUT = "F", "E", "damaged", "foreign", "cut"
RECORDS = frozenset("PRWA")


class Line(NamedTuple):
    """One line as the index knows it."""

    kind: str
    """`P` a publication, `R` a refusal, `W` a withdrawal, `A` an addition, HEADER or END; DAMAGED: not as it was
    written; FOREIGN: another panfair wrote it, and this one cannot read it; CUT: none, as the file ends where it may
    not."""
    key: str
    """The DOI's key; empty where there is none."""
    digest: str
    start: int
    """In bytes, as the length with its line end."""
    length: int
    mark: bytes = b""
    """The harvester's digest of what the line was made of; empty when it told none."""


@dataclass(frozen=True, slots=True)
class Spooled:
    """One harvested record, not yet parsed again."""

    key: str
    digest: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Added:
    """One harvested addition, not yet parsed again."""

    key: str
    """Of the record in the other source that it belongs to; empty where there is none."""
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


def read_harvest(config: Config, source: str) -> Iterator[Spooled | Added | Refused | Withdrawn]:
    """The last finished harvest of a source, in the catalogue's order.

    Raises DamagedHarvestError, also when another panfair wrote it whose records this one cannot read.
    """
    with (spool_folder(config) / f"{source}.jsonl").open("rb") as file:
        for place, line in enumerate(lines_of(file)):
            if line.kind in RECORDS:
                file.seek(line.start)
                yield read_line(file.read(line.length))
            elif line.kind not in (HEADER, END):
                raise refused(line, source, place)


def lines_of(file: BinaryIO) -> Iterator[Line]:
    """The lines of a harvest, each held against its digest and, where another panfair wrote it, against its fields.

    The file may be read elsewhere between two of them.
    """
    start = 0
    foreign = whole = True
    digest_of_all = hashlib.sha256()
    while True:
        file.seek(start)
        if not (line := file.readline()):
            break
        key = digest = ""
        kind = line[:1].decode("ascii", "replace")
        if start == 0 and kind == HEADER:
            foreign, whole = line != header(), False  # an earlier panfair wrote neither head nor end
        elif kind == END:
            whole = line == end_line(digest_of_all.hexdigest()) and not file.readline()
            yield Line(kind, "", "", start, len(line))
            break
        else:
            whole = whole and (start > 0 or kind in "PA")
            try:
                item = read_line(line)
            except (ValueError, KeyError, TypeError):  # pydantic's and orjson's errors are ValueErrors
                kind = DAMAGED
            else:
                if isinstance(item, Spooled | Added):
                    key, digest = item.key, item.digest
                    kind = FOREIGN if foreign and not _is_readable(item) else kind
        digest_of_all.update(line)
        yield Line(kind, key, digest, start, len(line))
        start += len(line)
    if not whole or start == 0:
        yield Line(CUT, "", "", start, 0)


def refused(line: Line, source: str, place: int) -> DamagedHarvestError:
    """What to raise where a line that is DAMAGED or FOREIGN is to be read; `place` counts from 0."""
    if line.kind == FOREIGN:
        return DamagedHarvestError(
            source,
            "its last harvest was written by another version of panfair, whose records this one cannot read; what "
            "stands of it stays. `panfair harvest` reads it anew",
        )
    where = f"its last harvest ({source}.jsonl)"
    wrong = f"{where} is not whole" if line.kind == CUT else f"line {place + 1} of {where} is damaged"
    return DamagedHarvestError(source, f"{wrong}; what stands of it stays. `panfair repair` reads it anew")


def _is_readable(item: Spooled | Added) -> bool:
    try:
        publication_from(item.body) if isinstance(item, Spooled) else addition_in(item)
    except ValidationError:  # its text may be that of a closed record
        return False
    return True


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


def addition_in(item: Added) -> Addition:
    """The addition in a line of a harvest."""
    return Addition.model_validate_json(item.body)


def end_line(sha256: str) -> bytes:
    """The last line of a whole harvest, from the digest of all before it."""
    return b"E %s\n" % sha256.encode()


@cache
def header() -> bytes:
    """The first line of a harvest that this panfair writes: a digest of the fields of its records."""
    fields = [_fields(model.model_json_schema()) for model in (Publication, Addition)]
    return b"F %s\n" % hashlib.sha256(orjson.dumps(fields)).hexdigest().encode()


def _fields(schema: object) -> object:
    """A JSON Schema without what it tells people."""
    if isinstance(schema, dict):
        skipped = {name for name in ("title", "description") if isinstance(schema.get(name), str)} | {"examples"}
        return {name: _fields(value) for name, value in sorted(schema.items()) if name not in skipped}
    return [_fields(value) for value in schema] if isinstance(schema, list) else schema


def written(item: Publication | Addition | Refused | Withdrawn, belongs_to: str = "") -> tuple[bytes, str, str]:
    """An item as a line, with the DOI's key and the digest of a publication or an addition.

    `belongs_to` is the key of the record that an addition was matched with.
    """
    if isinstance(item, Addition):
        body = canonical(item)
        digest = digest_of_body(body)
        return b"A %s\t%s\t%s\n" % (belongs_to.encode(), digest.encode(), body), belongs_to, digest
    if isinstance(item, Publication):
        body = canonical(item)
        key, digest = item.doi.key, digest_of_body(body)
        return b"P %s\t%s\t%s\n" % (key.encode(), digest.encode(), body), key, digest
    if isinstance(item, Withdrawn):
        withdrawal = item.withdrawal.model_dump(mode="json", exclude_defaults=True)
        return b"W %s\n" % orjson.dumps({"key": item.key, "withdrawal": withdrawal}), "", ""
    return b"R %s\n" % orjson.dumps({"key": item.key, "reason": item.reason}), "", ""


def read_line(line: bytes) -> Spooled | Added | Refused | Withdrawn:
    """What a line says. Raises ValueError, KeyError or TypeError when it is not as it was written."""
    line = line.removesuffix(b"\n")
    if line.startswith(b"R "):
        return Refused(**orjson.loads(line[2:]))
    if line.startswith(b"W "):
        content = orjson.loads(line[2:])
        return Withdrawn(content["key"], Withdrawal.model_validate(content["withdrawal"]))
    key, digest, body = line[2:].split(b"\t", 2)
    if not line.startswith((b"P ", b"A ")) or digest_of_body(body) != digest.decode("ascii"):
        raise ValueError("not what was written")
    kind = Spooled if line.startswith(b"P ") else Added
    return kind(key.decode(), digest.decode(), body)


def spool_folder(config: Config) -> Path:
    """The folder of all harvests, made for the operator's eyes only."""
    folder = config.state / "harvest"
    config.state.mkdir(mode=0o700, parents=True, exist_ok=True)  # `parents` gives its mode to the last folder only
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def digest_of_body(body: bytes) -> str:
    """The digest that stands in a record's line."""
    return hashlib.sha256(body).hexdigest()
