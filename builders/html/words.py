"""The words of pages: dates, ranges, counts, values, relations and licences, as a researcher would say them.

Templates only place what is decided here. All answers are plain text; escaping is the template engine's business.
"""

import re
from collections.abc import Sequence
from datetime import date
from math import isfinite
from typing import TypeVar
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from panfair.builders.addresses import web_address as fit_address
from panfair.builders.html.language import current, day_written, decimal, list_mark, marked, size_written, tr, trn
from panfair.ontologies.embargo import Released
from panfair.ontologies.record import Parameter, Rights
from panfair.ontologies.units import interpret, size_in_words

_Value = TypeVar("_Value")
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_FORMULA = re.compile(r"(?:[A-Z][a-z]?[0-9]{0,3}|\(|\)[0-9]{0,3})+")
_MOST_NUMBERS = 8
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")

KIND_WORDS = {"session": "Experiment session", "collection": "Data collection", "dataset": "Dataset"}
DATASET_KIND_WORDS = {"raw": "raw data", "processed": "processed data", "other": ""}

RELATION_WORDS = {
    "IsSupplementTo": "Is supplement to", "IsSupplementedBy": "Is supplemented by", "IsCitedBy": "Is cited by",
    "Cites": "Cites", "IsReferencedBy": "Is referenced by", "References": "Refers to",
    "IsDescribedBy": "Is described by", "Describes": "Describes", "IsDocumentedBy": "Is documented by",
    "Documents": "Documents", "IsPublishedIn": "Is published in", "IsPartOf": "Is part of", "HasPart": "Has parts",
    "IsDerivedFrom": "Is derived from", "IsSourceOf": "Is the source of", "IsNewVersionOf": "Is a newer version of",
    "IsPreviousVersionOf": "Has a newer version", "HasVersion": "Has versions", "IsVersionOf": "Is a version of",
    "IsObsoletedBy": "Is replaced by", "Obsoletes": "Replaces", "IsIdenticalTo": "Is the same as",
    "IsVariantFormOf": "Is another form of", "IsOriginalFormOf": "Is the original form of",
    "IsContinuedBy": "Is continued by", "Continues": "Continues", "IsCollectedBy": "Was collected by",
    "Collects": "Collects", "IsCompiledBy": "Was compiled by", "Compiles": "Compiles",
    "HasMetadata": "Has metadata at", "IsMetadataFor": "Is metadata for", "IsReviewedBy": "Is reviewed by",
    "Reviews": "Reviews", "IsRequiredBy": "Is needed by", "Requires": "Needs",
    "IsTranslationOf": "Is a translation of", "HasTranslation": "Has translations",
}  # fmt: skip
"""DataCite's relation types in words; the dictionary's order is the order of the groups on a page."""

CONTRIBUTOR_WORDS = {"Other": "Contributor", "HostingInstitution": "Hosting institution"}
DATE_WORDS = {
    "Accepted": "Accepted", "Available": "Available", "Copyrighted": "Copyright", "Collected": "Collected",
    "Created": "Created", "Issued": "Issued", "Submitted": "Submitted", "Updated": "Updated", "Valid": "Valid",
    "Withdrawn": "Withdrawn", "Coverage": "Covers", "Other": "Other date",
}  # fmt: skip

_CC_BY = {
    (False, ""): marked("Share and adapt the data, also commercially, as long as you cite them."),
    (False, "SA"): marked(
        "Share and adapt the data, also commercially, as long as you cite them and pass on what you make under the "
        "same licence."
    ),
    (False, "ND"): marked("Share the data, also commercially, as long as you cite them and pass them on unchanged."),
    (True, ""): marked("Share and adapt the data for purposes that are not commercial, as long as you cite them."),
    (True, "SA"): marked(
        "Share and adapt the data for purposes that are not commercial, as long as you cite them and pass on what you "
        "make under the same licence."
    ),
    (True, "ND"): marked(
        "Share the data for purposes that are not commercial, as long as you cite them and pass them on unchanged."
    ),
}
"""What the Creative Commons licences let a reader do: by NC, and by ND or SA."""


def day_in_words(day: date) -> str:
    """A day as people write it.

    >>> day_in_words(date(2020, 9, 9))
    '9 September 2020'
    """
    return day_written(day)


def iso_day_in_words(day: str) -> str:
    """The same for a day in ISO 8601; an empty text stays empty."""
    return day_in_words(date.fromisoformat(day)) if day else ""


