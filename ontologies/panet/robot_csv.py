"""PaNET in its authors' CSV, a template of the ROBOT tool: what a release says of its classes, as axioms and labels.

The first row holds titles, the second ROBOT's template strings (`SC %` subclass, `EC %` equivalent, `DC %`
disjoint…), then comes one class or property a row, with expressions in Manchester syntax.
"""

import csv
import io
import re
from dataclasses import dataclass, field
from pathlib import Path

from panfair.ontologies.errors import OntologyError
from panfair.ontologies.panet.classify import THING, And, Axioms, Expression, Some
from panfair.ontologies.panet.names import NAMESPACE

_WORDS = re.compile(r"\(|\)|'[^']*'|[^\s()']+")


@dataclass
class Release:
    """What a release says of its classes, by IRI."""

    version: str
    axioms: Axioms = field(default_factory=Axioms)
    labels: dict[str, str] = field(default_factory=dict)
    alt_labels: dict[str, list[str]] = field(default_factory=dict)
    deprecated: dict[str, str] = field(default_factory=dict)
    """The deprecated terms, with the IRI of what replaces them or an empty text."""


def read_csv(source: Path, data: bytes) -> Release:
    """The release in PaNET's CSV: a first row of titles, a second of ROBOT template strings, then one class a row."""
    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
        template = [cell.split(" SPLIT=")[0].strip() for cell in rows[1]]
        key = template.index("ID")
    except (UnicodeDecodeError, csv.Error, IndexError, ValueError) as error:
        raise OntologyError(f"{source}: not readable as PaNET's CSV: {error}; the old table stays") from None
    release = Release("unknown")
    lines: list[tuple[int, str, dict[str, list[str]]]] = []
    for number, row in enumerate(rows[2:], 3):
        iri = _full(row[key].strip()) if len(row) > key else ""
        if not iri:
            continue
        cells: dict[str, list[str]] = {}
        for name, cell in zip(template, row, strict=False):
            if cell.strip():
                cells.setdefault(name, []).append(cell.strip())
        lines.append((number, iri, cells))
        for label in cells.get("A rdfs:label", [])[:1]:
            release.labels.setdefault(iri, tidy(label))
        alternatives = [tidy(x) for name, found in cells.items() if name.endswith("altLabel") for x in found]
        release.alt_labels.setdefault(iri, []).extend(alternatives)
    names: dict[str, set[str]] = {}
    for iri, label in release.labels.items():
        names.setdefault(label, set()).add(iri)
    for number, iri, cells in lines:
        try:
            _read_row(release.axioms, iri, cells, names)
        except ValueError as error:
            raise OntologyError(f"{source}: line {number}: {error}; the old table stays") from None
    roles = {iri for _, iri, cells in lines if "property" in " ".join(cells.get("TYPE", [])).lower()}
    for iri in roles:
        release.labels.pop(iri, None)
        release.alt_labels.pop(iri, None)
    return release


def _read_row(axioms: Axioms, iri: str, cells: dict[str, list[str]], names: dict[str, set[str]]) -> None:
    def read(column: str) -> list[Expression]:
        return [_manchester(cell, names) for cell in cells.get(column, [])]

    if "property" in " ".join(cells.get("TYPE", [])).lower():
        axioms.roles += [(iri, str(wide)) for wide in read("SP %") if isinstance(wide, str)]
        axioms.domains += [(iri, str(name)) for name in read("DOMAIN") if isinstance(name, str)]
        axioms.ranges += [(iri, str(name)) for name in read("RANGE") if isinstance(name, str)]
        return
    axioms.subclasses += [(iri, wide) for wide in read("SC %")]
    # ROBOT: several EC columns of one row make one equivalence with their intersection.
    if same := read("EC %"):
        axioms.equivalent(iri, same[0] if len(same) == 1 else And(tuple(same)))
    for other in read("DC %"):
        axioms.disjoint(iri, other)


def _manchester(cell: str, names: dict[str, set[str]]) -> Expression:
    """The class expression in a cell, in Manchester syntax with quoted labels. Raises ValueError with the reason."""

    def name(word: str) -> str:
        bare = word.strip("'").strip()
        if bare in {"owl:Thing", "Thing"}:
            return THING
        found = names.get(tidy(bare), set())
        if len(found) == 1:
            return next(iter(found))
        if not found and (full := _full(bare)):
            return full
        raise ValueError(f"{bare!r} is the label of {len(found)} terms")

    def conjunction() -> Expression:
        parts = [primary()]
        while words and words[0] == "and":
            words.pop(0)
            parts.append(primary())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def primary() -> Expression:
        if not words:
            raise ValueError(f"{cell!r} ends too early")
        word = words.pop(0)
        if word == "(":
            inner = conjunction()
            if not words or words.pop(0) != ")":
                raise ValueError(f"{cell!r} has a bracket that is not closed")
            return inner
        if words and words[0] == "some":
            words.pop(0)
            return Some(name(word), primary())
        return name(word)

    if tidy(cell.strip("'")) in names or _full(cell):
        return name(cell)
    words = _WORDS.findall(cell)
    answer = conjunction()
    if words:
        raise ValueError(f"{cell!r} goes on after its end, at {words[0]!r}")
    return answer


def _full(text: str) -> str:
    """The IRI that a cell of the CSV names, or an empty text."""
    if re.match(r"https?://\S+$", text):
        return text
    return NAMESPACE + text.partition(":")[2] if re.fullmatch(r"(?i:panet):\w+", text) else ""


def tidy(text: str) -> str:
    """The text with single blanks and none at its ends."""
    return " ".join(text.split())
