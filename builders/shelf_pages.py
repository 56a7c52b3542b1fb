"""Where the shelves of a listing have their pages, and what is said on them of the shelf itself.

One folder for each kind, one page for each shelf. What a technique is called elsewhere comes from PaNET.
"""

from dataclasses import dataclass

from panfair.builders.card import GroupKind, Shelf
from panfair.builders.words import formula_in_words, web_address
from panfair.ontologies import panet
from panfair.ontologies.mapping import synonyms_of
from panfair.ontologies.nexus import field_at, icat_parameter
from panfair.ontologies.panet import Term, label_key
from panfair.ontologies.sssom import esrfet
from panfair.ontologies.units import Unit, interpret

FOLDERS: dict[GroupKind, str] = {
    "technique": "techniques",
    "instrument": "instruments",
    "year": "years",
    "person": "people",
    "facility": "facilities",
    "sample": "samples",
    "parameter": "parameters",
}
_TITLES: dict[GroupKind, tuple[str, str]] = {
    "technique": (
        "Techniques",
        "How the data were taken, in the words of PaNET where the catalogue’s could be mapped.",
    ),
    "instrument": ("Instruments", "The beamlines and instruments that the data come from."),
    "year": ("Years", "By the year of publication."),
    "person": ("People", "Everyone who took part and has an ORCID iD."),
    "facility": ("Facilities", "The photon and neutron sources."),
    "sample": ("Types of sample", "What was measured, by type."),
    "parameter": ("Parameters", "What was set and measured, in the catalogue’s own names."),
}
_ONE: dict[GroupKind, str] = {
    "technique": "Technique",
    "instrument": "Instrument",
    "year": "Year",
    "person": "Person",
    "facility": "Facility",
    "sample": "Type of sample",
    "parameter": "Parameter",
}


CROSSED: dict[GroupKind, tuple[GroupKind, ...]] = {
    "technique": ("instrument",),
    "instrument": ("technique",),
    "person": ("technique",),
    "facility": ("technique", "instrument"),
    "sample": ("technique", "instrument"),
    "parameter": ("technique", "instrument"),
}
"""Which other shelves a shelf's page leads to."""
BY_YEAR: tuple[GroupKind, ...] = ("technique", "instrument", "person")
"""The kinds whose pages tell what each year brought."""
CROSSING_WORDS: dict[GroupKind, str] = {
    "technique": "By technique",
    "instrument": "By instrument",
}


@dataclass(frozen=True, slots=True)
class Crossing:
    """Where else the publications of a shelf stand."""

    title: str
    tiles: tuple[tuple[str, str, int], ...]
    """Address, label, and how many of the shelf's publications stand there."""


@dataclass(frozen=True, slots=True)
class ShelfWords:
    """What a shelf's page says above its list."""

    title: str
    kind: str
    """What it is one of; empty on the pages of all publications and of a kind."""
    trail: tuple[tuple[str, str], ...]
    about: str
    other_names: str
    address: str
    """Its own identifier on the web."""
    address_words: str

    @classmethod
    def of_kind(cls, kind: GroupKind) -> "ShelfWords":
        """The words of the list of all shelves of a kind."""
        title, about = _TITLES[kind]
        return cls(title, "", (("/", "Home"),), about, "", "", "")


_ALL = ShelfWords("Publications", "", (("/", "Home"),), "All open publications, the newest first.", "", "", "")


def address_of(shelf: Shelf) -> str:
    """The address of a shelf's page from the root: `/techniques/panet01129/`."""
    return f"/{FOLDERS[shelf.kind]}/{shelf.slug}/"


def feed_of(shelf: Shelf) -> str:
    """The address of a shelf's feed from the root; empty for kinds without feeds."""
    return f"/feeds/{shelf.kind}/{shelf.slug}.atom" if shelf.kind in {"technique", "instrument"} else ""


def shelf_words(shelf: Shelf | None) -> ShelfWords:
    """What is said of one shelf; of all publications when it is None."""
    if shelf is None:
        return _ALL
    term = panet.load().term(shelf.iri) if shelf.kind == "technique" and shelf.iri else None
    address = web_address(shelf.iri)
    meant = field_at(shelf.iri) if shelf.kind == "parameter" else None
    if meant is not None:
        address = meant.manual
    return ShelfWords(
        title=shelf.label,
        kind=_ONE[shelf.kind],
        trail=(("/", "Home"), (f"/{FOLDERS[shelf.kind]}/", _TITLES[shelf.kind][0])),
        about=_about(shelf),
        other_names=", ".join(other_names(term)) if term else "",
        address=address,
        address_words=f"PaNET: {term.id}"
        if term
        else f"NeXus manual: {meant.title}"
        if meant
        else address.removeprefix("https://").removeprefix("http://"),
    )


def other_names(term: Term) -> tuple[str, ...]:
    """What a technique is called too: by PaNET, by our table, by ESRF's terms for the very same thing; each once."""
    theirs = (row.label for row in esrfet().values() if row.panet == term.id and row.match == "exact")
    found = {label_key(term.label): ""}
    for name in (*term.alt_labels, *synonyms_of(term), *sorted(theirs)):
        found.setdefault(label_key(name), name)
    return tuple(filter(None, found.values()))


def _about(shelf: Shelf) -> str:
    if shelf.kind == "parameter":
        return _parameter_words(shelf)
    if shelf.kind == "sample" and shelf.note:
        return f"Its chemical formula is {formula_in_words(shelf.note)}. NeXus keeps that in NXsample/chemical_formula."
    return ""


def _unit_words(unit: Unit) -> str:
    code = f" (UCUM: {unit.ucum})" if unit.ucum else ""
    return f", a unit of {unit.kind}{code}"


def _parameter_words(shelf: Shelf) -> str:
    """What is known of a parameter: its NeXus field, its unit, where the ESRF stores it."""
    meant, known = field_at(shelf.iri), icat_parameter(shelf.label)
    unit = interpret(shelf.note)
    told = [
        f"NeXus calls it {meant.title}." if meant else "",
        f"The ESRF stores it at {known.path} in the entry." if known and not meant else "",
        f"It is written in {shelf.note}{_unit_words(unit) if unit else ''}." if shelf.note else "",
    ]
    return " ".join(filter(None, told))
