"""A made-up world for the PaNOSC search API, filters to ask of it, and an oracle that answers them record by record."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import orjson
from hypothesis import strategies as st

from panfair.builders.panosc.entry import panosc_entry
from panfair.builders.panosc.store import PanoscWriter
from panfair.ontologies import panet
from panfair.ontologies.identifiers import Doi, Identifier
from panfair.ontologies.panet import label_key
from panfair.ontologies.quantities import quantity_named
from panfair.ontologies.record import Affiliation, Agent, File, Instrument, Keyword, Parameter, Sample, Technique
from panfair.ontologies.units import convert, interpret
from support.records import a_dataset, a_publication, released

PANET = "http://purl.org/pan-science/PaNET/"
TITLES = ("Foam drains", "foam at 100%", "été à la plage", "ÉTÉ", "a_b*c?[1]", "Silica \\ glass", "zeolite")
TECHNIQUES = (
    ("PaNET01188", "small angle x-ray scattering"),
    ("PaNET01129", "tomography"),
    ("PaNET01200", "x-ray emission spectroscopy"),
    (None, "home-made method"),
)
NAMES = ("energy", "photon_energy", "wavelength", "temperature", "sample_state", "ring_current", "foo")
UNITS = ("keV", "eV", "Å", "A", "nm", "K", "degC", "celsius", "odd unit", None)
VALUES = (1, 2.5, 12.4, 12400, 300, -3, "12.4", "solid", "Cu", "7", 0.1, "1.50", True)
ROLES = ("Principal Investigator", "local contact", None)
PEOPLE = ("Testa Madeup", "Invented Person", "Exempla Gratia")
PLACES = ("Example University", "Example Photon Source")
DAYS = tuple(date(2020, 1, 1) + timedelta(91 * number) for number in range(8))


def entries(seed: int, count: int = 40) -> dict[str, bytes]:
    """Documents of a world, by key."""
    random = Random(seed)
    found = {}
    for number in range(count):
        publication = a_publication(
            source_id=f"inv-{number}",
            doi=Doi.parse(f"10.99999/World-{number:02d}"),
            kind=random.choice(("session", "collection")),
            title=random.choice(TITLES),
            abstract=random.choice((*TITLES, None)),
            start=datetime.combine(random.choice(DAYS), datetime.min.time()),
            creators=tuple(_person(random) for _ in range(random.randrange(3))),
            keywords=tuple(Keyword(term=term) for term in random.sample(TITLES, random.randrange(3))),
            parameters=_parameters(random, 3),
            techniques=(),
            instruments=(),
            datasets=tuple(_dataset(random, f"d{place}") for place in range(random.randrange(4))),
        )
        found[publication.doi.key] = panosc_entry(released(publication))
    return found


def _person(random: Random) -> Agent:
    places = tuple(Affiliation(name=place) for place in random.sample(PLACES, random.randrange(3)))
    return Agent(name=random.choice(PEOPLE), role=random.choice(ROLES), affiliations=places)


def _parameters(random: Random, most: int) -> tuple[Parameter, ...]:
    return tuple(
        Parameter(name=random.choice(NAMES), value=random.choice(VALUES), unit=random.choice(UNITS))
        for _ in range(random.randrange(most + 1))
    )


def _dataset(random: Random, name: str) -> Any:
    shared = Identifier(scheme="Handle", value=f"20.500.99999/Shared-{random.randrange(4)}")
    return a_dataset(
        id=name,
        name=random.choice(TITLES),
        identifier=shared if random.random() < 0.2 else None,
        start=datetime.combine(random.choice(DAYS), datetime.min.time()),
        size_bytes=random.choice((None, 10, 1000, 10**12)),
        samples=tuple(Sample(name=one) for one in random.sample(TITLES, random.randrange(3))),
        techniques=tuple(
            Technique(said=label, iri=PANET + term if term else None, label=label if term else None)
            for term, label in random.sample(TECHNIQUES, random.randrange(3))
        ),
        instruments=tuple(Instrument(name=one) for one in random.sample(("EX01", "EX02"), random.randrange(2))),
        parameters=_parameters(random, 5),
        files=tuple(
            File(name=f"scan/{one}.h5", size_bytes=len(one)) for one in random.sample(TITLES, random.randrange(3))
        ),
    )


def write(path: Path, world: dict[str, bytes]) -> Path:
    with PanoscWriter(path) as writer:
        for key, entry in world.items():
            writer.put(key, entry)
    return path


# ---- filters

_OF = {
    "Document": {"pid": ("10.99999/World-01", "nothing"), "title": TITLES, "summary": TITLES, "keywords": TITLES,
                 "type": ("proposal", "publication"), "startDate": None, "isPublic": (True, False)},
    "Dataset": {"title": TITLES, "size": (10, 11, 1000, 10**12), "creationDate": None, "isPublic": (True, False)},
    "Instrument": {"name": ("EX01", "ex02"), "facility": ("EPS", "ESS")},
    "Member": {"role": ("principal investigator", "local contact", "creator")},
    "Person": {"fullName": PEOPLE, "orcid": ("0000-0002-1825-0097",)},
    "Affiliation": {"name": PLACES},
    "Parameter": {"name": NAMES, "value": (1, 2.5, 12.4, 12.45, 12400, 300, "solid", "Cu", "7", 26.85),
                  "unit": ("", *(unit for unit in UNITS if unit))},
    "Technique": {"name": ("small angle x-ray scattering", "SAXS", "Small-Angle X-ray Scattering", "scattering",
                           "tomography",
                           "home-made method", "x-ray probe", "XES"),
                  "pid": (PANET + "PaNET01188", PANET + "PaNET01124"), "panetId": (PANET + "PaNET01200",)},
    "Sample": {"name": TITLES, "description": TITLES},
    "File": {"name": tuple(f"{title}.h5" for title in TITLES), "path": ("scan/", "h5"), "size": (4, 10)},
}  # fmt: skip
_TEXT = {"Document": ("title", "summary"), "Dataset": ("title",), "Instrument": ("name", "facility"),
         "Person": ("fullName",), "Affiliation": ("name",), "Parameter": ("name",), "Technique": ("name",),
         "Sample": ("name", "description"), "File": ("name",)}  # fmt: skip
RELATIONS = {
    "Document": {"datasets": "Dataset", "members": "Member", "parameters": "Parameter"},
    "Dataset": {"documents": "Document", "techniques": "Technique", "instrument": "Instrument", "files": "File",
                "parameters": "Parameter", "samples": "Sample"},
    "Instrument": {"datasets": "Dataset"},
    "Member": {"person": "Person", "affiliation": "Affiliation"},
}  # fmt: skip
_PATTERNS = ("foam", "f%m", "F", "_oam", "É", "été", "100\\%", "[1]", "*", "a\\_b", "%", "scat%ing", "\\", "o", "1")
_EXPRESSIONS = ("^f", "[0-9]+", "o.m|glass", "/FOAM/i", "(a|b)+$", "^x-ray", "été", "\\*c")


@st.composite
def conditions(draw: Any, model: str, depth: int = 2) -> dict[str, Any]:
    kind = draw(st.integers(0, 9))
    if depth and kind < 3:
        word = "and" if draw(st.booleans()) else "or"
        return {word: draw(st.lists(conditions(model, depth - 1), min_size=1, max_size=3))}
    if kind == 3 and model in _TEXT:
        return {"text": draw(st.sampled_from(("foam", "FOAM", "été", "%", "a_b", "h5", "x-ray", "EX")))}
    if model == "Parameter" and kind < 8:
        where = {"name": draw(st.sampled_from(NAMES)), "value": draw(_comparisons("value", _OF[model]["value"]))}
        if draw(st.booleans()):
            where["unit"] = draw(st.sampled_from(_OF[model]["unit"]))
        return {"and": [{name: said} for name, said in where.items()]} if draw(st.booleans()) else where
    name = draw(st.sampled_from(sorted(_OF[model])))
    return {name: draw(_comparisons(name, _OF[model][name]))}


@st.composite
def _comparisons(draw: Any, name: str, values: tuple[Any, ...] | None) -> Any:
    dated = values is None
    value = st.sampled_from([f"{day}T00:00:00.000Z" for day in DAYS] if dated else values)
    plain = ["", "eq", "neq", "inq", "nin"]
    if not isinstance((values or ("",))[0], bool):
        plain += ["gt", "gte", "lt", "lte", "between"]
    if not dated and name not in ("size", "isPublic"):
        plain += ["like", "nlike", "ilike", "nilike", "regexp"]
    operator = draw(st.sampled_from(plain))
    if operator in ("inq", "nin"):
        return {operator: draw(st.lists(value, max_size=3))}
    if operator == "between":
        return {operator: sorted(draw(st.lists(value, min_size=2, max_size=2)), key=lambda one: (str(type(one)), one))}
    if operator == "regexp":
        return {operator: draw(st.sampled_from(_EXPRESSIONS))}
    if operator.endswith("like"):
        return {operator: draw(st.sampled_from(_PATTERNS))}
    said = draw(value | st.none()) if operator in ("", "eq", "neq") else draw(value)
    return {operator: said} if operator else said


@st.composite
def includes(draw: Any, model: str, depth: int = 2) -> list[Any]:
    found = []
    for _ in range(draw(st.integers(0, 2))):
        name, child = draw(st.sampled_from(sorted(RELATIONS[model].items())))
        scope: dict[str, Any] = {}
        if draw(st.integers(0, 2)):
            scope["where"] = draw(conditions(child))
        if depth > 1 and child in RELATIONS and draw(st.booleans()):
            scope["include"] = draw(includes(child, depth - 1))
        found.append({"relation": name, "scope": scope} if scope else draw(st.sampled_from((name, {"relation": name}))))
    return found


@st.composite
def filters(draw: Any, model: str) -> dict[str, Any]:
    asked: dict[str, Any] = {}
    if draw(st.booleans()):
        asked["where"] = draw(conditions(model))
    if draw(st.booleans()):
        asked["include"] = draw(includes(model))
    if draw(st.booleans()):
        asked |= {"limit": draw(st.integers(1, 9)), "skip": draw(st.integers(0, 9))}
    return asked


# ---- the oracle: records, one by one


class Oracle:
    """The same questions answered from the entries, without an index."""

    def __init__(self, world: dict[str, bytes]) -> None:
        self.documents = [_document(orjson.loads(world[key])) for key in sorted(world)]
        every = [dataset for document in self.documents for dataset in document["datasets"]]
        seen: dict[str, dict[str, Any]] = {}
        for dataset in every:
            seen.setdefault(dataset["key"], dataset)
        self.datasets = [seen[key] for key in sorted(seen)]
        for dataset in every:
            dataset["documents"] = [d for d in self.documents if any(o["key"] == dataset["key"] for o in d["datasets"])]
        used = {(i["facility"], i["name"], i["pid"]): i for d in every for i in d["instrument"]}
        for dataset in every:
            dataset["instrument"] = [used[(i["facility"], i["name"], i["pid"])] for i in dataset["instrument"]]
        self.instruments = [used[key] for key in sorted(used)]
        for instrument in self.instruments:
            instrument["datasets"] = [d for d in self.datasets if d["instrument"] == [instrument]]

    def all(self, model: str) -> list[dict[str, Any]]:
        return {"Document": self.documents, "Dataset": self.datasets, "Instrument": self.instruments}[model]

    def find(self, model: str, asked: dict[str, Any]) -> list[dict[str, Any]]:
        found = [thing for thing in self.all(model) if self.fits(thing, model, asked)]
        skip, limit = asked.get("skip", 0), asked.get("limit", 100)
        return [self.shown(thing, model, asked) for thing in found[skip : skip + limit]]

    def fits(self, thing: dict[str, Any], model: str, asked: dict[str, Any]) -> bool:
        if not holds(asked.get("where", {}), thing, model):
            return False
        for one in asked.get("include", []):
            name, scope = (one, {}) if isinstance(one, str) else (one["relation"], one.get("scope", {}))
            child = RELATIONS[model][name]
            if name == "techniques" and not whole(scope.get("where", {}), thing[name]):
                return False
            inner = {**scope, "where": {}} if name == "techniques" else scope
            if narrows(inner) and not any(self.fits(other, child, inner) for other in thing[name]):
                return False
        return True

    def shown(self, thing: dict[str, Any], model: str, asked: dict[str, Any]) -> dict[str, Any]:
        hidden = {"key", "kind", "quantity", "si", *RELATIONS.get(model, ())}
        found = {name: value for name, value in thing.items() if name not in hidden and value is not None}
        related: dict[str, dict[int, dict[str, Any]]] = {}
        for one in asked.get("include", []):
            name, scope = (one, {}) if isinstance(one, str) else (one["relation"], one.get("scope", {}))
            child = RELATIONS[model][name]
            mine = related.setdefault(name, {})
            leaves = list(_leaves(scope.get("where", {}))) if name == "techniques" else []
            inner = {**scope, "where": {"or": leaves} if leaves else {}} if name == "techniques" else scope
            for place, other in enumerate(thing[name]):
                if self.fits(other, child, inner):
                    told = self.shown(other, child, scope)
                    if child == "Parameter":
                        told = in_unit_asked(told, other, scope.get("where", {}))
                    mine.setdefault(place, {}).update(told)
        for name, children in related.items():
            ordered = [children[place] for place in sorted(children)]
            if name in ("instrument", "person", "affiliation"):
                found |= {name: ordered[0]} if ordered else {}
            else:
                found[name] = ordered
        return found


def whole(where: dict[str, Any], techniques: list[dict[str, Any]]) -> bool:
    """A condition on techniques as a dataset satisfies it: each part by any of them, a negation by none."""
    for name, said in where.items():
        if name in ("and", "or"):
            if not (all if name == "and" else any)(whole(one, techniques) for one in said):
                return False
            continue
        for operator, operand in said.items() if isinstance(said, dict) else [("eq", said)]:
            plain = {"neq": "eq", "nin": "inq", "nlike": "like", "nilike": "ilike"}.get(operator)
            if name == "text":
                positive: dict[str, Any] = {"text": said}
            else:
                positive = {name: {plain or operator: operand}}
            if any(holds(positive, one, "Technique") for one in techniques) == bool(plain):
                return False
    return True


def _leaves(where: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name, said in where.items():
        if name in ("and", "or"):
            for one in said:
                yield from _leaves(one)
        else:
            for operator, operand in said.items() if isinstance(said, dict) else [("", said)]:
                yield {name: {operator: operand} if operator else said}


def narrows(scope: dict[str, Any]) -> bool:
    inner = [one.get("scope", {}) for one in scope.get("include", []) if not isinstance(one, str)]
    return bool(scope.get("where")) or any(narrows(one) for one in inner)


def holds(where: dict[str, Any], thing: dict[str, Any], model: str, unit: tuple[str, str] | None = None) -> bool:
    if model == "Parameter":
        unit = unit_said(where) or unit
    return all(_holds_one(name, said, thing, model, unit) for name, said in where.items())


def _holds_one(name: str, said: Any, thing: dict[str, Any], model: str, unit: tuple[str, str] | None) -> bool:
    if name in ("and", "or"):
        if name == "and" and model == "Parameter":
            unit = unit_said({"and": said}) or unit
        return (all if name == "and" else any)(holds(one, thing, model, unit) for one in said)
    if name == "text":
        return any(_compare("text", said, thing, known, model, None) for known in _TEXT[model])
    if not isinstance(said, dict):
        said = {"eq": said}
    return all(_compare(operator, operand, thing, name, model, unit) for operator, operand in said.items())


def unit_said(where: dict[str, Any]) -> tuple[str, str] | None:
    """The unit that a conjunction names, with the name of its parameter."""
    said = dict(_flat(where))
    unit, name = said.get("unit"), said.get("name", "")
    return (unit, name) if unit and _meant(unit, name) else None


def _flat(where: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Backwards, so that in a dict the first of a name counts."""
    for name, said in reversed(where.items()):
        if name == "and":
            for one in reversed(said):
                yield from _flat(one)
        elif name != "or":
            value = said.get("eq") if isinstance(said, dict) else said
            if isinstance(value, str):
                yield name, value


