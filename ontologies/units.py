"""Units as catalogues write them: their UCUM code, QUDT IRI and factor to SI, and sizes in words.

What a unit means comes from our own table `vocabularies/units.toml`; a unit that is not in it is left to pint, which
knows how units are put together. What neither understands is no unit: its values are shown as they were written and
never converted. The exact spelling comes first, with SI's prefixes; the case of letters counts (mPa is not MPa) unless
only one unit can be meant: `KEV` is keV, and `MPA` is nothing, for it may be either.
"""

import logging
import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pint import UnitRegistry

log = logging.getLogger(__name__)

TABLE = Path(__file__).parent / "vocabularies" / "units.toml"
QUDT = "http://qudt.org/vocab/unit/"

_NO_UNIT = frozenset({"", "-", "na", "n/a", "none", "null", "nan", "1", "a.u.", "a. u.", "arb", "arb. units",
    "arb.u.", "arbitrary", "unitless", "dimensionless", "no unit", "any", "nounit"})  # fmt: skip
_TOO_LONG = 60
_MINUS_ONE = re.compile(r"(?<=[A-Za-zÅµ%°])\s*(?:\^|\*\*)?\s*\(?(?:[-−])([1-3])\)?(?![0-9.])")
_POWER = re.compile(r"\s*(?:\^|\*\*)\s*\(?([23])\)?(?![0-9.])")
_BARE_POWER = re.compile(r"(?<=[A-Za-zÅ])([23])(?![0-9.])")
_RAISED = str.maketrans("23", "²³")
_RAISED_MINUS = {"1": "⁻¹", "2": "⁻²", "3": "⁻³"}
_MEANT_TOO = {"A": "Å", "C": "°C"}
_PINT_READS = re.compile(r"(?:[A-Za-zµ%_/() ]|\*(?!\*)|\*\*-?[1-3](?![0-9]))+")
_FOR_PINT = {"²": "**2", "³": "**3", "⁻¹": "**-1", "⁻²": "**-2", "⁻³": "**-3", "·": "*", "Å": "angstrom", "°": "degree"}
_SI_KINDS = {
    "m": "length", "m²": "area", "m³": "volume", "s": "time", "J": "energy", "K": "temperature", "Pa": "pressure",
    "Hz": "frequency", "W": "power", "kg": "mass", "T": "magnetic field", "V": "voltage", "A": "electric current",
    "1/m": "reciprocal length", "m/s": "speed", "N": "force", "C": "electric charge",
}  # fmt: skip
"""The kinds that pint's answers can have: a unit of ours each, whose dimension is theirs."""
_PREFIXES = (
    ("y", "yocto", -24), ("z", "zepto", -21), ("a", "atto", -18), ("f", "femto", -15), ("p", "pico", -12),
    ("n", "nano", -9), ("µ", "micro", -6), ("m", "milli", -3), ("c", "centi", -2), ("d", "deci", -1), ("da", "deca", 1),
    ("h", "hecto", 2), ("k", "kilo", 3), ("M", "mega", 6), ("G", "giga", 9), ("T", "tera", 12), ("P", "peta", 15),
    ("E", "exa", 18), ("Z", "zetta", 21), ("Y", "yotta", 24),
)  # fmt: skip
"""SI brochure 9, table 7: symbol, name and power of ten; those of 2022 stand for nothing that is measured here."""
_LEAST_LARGE = 3  # the least power of a prefix in front of bytes: dB is no tenth of one
_SIZES = ("bytes", "kB", "MB", "GB", "TB", "PB", "EB")


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit: SI = value × factor + offset."""

    symbol: str
    """As pages show it."""
    kind: str
    """What it measures: `length`, `energy`…; units of one kind convert into each other."""
    factor: float
    offset: float = 0.0
    ucum: str | None = None
    """Its code in the Unified Code for Units of Measure."""
    qudt: str | None = None
    """Its IRI in the QUDT vocabulary."""


@lru_cache(maxsize=20_000)
def interpret(written: str | None) -> Unit | None:
    """The unit that a catalogue means; None for no unit (`N/A`, `a.u.`, nothing) and for what nobody understands.

    >>> interpret("um") == interpret("μm") == interpret("micron"), interpret("e-/A^2").ucum, interpret("N/A")
    (True, '{electrons}/Ao2', None)
    >>> interpret("mPa").factor, interpret("Mpa").factor, interpret("MPA")
    (0.001, 1000000.0, None)
    """
    if written is None or len(written) > _TOO_LONG:
        return None
    plain = plain_unit(written)
    exact, folded = spellings()
    if plain in exact:
        return exact[plain]
    if plain.casefold() in _NO_UNIT:
        return None
    if plain.casefold() in folded:
        return folded[plain.casefold()]
    if plain.casefold() in _ambiguous():
        return None
    return _by_pint(plain)


def to_si(value: float, written: str | None) -> float | None:
    """A value in the SI unit of its kind (radians, pixels… for the kinds that SI has no other for); None: no unit.

    >>> to_si(20.0, "degC"), to_si(1.0, "keV")
    (293.15, 1.602176634e-16)
    """
    unit = interpret(written)
    if unit is None:
        return None
    found = value * unit.factor + unit.offset
    return found if isfinite(found) else None


def convert(value: float, written: str | None, wanted: str | None) -> float | None:
    """A value in another unit of the same kind; None when either is no unit, or they measure different things.

    Where a length is wanted, `A` is ångström and not ampere, and where a temperature is, `C` is not coulomb.

    >>> convert(0.25, "m", "mm"), convert(1.0, "A", "nm"), convert(1.0, "keV", "Å")
    (250.0, 0.1, None)
    """
    have, want = interpret(written), interpret(wanted)
    if want is not None and (have is None or have.kind != want.kind):
        have = interpret(_MEANT_TOO.get((written or "").strip()))
    if have is None or want is None or have.kind != want.kind:
        return None
    if have == want:
        return value
    if have.offset == want.offset == 0:
        found = value * (have.factor / want.factor)
    else:
        found = (value * have.factor + have.offset - want.offset) / want.factor
    # Factors are decimal fractions; what is left of their being binary is cut off.
    return float(f"{found:.14g}") if isfinite(found) else None


def same_kind(first: str | None, second: str | None) -> bool:
    """Whether two units measure the same thing."""
    one, other = interpret(first), interpret(second)
    return one is not None and other is not None and one.kind == other.kind


def plain_unit(written: str) -> str:
    """A unit in one spelling of mu, ångström, powers, products and spaces."""
    text = unicodedata.normalize("NFC", written.replace("\u212b", "Å").replace("\u03bc", "µ")).strip().strip("[]()")
    text = text.replace("\u2212", "-").replace("⋅", "·").replace("×", "·").replace("⁻ ", "⁻")
    text = _MINUS_ONE.sub(lambda found: _RAISED_MINUS[found[1]], text)
    text = _POWER.sub(lambda found: found[1].translate(_RAISED), text)
    text = _BARE_POWER.sub(lambda found: found[1].translate(_RAISED), text)
    return re.sub(r"\s*/\s*", "/", re.sub(r"\s+", " ", text)).strip()


@lru_cache(maxsize=1)
def spellings() -> tuple[dict[str, Unit], dict[str, Unit]]:
    """Units by each spelling, and by those spellings that mean one unit whatever the case of their letters."""
    exact: dict[str, Unit] = {}
    rows = tomllib.loads(TABLE.read_text(encoding="utf-8"))["unit"]
    for row in rows:
        unit = Unit(
            symbol=row["symbol"],
            kind=row["kind"],
            factor=row["factor"],
            offset=row.get("offset", 0.0),
            ucum=row["ucum"],
            qudt=QUDT + row["qudt"] if "qudt" in row else None,
        )
        for spelling in _ways(row):
            exact.setdefault(plain_unit(spelling), unit)
    for row in rows:
        for spelling, unit in _prefixed(row, exact) if "prefixes" in row else ():
            exact.setdefault(spelling, unit)
    by_case: dict[str, set[Unit]] = {}
    for spelling, unit in exact.items():
        by_case.setdefault(spelling.casefold(), set()).add(unit)
    for spelling, unit in list(exact.items()):
        # `Mpa`: whoever writes a capital prefix before small letters means that prefix.
        if spelling[0].isupper() and len(by_case[spelling.casefold()]) > 1:
            exact.setdefault(spelling[0] + spelling[1:].lower(), unit)
    return exact, {spelling: next(iter(units)) for spelling, units in by_case.items() if len(units) == 1}


def _ways(row: dict[str, Any]) -> tuple[str, ...]:
    return (row["symbol"], row["ucum"], *row.get("written", ()))


def _prefixed(row: dict[str, Any], exact: dict[str, Unit]) -> Iterator[tuple[str, Unit]]:
    """The spellings of a unit with each of SI's prefixes: `mPa`, `millipascal`, `kohm`, `kiloohm`."""
    for symbol, name, power in _PREFIXES:
        if row["prefixes"] == "large" and power < _LEAST_LARGE:
            continue
        ucum = ("u" if symbol == "µ" else symbol) + row["ucum"]
        factor = float(f"{row['factor'] * 10.0**power:.14g}")
        unit = exact.get(plain_unit(symbol + row["symbol"])) or Unit(
            symbol + row["symbol"], row["kind"], factor, ucum=ucum
        )
        if unit.kind != row["kind"]:
            continue  # another unit has that spelling: `min` is no milli-inch
        for way in _ways(row):
            yield plain_unit(name + way), unit
            if way != "M":  # molar: `nM` and its like stand in the table, `MM` is a slip for mm
                yield plain_unit(symbol + way), unit
            if symbol == "µ" and way != "M":
                yield plain_unit("u" + way), unit


