"""Made-up documents for the search index, and an oracle that answers any query by reading all of them."""

from collections import Counter
from datetime import date, timedelta
from random import Random
from typing import Any

from panfair.builders.search.documents.fields import NAME_FIELDS, TEXT_FIELDS
from panfair.builders.search.documents.scoring import rarity
from panfair.builders.search.documents.words import VALUE_END, words
from panfair.builders.search.language.query import parse
from panfair.builders.search.language.tree import (
    And,
    DoiIs,
    Everything,
    FacetIs,
    Most,
    Not,
    Or,
    Phrase,
    Prefix,
    Range,
    Word,
    Years,
)
from panfair.ontologies.text import fold

FIELDS = (*TEXT_FIELDS, *NAME_FIELDS)

_PLAIN = """foam foams foaming drainage silica X-ray xray ray tomography Tomographies tomographic diffraction of the in
situ in-situ La0.7Sr0.3MnO3 SiO2 Müller Muller Mueller Müller-Groß O’Neill µm
GI-SAXS SAXS WAXS β-Ga2O3 beta 3.5 keV scattering scatter
neutron EX01 EX-01 magnet magnetic magnetism Ångström zeolite constructor"""
VOCABULARY = tuple(_PLAIN.split())
PEOPLE = ("Testa Madeup", "Invented Person", "Anna-Lena Beispiel", "Çelik Örnek", "Müller, Made Up")
TECHNIQUES = ("tomography", "small angle x-ray scattering", "diffraction", "x-ray diffraction", "neutron tomography")
ABOVE = {"x-ray diffraction": "diffraction", "neutron tomography": "tomography"}
"""What stands above a technique: who has the one has the other."""
IDENTIFIERS = ("0000000151093700", "101234abc", "200101234", "2050012269d1", "scan0001h5", "6vxx")
"""Those of `queries.IDENTIFIERS` and `queries.DOIS`, as they are found."""
FORMATS = ("HDF5", "TIFF", "CSV")
LICENCES = ("CC-BY-4.0", "CC0-1.0")
FACET_NAMES = ("technique", "instrument", "facility", "element", "kind", "has", "format", "licence", "detail")
INSTRUMENTS = ("EX01 - Imaging", "EX02", "EX-02", "Made “up” 3")
_NUMBERS = (
    ("energy", 1.602176634e-16, (5.0, 8.048, 10.0, 12.4, 14.0, 70.0)),
    ("resolution", 1e-10, (1.0, 1.5, 2.0, 3.25)),
    ("temperature", 1.0, (4.2, 100.0, 293.15, 300.0)),
)
"""Quantities, their unit in SI and the values in it."""
FACILITIES = ("Example Photon Source", "Example Neutron Source")


def a_dataset_document(number: int, random: Random) -> dict[str, Any]:
    """A small document of a dataset; three of them have one publication."""
    owner = f"10.1000/example-{number // 3}"
    made = a_document(number, random, longest=8)
    made["text"]["doi"] = owner.upper()
    return made | {"key": f"{owner}#set-{number}", "owner": owner, "doi": owner.upper(), "publication": "Made up"}