def _meant(unit: str | None, name: str) -> str | None:
    """A unit by a name that means one thing."""
    quantity = quantity_named(name) if name else None
    if unit in ("A",) and quantity and quantity.kind == "length":
        return "Å"
    return unit if interpret(unit) else None


def in_unit_asked(told: dict[str, Any], parameter: dict[str, Any], where: dict[str, Any]) -> dict[str, Any]:
    for branch in _branches(where):
        unit = unit_said(branch)
        if unit and holds(branch, parameter, "Parameter"):
            own, meant = _meant(parameter["unit"], parameter["name"]), _meant(*unit)
            value = convert(parameter["value"], own, meant) if parameter["si"] is not None else None
            return told if value is None else told | {"value": value, "unit": unit[0]}
    return told


def _branches(where: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if unit_said(where):
        yield where
        return
    for name, said in where.items():
        if name in ("and", "or"):
            for one in said:
                yield from _branches(one)


def _compare(operator: str, operand: Any, thing: dict[str, Any], name: str, model: str, unit: Any) -> bool:
    negation = {"neq": "eq", "nin": "inq", "nlike": "like", "nilike": "ilike"}.get(operator)
    if negation:
        return not _compare(negation, operand, thing, name, model, unit)
    value = thing[name]
    if operator == "inq":
        return any(_compare("eq", one, thing, name, model, unit) for one in operand)
    if name == "keywords":
        if operand is None:
            return not value
        return any(_plain(operator, operand, one) for one in value)
    if model == "Parameter" and name == "value":
        return _value_compare(operator, operand, thing, unit)
    if model == "Parameter" and operator == "eq" and isinstance(operand, str):
        if name == "name" and (quantity := quantity_named(operand)) and thing["quantity"] == quantity.key:
            return True
        if name == "unit" and operand == "" and thing["unit"] is None:
            return True
        if name == "unit" and (meant := interpret(operand)) and thing["kind"] == meant.kind:
            return True
    if model == "Technique" and operand is not None and operator not in ("gt", "gte", "lt", "lte", "between"):
        return _plain(operator, operand, value) or _technique(operator, operand, thing["panetId"], name)
    return _plain(operator, operand, value)


def _technique(operator: str, operand: str, iri: str | None, name: str) -> bool:
    """Whether the term itself or one above it satisfies the condition."""
    table = panet.load()
    if iri is None:
        return False
    for term in (table.terms[iri], *table.ancestors(iri, groupings=True)):
        texts = (term.label, *term.alt_labels) if name == "name" else (term.iri,)
        if operator == "eq" and name == "name":
            if any(label_key(text) == label_key(operand) for text in texts):
                return True
        elif any(_plain(operator, operand, text) for text in texts):
            return True
    return False


def _value_compare(operator: str, operand: Any, parameter: dict[str, Any], unit: tuple[str, str] | None) -> bool:
    value = parameter["value"]
    if operator == "eq" and isinstance(operand, str) and re.fullmatch(r"-?\d+(\.\d+)?", operand):
        number = float(operand)
        return value == operand or _value_compare("eq", number, parameter, unit)
    if operator in ("gt", "gte", "lt", "lte", "between"):
        operand = [_numeric(one) for one in operand] if operator == "between" else _numeric(operand)
    several = operand if isinstance(operand, list) else [operand]
    texts = any(isinstance(one, str) or one is None for one in several)
    if texts or operator in ("like", "ilike", "regexp"):
        if operand is None:
            return False
        operand = [str(one) for one in operand] if isinstance(operand, list) else operand
        return isinstance(value, str) and _plain(operator, operand, value)
    if isinstance(value, str):
        return False
    if unit is None:
        return _plain(operator, operand, value)
    own, meant = _meant(parameter["unit"], parameter["name"]), _meant(*unit)
    found = convert(value, own, meant) if own and meant else None
    return found is not None and _plain(operator, operand, found)


def _numeric(said: Any) -> Any:
    return float(said) if isinstance(said, str) and re.fullmatch(r"-?\d+(\.\d+)?", said) else said


def _plain(operator: str, operand: Any, value: Any) -> bool:
    if operator == "eq":
        return bool(value == operand)
    if value is None:
        return False
    match operator:
        case "gt":
            return bool(value > operand)
        case "gte":
            return bool(value >= operand)
        case "lt":
            return bool(value < operand)
        case "lte":
            return bool(value <= operand)
        case "between":
            return bool(operand[0] <= value <= operand[1])
        case "text":
            return _lower(operand, operand) in _lower(value, operand)
        case "like":
            return re.search(_as_expression(operand), value, re.DOTALL) is not None
        case "ilike":
            pattern = _as_expression(_lower(operand, operand))
            return re.search(pattern, _lower(value, operand), re.DOTALL) is not None
    assert operator == "regexp"
    slashed = re.fullmatch(r"/(.*)/i", operand)
    return re.search(slashed[1] if slashed else operand, value, re.IGNORECASE if slashed else 0) is not None


def _lower(text: str, by: str) -> str:
    """Lower case; for a pattern in ASCII of ASCII letters only."""
    return "".join(c.lower() if c.isascii() else c for c in text) if by.isascii() else text.lower()


def _as_expression(pattern: str) -> str:
    found, letters = "", iter(pattern)
    for letter in letters:
        if letter == "\\":
            found += re.escape(next(letters, letter))
        else:
            found += {"%": ".*", "_": "."}.get(letter) or re.escape(letter)
    return found


# ---- entries as things


def _document(told: dict[str, Any]) -> dict[str, Any]:
    found = {
        "pid": told["pid"], "isPublic": True, "type": told["type"], "title": told["title"], "summary": told["summary"],
        "doi": told["pid"], "startDate": told["start"], "endDate": told["end"], "releaseDate": told["release"],
        "license": told["licence"], "keywords": told["keywords"],
    }  # fmt: skip
    found["members"] = [
        {
            "role": role,
            "person": [{"id": person, "fullName": name, "orcid": orcid, "firstName": given, "lastName": family}],
            "affiliation": [{"id": ror, "name": place} for place, ror in places],
        }
        for role, person, name, orcid, given, family, places in told["members"]
    ]
    found["parameters"] = _told_parameters(told["parameters"])
    found["datasets"] = [_told_dataset(one) for one in told["datasets"]]
    return found


def _told_dataset(told: dict[str, Any]) -> dict[str, Any]:
    pid = told["pid"]
    head, mark, tail = pid.partition("#")
    instrument = told["instrument"]
    return {
        "key": head.lower() + mark + tail, "pid": pid, "title": told["title"], "isPublic": True,
        "creationDate": told["created"], "size": told["size"],
        "instrument": [dict(zip(("pid", "name", "facility"), instrument, strict=True))] if instrument else [],
        "techniques": [dict(zip(("pid", "name", "panetId"), one, strict=True)) for one in told["techniques"]],
        "samples": [dict(zip(("pid", "name", "description"), one, strict=True)) for one in told["samples"]],
        "files": [dict(zip(("name", "path", "size"), one, strict=True)) for one in told["files"]],
        "parameters": _told_parameters(told["parameters"]),
    }  # fmt: skip


def _told_parameters(told: list[list[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(("name", "unit", "kind", "quantity", "value", "si"), one, strict=True)) for one in told]