def days_in_words(first: date | None, last: date | None) -> str:
    """A stretch of days, as short as it can be said; one end may be missing; empty when both are.

    >>> days_in_words(date(2024, 5, 2), date(2024, 5, 4))
    '2 to 4 May 2024'
    >>> days_in_words(date(2024, 4, 28), date(2024, 5, 4))
    '28 April to 4 May 2024'
    """
    if first is None or last is None:
        if first is not None:
            return tr("from {day}").format(day=day_in_words(first))
        return tr("until {day}").format(day=day_in_words(last)) if last is not None else ""
    if first == last:
        return day_in_words(first)
    how = "day"
    if first < last and first.year == last.year:
        how = "day and month" if first.month != last.month else "day alone"
    return tr("{first} to {last}").format(first=day_written(first, how), last=day_in_words(last))


def number(count: int) -> str:
    """A count with its thousands parted by a narrow no-break space (SI brochure, 5.4.4).

    >>> number(1234567)
    '1\\u202f234\\u202f567'
    """
    return f"{count:,}".replace(",", "\u202f")


def size_words(size_bytes: int) -> str:
    """A size as a page in the site's language writes it.

    >>> size_words(23_312_456_789)
    '23.3 GB'
    """
    return size_written(size_in_words(size_bytes))


def counted(count: int, one: str, many: str) -> str:
    """A count with its noun.

    >>> counted(1, "file", "files"), counted(12, "file", "files")
    ('1 file', '12 files')
    """
    return f"{number(count)} {trn(one, many, count)}"


def and_more(shown: str, more: int) -> str:
    """A list in words with how many are left out of it, if any.

    >>> and_more("A, B", 3), and_more("A, B", 0)
    ('A, B and 3 more', 'A, B')
    """
    words = trn("{shown} and {count} more", "{shown} and {count} more", more)
    return words.format(shown=shown, count=number(more)) if more > 0 else shown


def range_in_words(low: str, high: str, unit: str = "") -> str:
    """Two written numbers as the ends of a range, with their unit.

    >>> range_in_words("10", "14", "keV")
    '10 to 14 keV'
    """
    words = tr("{low} to {high}").format(low=low, high=high)
    return f"{words} {unit}" if unit else words


def value_in_words(value: bool | int | float | str | Sequence[float]) -> str:
    """A parameter's value as it was written, with powers of ten as people print them.

    >>> value_in_words(2.5e-07), value_in_words(12.0), value_in_words(True), value_in_words((1.0, 2.5))
    ('2.5 × 10⁻⁷', '12', 'yes', '1, 2.5')
    """
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        mantissa, _, exponent = repr(value).partition("e")
        mantissa = decimal(mantissa.removesuffix(".0"))
        if not exponent:
            return mantissa
        return f"{mantissa} × {power_of_ten(int(exponent))}"
    shown = list_mark().join(value_in_words(float(item)) for item in value[:_MOST_NUMBERS])
    more = tr("{shown}, … ({count} values)")
    return more.format(shown=shown, count=len(value)) if len(value) > _MOST_NUMBERS else shown


def rounded(value: _Value) -> _Value:
    """A number that is no whole one, to four significant digits; above a thousand, to a whole one. Else the same.

    >>> rounded(12.398419), rounded(0.000123456), rounded(10234.567), rounded(123456), rounded("0.12345")
    (12.4, 0.0001235, 10235.0, 123456, '0.12345')
    """
    if not isinstance(value, float) or not isfinite(value) or value.is_integer():
        return value
    return type(value)(round(value) if abs(value) >= 1000 else f"{value:.4g}")


def power_of_ten(exponent: int) -> str:
    """A power of ten as people print it.

    >>> power_of_ten(-7)
    '10⁻⁷'
    """
    return "10" + str(exponent).translate(_SUPERSCRIPT)


def parameter_in_words(parameter: Parameter) -> str:
    """A parameter's value with its error, range and unit: `21.5 ± 0.1 keV`."""
    words = value_in_words(parameter.value)
    if parameter.error is not None:
        words += f" ± {value_in_words(parameter.error)}"
    if parameter.unit:
        words += f" {unit_in_words(parameter.unit)}"
    if parameter.minimum is not None and parameter.maximum is not None:
        ends = {"low": value_in_words(parameter.minimum), "high": value_in_words(parameter.maximum)}
        words += f" ({tr('{low} to {high}').format(**ends)})"
    return words