def a_document(number: int, random: Random, longest: int = 40) -> dict[str, Any]:
    """A document as `builders.search.document` makes them, with words that often meet."""

    def some(most: int) -> str:
        return " ".join(random.choices(VOCABULARY, k=random.randint(1, most)))

    key = f"10.{1000 + number % 3}/example-{number}"
    techniques = random.sample(TECHNIQUES, random.randint(0, 3))
    instruments = random.sample(INSTRUMENTS, random.randint(0, 2))
    facility = random.choice(FACILITIES)
    elements = random.sample(("H", "O", "Fe", "Ni"), random.randint(0, 2))
    day = date(2015, 1, 1) + timedelta(days=random.randint(0, 3000)) if random.random() < 0.9 else None
    creators = random.sample(PEOPLE, random.randint(1, 3))
    title, abstract = some(6), some(longest)
    text = {
        "title": title,
        "abstract": abstract,
        "people": VALUE_END.join(creators),
        "lead": VALUE_END.join(creators[:1]),
        "investigator": VALUE_END.join(creators[-1:] if number % 3 else ()),
        "technique": VALUE_END.join(techniques),
        "instrument": VALUE_END.join(instruments),
        "facility": facility,
        "sample": VALUE_END.join(random.choices(VOCABULARY, k=random.randint(0, 3))),
        "keyword": VALUE_END.join(some(2) for _ in range(random.randint(0, 3))),
        "doi": key.upper(),
        "identifier": VALUE_END.join(IDENTIFIERS[at % len(IDENTIFIERS)] for at in range(number % 3)),
    }
    return {
        "key": key,
        "owner": key,
        "doi": key.upper(),
        "page": f"/doi/{key}/",
        "title": title,
        "abstract": abstract,
        "creators": creators,
        "creator_count": len(creators) + (9 if number % 5 == 0 else 0),
        "techniques": techniques,
        "instruments": instruments,
        "facility": facility,
        "told": [["Energy", "12.4 keV"]][: random.randint(0, 1)],
        "year": day.year if day else random.randint(2015, 2023),
        "day": day.isoformat() if day else "",
        "size_bytes": random.choice([0, 5, 10**9, random.randint(0, 10**13)]),
        "files": random.randint(0, 50),
        "datasets": random.randint(0, 9),
        "superseded": random.random() < 0.1,
        "facets": {
            "technique": list(dict.fromkeys((*techniques, *(ABOVE[one] for one in techniques if one in ABOVE)))),
            "instrument": instruments,
            "facility": [facility],
            "element": elements,
            "detail": random.sample(("Space group: P 1", "Edge: K"), random.randint(0, 1)),
            "kind": [random.choice(("session", "collection"))],
            "has": random.sample(("files", "orcid", "licence"), random.randint(0, 3)),
            "format": random.sample(FORMATS, random.randint(0, 2)),
            "licence": random.sample(LICENCES, random.randint(0, 1)),
        },
        "numbers": {
            key: sorted({float(f"{unit * random.choice(steps):.12g}") for _ in range(random.randint(1, 4))})
            for key, unit, steps in _NUMBERS
            if random.random() < 0.6
        }
        | {
            "files": [random.randint(1, 50)] if number % 4 else [],
            "measured": sorted({date(2016, 1, 1).toordinal() + random.randint(0, 900) for _ in range(number % 3)}),
        },
        "text": {field: value for field, value in text.items() if value},
    }


