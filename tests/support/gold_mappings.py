"""Mappings of terms to PaNET that others made."""

import csv
from pathlib import Path

from panfair.ontologies import panet
from panfair.ontologies.panet import label_key


def gold_of(path: Path, said: int) -> dict[str, set[str]]:
    """The techniques that a mapping of the project gives a term, by exact or close match.

    Two rows name a term by its label and give another one's id; the label counts. Targets that are no techniques
    ("x-ray" itself) are left out.
    """
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.reader(line for line in lines if not line.startswith("#")))[1:]
    table, found = panet.load(), {}
    for row in rows:
        if row[2] not in {"skos:exactMatch", "skos:closeMatch"}:
            continue
        term = table.term(row[0].split(":", 1)[1])
        if term is None or label_key(term.label) != label_key(row[1]):
            named = [each for each in table.labelled(row[1]) if each.is_technique]
            term = named[0] if named else term
        if term is not None and term.is_technique:
            found.setdefault(row[said].strip(), set()).add(term.id)
    return found
