"""A facility's own tables of what its words mean in PaNET: SSSOM (mapping-commons.github.io/sssom), read for `mapping`.

Tab- or comma-separated, PaNET on either side: the PaNET project's mapping_WFL.csv can be used as it is. They count
before our rules, for it is the facility's own words that they explain.
"""

import csv
import hashlib
import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from panfair.ontologies import panet
from panfair.ontologies.errors import OntologyError
from panfair.ontologies.mapping.sssom import Correspondence, Match
from panfair.ontologies.panet import label_key

log = logging.getLogger(__name__)

_PREFIX = re.compile(r"#\s+([A-Za-z][\w.-]*):\s*(https?://[^\s,]+)[\s,]*")
_REVERSED = {"exactMatch": "exactMatch", "closeMatch": "closeMatch", "narrowMatch": "broadMatch"}
"""What PaNET says of their term, said from their side; that theirs is the wider one is of no use to us."""
_ORDER: tuple[Match, ...] = ("exact", "close", "broad")
_WANTED = ("subject_id", "predicate_id", "object_id")


@dataclass(frozen=True, slots=True)
class Table:
    """A facility's mappings, found by what its catalogue says."""

    by_name: dict[str, Correspondence] = field(default_factory=dict)
    """By address, compact form, and label key."""
    digest: str = ""

    def row(self, said: str) -> Correspondence | None:
        """The mapping of a term by its address, compact form or label; None when there is none, or no single one."""
        return self.by_name.get(said.strip().casefold()) or self.by_name.get(label_key(said))


def read(paths: Iterable[Path]) -> Table:
    """The tables in some files, as one. Raises OntologyError with file and line for what is no mapping.

    A row whose PaNET id and label disagree, or that leads to no technique, is left out; the former is logged.
    """
    digest = hashlib.sha256()
    found: dict[str, list[Correspondence]] = {}
    for path in paths:
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise OntologyError(
                f"{path}: not readable as a table of mappings: {getattr(error, 'strerror', None) or error}"
            ) from None
        digest.update(text.encode())
        prefixes = dict(_PREFIX.fullmatch(line).groups() for line in text.splitlines() if _PREFIX.fullmatch(line))  # type: ignore[union-attr,misc]
        for row in _rows(path, text):
            prefix, _, local = row.id.partition(":")
            names = [row.id.casefold(), label_key(row.label)]
            names += [f"{prefixes[prefix]}{local}".casefold()] if prefix in prefixes else []
            for name in filter(None, names):
                found.setdefault(name, []).append(row)
    return Table({name: one for name, rows in found.items() if (one := _nearest(rows))}, digest.hexdigest())


def _nearest(rows: list[Correspondence]) -> Correspondence | None:
    """The row with the nearest match; None when two of them lead to two terms."""
    nearest = min(_ORDER.index(row.match) for row in rows)
    best = [row for row in rows if _ORDER.index(row.match) == nearest]
    return best[0] if len({row.panet for row in best}) == 1 else None


def _rows(path: Path, text: str) -> Iterator[Correspondence]:
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if not line.startswith("#")]
    lines = [(number, line) for number, line in lines if line.strip(",\t ")]
    delimiter = "\t" if lines and "\t" in lines[0][1] else ","
    table = csv.reader((line for _, line in lines), delimiter=delimiter)
    head = next(table, [])
    if missing := [name for name in _WANTED if name not in head]:
        raise OntologyError(f"{path}: no table of mappings: its first row has no column {missing[0]}")
    for (number, _), cells in zip(lines[1:], table, strict=False):
        row = _mapping(f"{path}:{number}", dict(zip(head, cells, strict=False)))
        if row is not None:
            yield row


def _mapping(place: str, said: dict[str, str]) -> Correspondence | None:
    """What a row says of the other vocabulary's term; None for what is of no use."""
    sides = {side: said.get(f"{side}_id", "").strip() for side in ("subject", "object")}
    found = {side: panet.load().term(name) for side, name in sides.items()}
    ours = [side for side, name in sides.items() if found[side] or name.casefold().startswith("panet:")]
    if len(ours) != 1:
        raise OntologyError(f"{place}: one of subject_id and object_id must be a PaNET term, such as panet:PaNET01188")
    (side,) = ours
    other = "object" if side == "subject" else "subject"
    term = found[side]
    predicate = said.get("predicate_id", "").strip().removeprefix("skos:")
    if predicate not in {*_REVERSED, "broadMatch"}:
        raise OntologyError(f"{place}: {predicate or 'an empty predicate_id'} is no exact, close, broad or narrowMatch")
    if term is None:
        raise OntologyError(f"{place}: PaNET has no term {sides[side]}")
    label = said.get(f"{side}_label", "").strip()
    if label and label_key(label) not in map(label_key, (term.label, *term.alt_labels)):
        log.warning("%s: left out, for %s is called “%s” and not “%s”", place, term.id, term.label, label)
        return None
    match = predicate if side == "object" else _REVERSED.get(predicate)
    if match not in {"exactMatch", "closeMatch", "broadMatch"} or not term.is_technique or term.deprecated:
        return None
    name = said.get(f"{other}_label", "").strip()
    return Correspondence(sides[other], name, term.id, cast("Match", match.removesuffix("Match")))


_chosen = Table()


def use(paths: Iterable[Path]) -> None:
    """Makes a facility's tables the ones that mapping asks first from now on. Raises OntologyError."""
    global _chosen
    _chosen = read(paths)


def chosen() -> Table:
    """The facility's tables that are in use; empty when it has none."""
    return _chosen