class Oracle:
    """All documents, read anew for every query; its word list per field is all that it keeps."""

    def __init__(self, documents: list[dict[str, Any]]) -> None:
        self.documents = {document["key"]: document for document in documents}
        self._known: dict[Any, set[str]] = {}
        self._words = {
            (key, field): list(words(text))
            for key, document in self.documents.items()
            for field, text in document["text"].items()
        }

    def matches(self, node) -> set[str]:
        """The keys of the documents that a query means. What one word finds is kept: reading all takes a while."""
        match node:
            case And(nodes):
                return set.intersection(*(self.matches(other) for other in nodes))
            case Most(nodes, keywords):
                sets = [found for word in nodes if (found := self.matches(word))]
                every = set.intersection(*sets) if sets else set()
                if keywords and len(nodes) == len(sets) and every:
                    return every
                weights = [round(1000 * rarity(len(found), len(self.documents))) for found in sets]
                had: Counter[str] = Counter()
                for found, weight in zip(sets, weights, strict=True):
                    had.update(dict.fromkeys(found, weight))
                return {key for key, weight in had.items() if 2 * weight >= max(had.values())}
            case Or(nodes):
                return set.union(*(self.matches(other) for other in nodes))
            case Not(inner):
                return self.documents.keys() - self.matches(inner)
        if node not in self._known:
            self._known[node] = {key for key in self.documents if self._holds(key, node)}
        return self._known[node]

    def found(self, asked, leaving_out: str | None = None) -> set[str]:
        """The keys of the documents that a whole search means, perhaps but for one facet's choices or one range."""
        wanted = [(name, values) for name, values in asked.choices if name != leaving_out]
        told = [asked.range(name) for name, _ in asked.ranges if name != leaving_out]
        ranges = [one for one in told if one is not None]  # what cannot be read narrows nothing; a note tells of it
        return {
            key
            for key in self.matches(parse(asked.query).node)
            if all(self._has(key, name, values, asked.elements) for name, values in wanted)
            and all(key in self.matches(one) for one in ranges)
        }

    def labels(self, key: str, name: str) -> list[str]:
        document = self.documents[key]
        return [str(document["year"])] if name == "year" else document["facets"][name]

    def order(self, keys, sort: str) -> list[str]:
        """The keys in any order but that of relevance."""

        def place(key):
            document = self.documents[key]
            day = date.fromisoformat(document["day"]).toordinal() if document["day"] else 0
            return {
                "newest": (-day, key),
                "oldest": (day, key),
                "largest": (-document["size_bytes"], -day, key),
                "title": (fold(document["title"])[:60], key),
            }[sort]

        return sorted(keys, key=place)

    def _has(self, key: str, name: str, values, elements: str) -> bool:
        labels = set(self.labels(key, name))
        if name == "element" and elements == "all":
            return set(values) <= labels
        if name == "element" and elements == "only":
            return bool(labels) and labels <= set(values)
        return bool(labels & set(values))

    def _holds(self, key: str, node) -> bool:
        document = self.documents[key]
        match node:
            case Everything():
                return True
            case Years(first, last):
                return first <= document["year"] <= last
            case Range(column, low, high):
                if column == "size":
                    return document["size_bytes"] > 0 and low <= document["size_bytes"] <= high
                if column == "date":
                    day = document["day"]
                    return bool(day) and low <= date.fromisoformat(day).toordinal() <= high
                return any(low <= value <= high for value in document["numbers"].get(column, ()))
            case DoiIs(wanted, prefix):
                owner = document.get("owner", key)
                return owner.startswith(wanted) if prefix else owner == wanted
            case FacetIs(facet, value):
                return value in document["facets"][facet]
            case Word(text, fields):
                return any(self._word(key, field, text) for field in fields or FIELDS)
            case Phrase(text, fields):
                return any(self._in_a_row(key, field, text) for field in fields or FIELDS)
            case Prefix(text, fields):
                places = fields or [field for field in FIELDS if field != "identifier"]
                here = [word for field in places for word in self._words.get((key, field), [])]
                return any(word.text.startswith(text) for word in here)
        raise AssertionError(node)

    def _word(self, key: str, field: str, text: str) -> bool:
        asked = list(words(text))
        here = self._words.get((key, field), [])
        plain = [word for word in asked if not word.whole]
        others = [w.text for w in asked if w.whole and w.start <= plain[0].start and w.end >= plain[-1].end]
        if any(word.text in others for word in here):
            return True
        if len(plain) == 1:
            (one,) = plain
            for word in here:
                if word.text == one.text:
                    return True
                if one.stem is not None and field in TEXT_FIELDS and one.stem in (word.stem, word.text):
                    return True
            return False
        return self._in_a_row(key, field, text)

    def _in_a_row(self, key: str, field: str, text: str) -> bool:
        asked = [word.text for word in words(text) if not word.whole]
        if len(asked) == 1:
            return any(word.text == asked[0] for word in self._words.get((key, field), []))
        places: dict[int, set[str]] = {}
        for word in self._words.get((key, field), []):
            places.setdefault(word.position, set()).add(word.text)
        return any(
            all(part in places.get(start + offset, set()) for offset, part in enumerate(asked)) for start in places
        )
