"""Where the shelves of a listing have their pages, and what is said on them of the shelf itself.

One folder for each kind, one page for each shelf. What a technique is called elsewhere comes from PaNET.
"""

from dataclasses import dataclass

from panfair.builders.card import GroupKind, Shelf
from panfair.builders.html.language import marked, tr
from panfair.builders.html.words import formula_in_words, web_address
from panfair.ontologies import panet
from panfair.ontologies.mapping import synonyms_of
from panfair.ontologies.mapping.sssom import esrfet
from panfair.ontologies.nexus import field_at, icat_parameter
from panfair.ontologies.panet import Term, label_key
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
        marked("Techniques"),
        marked("How the data were taken, in the words of PaNET where the catalogue’s could be mapped."),
    ),
    "instrument": (marked("Instruments"), marked("The beamlines and instruments that the data come from.")),
    "year": (marked("Years"), marked("By the year of publication.")),
    "person": (marked("People"), marked("Everyone who took part and has an ORCID iD.")),
    "facility": (marked("Facilities"), marked("The photon and neutron sources.")),
    "sample": (marked("Types of sample"), marked("What was measured, by type.")),
    "parameter": (marked("Parameters"), marked("What was set and measured, in the catalogue’s own names.")),
}
_ONE: dict[GroupKind, str] = {
    "technique": marked("Technique"),
    "instrument": marked("Instrument"),
    "year": marked("Year"),
    "person": marked("Person"),
    "facility": marked("Facility"),
    "sample": marked("Type of sample"),
    "parameter": marked("Parameter"),
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
    "technique": marked("By technique"),
    "instrument": marked("By instrument"),
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
        return cls(tr(title), "", (("/", tr("Home")),), tr(about), "", "", "")


def address_of(shelf: Shelf) -> str:
    """The address of a shelf's page from the root: `/techniques/panet01129/`."""
    return f"/{FOLDERS[shelf.kind]}/{shelf.slug}/"


def feed_of(shelf: Shelf) -> str:
    """The address of a shelf's feed from the root; empty for kinds without feeds."""
    return f"/feeds/{shelf.kind}/{shelf.slug}.atom" if shelf.kind in {"technique", "instrument"} else ""


def shelf_words(shelf: Shelf | None) -> ShelfWords:
    """What is said of one shelf; of all publications when it is None."""
    if shelf is None:
        about = tr("All open publications, the newest first.")
        return ShelfWords(tr("Publications"), "", (("/", tr("Home")),), about, "", "", "")
    term = panet.load().term(shelf.iri) if shelf.kind == "technique" and shelf.iri else None
    address = web_address(shelf.iri)
    meant = field_at(shelf.iri) if shelf.kind == "parameter" else None
    if meant is not None:
        address = meant.manual
    return ShelfWords(
        title=shelf.label,
        kind=tr(_ONE[shelf.kind]),
        trail=(("/", tr("Home")), (f"/{FOLDERS[shelf.kind]}/", tr(_TITLES[shelf.kind][0]))),
        about=_about(shelf),
        other_names=", ".join(other_names(term)) if term else "",
        address=address,
        address_words=f"PaNET: {term.id}"
        if term
        else tr("NeXus manual: {field}").format(field=meant.title)
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
        words = tr("Its chemical formula is {formula}. NeXus keeps that in NXsample/chemical_formula.")
        return words.format(formula=formula_in_words(shelf.note))
    return ""


def _unit_words(written: str, unit: Unit | None) -> str:
    if unit is None:
        return tr("It is written in {unit}.").format(unit=written)
    if unit.ucum:
        words = tr("It is written in {unit}, a unit of {kind} (UCUM: {code}).")
        return words.format(unit=written, kind=tr(unit.kind), code=unit.ucum)
    return tr("It is written in {unit}, a unit of {kind}.").format(unit=written, kind=tr(unit.kind))


def _parameter_words(shelf: Shelf) -> str:
    """What is known of a parameter: its NeXus field, its unit, where the ESRF stores it."""
    meant, known = field_at(shelf.iri), icat_parameter(shelf.label)
    unit = interpret(shelf.note)
    told = [
        tr("NeXus calls it {field}.").format(field=meant.title) if meant else "",
        tr("The ESRF stores it at {path} in the entry.").format(path=known.path) if known and not meant else "",
        _unit_words(shelf.note, unit) if shelf.note else "",
    ]
    return " ".join(filter(None, told))