@lru_cache(maxsize=1)
def _ambiguous() -> frozenset[str]:
    """The spellings, in lower case, that mean several units by the case of their letters."""
    exact, folded = spellings()
    return frozenset(map(str.casefold, exact)) - folded.keys()


@lru_cache(maxsize=1)
def _registry() -> "UnitRegistry[float]":
    # Half a second and some megabytes, which only unusual units are worth.
    from pint import UnitRegistry

    return UnitRegistry()


def _by_pint(plain: str) -> Unit | None:
    """A unit that is put together from others, such as `kW/cm²`; its kind is its dimension where it has no name."""
    text = plain
    for ours, theirs in _FOR_PINT.items():
        text = text.replace(ours, theirs)
    if not _PINT_READS.fullmatch(text):
        return None
    registry = _registry()
    try:
        unit = registry.Unit(text)
        base = registry.Quantity(1, unit).to_base_units()
        factor, nothing = float(base.magnitude), float(registry.Quantity(0, unit).to_base_units().magnitude)
    except Exception:  # pint raises what its parser and Python's tokenizer raise: a unit is understood or it is not
        log.debug("no unit: %s", plain)
        return None
    # Scales with another zero and plain numbers are none of these; turns are not told from hertz by their dimension.
    if nothing or not isfinite(factor) or factor <= 0 or not base.units.dimensionality:
        return None
    if "radian" in str(base.units):
        return Unit(plain, str(base.units), factor)
    for symbol, kind in _SI_KINDS.items():
        ours_unit = registry.Unit(symbol.replace("²", "**2").replace("³", "**3"))
        if ours_unit.dimensionality == base.units.dimensionality:
            return Unit(plain, kind, float(registry.Quantity(1, unit).to(ours_unit).magnitude))
    return Unit(plain, str(base.units.dimensionality), factor)


def size_in_words(size_bytes: int) -> str:
    """A size as people read it: decimal units (1 kB is 1000 bytes), tenths below a hundred, whole numbers above.

    Raises ValueError for a size below zero.

    >>> size_in_words(23_312_456_789), size_in_words(11), size_in_words(999_999), size_in_words(123_456)
    ('23.3 GB', '11 bytes', '1 MB', '123 kB')
    """
    if size_bytes < 0:
        raise ValueError(f"a size cannot be below zero: {size_bytes}")
    if size_bytes < 1000:
        return "1 byte" if size_bytes == 1 else f"{size_bytes} bytes"
    for name in _SIZES[1:]:
        scale = 1000 ** _SIZES.index(name)
        # Integers all the way, rounded half up: a float would lose bytes above 9 PB.
        tenths = (size_bytes * 10 + scale // 2) // scale
        if tenths < 1000:
            return f"{tenths // 10}.{tenths % 10} {name}".replace(".0 ", " ")
        whole = (size_bytes + scale // 2) // scale
        if whole < 1000 or name == _SIZES[-1]:
            return f"{whole} {name}"
    raise AssertionError("the last unit answers for all sizes")