def unit_in_words(written: str) -> str:
    """A unit as it was written, with the micro sign where the catalogue had none to write.

    >>> unit_in_words("um"), unit_in_words("u"), unit_in_words("keV")
    ('µm', 'u', 'keV')
    """
    found = interpret(written) if written.startswith("u") else None
    return found.symbol if found and found.symbol == f"µ{written[1:]}" else written


def formula_in_words(formula: str | None) -> str:
    """A chemical formula with its indices lowered where it is plain for sure; else as it was written.

    >>> formula_in_words("Ca(OH)2"), formula_in_words("Fe0.5Ni0.5"), formula_in_words("C12H22O11")
    ('Ca(OH)₂', 'Fe0.5Ni0.5', 'C₁₂H₂₂O₁₁')
    """
    if not formula or not _FORMULA.fullmatch(formula):
        return formula or ""
    return formula.translate(_SUBSCRIPT)


def contributor_words(kind: str | None, role: str | None) -> str:
    """What a contributor did: the source's own word, else DataCite's in words (`DataCollector`: `Data collector`)."""
    if role:
        return role
    if not kind:
        return ""
    return tr(CONTRIBUTOR_WORDS.get(kind) or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind).capitalize())


def paragraphs(text: str | None) -> tuple[tuple[str, ...], ...]:
    """A text as paragraphs of lines, its web addresses as links; an empty line parts paragraphs."""
    if not text:
        return ()
    linked = _with_links if "://" in text else str
    blocks = (tuple(linked(line) for line in block.split("\n") if line.strip()) for block in text.split("\n\n"))
    return tuple(block for block in blocks if block)


def language_tag(language: str | None) -> str:
    """The language as a page may declare it (BCP 47, two or three letters and subtags); else nothing.

    >>> language_tag("en-GB"), language_tag("English")
    ('en-GB', '')
    """
    return language if language and _LANGUAGE.fullmatch(language) else ""


def foreign(language: str | None) -> str:
    """The language of a record's words as a page marks them; nothing where it is unknown or the site's own.

    >>> foreign("de-AT"), foreign("en-GB"), foreign(None)
    ('de-AT', '', '')
    """
    tag = language_tag(language)
    return "" if tag.partition("-")[0].lower() == current() else tag


def _with_links(line: str) -> str:
    """The line as markup in which every safe web address is a link; all else is escaped."""
    parts, place = [], 0
    for found in _ADDRESS.finditer(line):
        url = found[0].rstrip(".,;:!?'\"”’)]}*")
        # A bracket that opens within an address belongs to it.
        url += ")" if url.count("(") > url.count(")") and found[0].startswith(url + ")") else ""
        address = web_address(url)
        if address:
            parts += [escape(line[place : found.start()]), Markup('<a href="{}">{}</a>').format(address, url)]
            place = found.start() + len(url)
    return Markup("").join([*parts, escape(line[place:])])


def excerpt(text: str | None, most: int = 300) -> str:
    """The beginning of a text in one line, cut at a word, for descriptions in a page's head."""
    line = " ".join((text or "").split())
    return line if len(line) <= most else line[:most].rsplit(" ", 1)[0] + " …"


def web_address(url: str | None) -> str:
    """The address if a link to it is safe (http or https, with a host), its odd characters encoded; else nothing.

    Escaping does not stop `javascript:`, so no address reaches an href but through here.
    """
    return fit_address(url) or ""


def host_of(url: str) -> str:
    """The host of a web address as people name a site, without `www.`."""
    return urlsplit(url).netloc.rsplit("@", 1)[-1].removeprefix("www.")


def reuse_in_words(rights: Rights) -> str:
    """What a licence lets a reader do, in one sentence; an unknown one lets nobody do anything unasked."""
    spdx = (rights.spdx or "").upper()
    if spdx.startswith("CC0"):
        return tr("Use the data for anything; citing them is good practice, not a duty.")
    if spdx.startswith("CC-BY"):
        parts = set(spdx.split("-"))
        return tr(_CC_BY["NC" in parts, "ND" if "ND" in parts else "SA" if "SA" in parts else ""])
    if rights.spdx or web_address(rights.url):
        return tr("The licence's text says what you may do.")
    return tr("These are the catalogue's own words; ask before you reuse the data.")


def opened_in_words(released: Released) -> str:
    """The day from which the publication is open, in words."""
    publication = released.publication
    day = publication.release_date or publication.publication_date
    return day_in_words(day) if day else ""
