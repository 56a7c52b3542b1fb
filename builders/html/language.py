"""The language of a site's own words: English as the source has it, or a gettext catalogue of `templates/languages/`.

One language a site, chosen in panfair.toml; a record's own words stay in the language that the record says. Catalogues
are PO files (GNU gettext), read with Babel, so that a translator's file is the file that is used. Formats for machines
stay in English: their words are vocabularies.
"""

import gettext
from datetime import UTC, date, datetime, tzinfo
from functools import cache, lru_cache
from importlib import resources
from io import BytesIO
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = ("en", "fr", "de")
"""The first is the one that needs no catalogue."""

_PATTERNS = {
    "en": {"day": "d MMMM y", "day and month": "d MMMM", "day alone": "d"},
    "fr": {"day": "d MMMM y", "day and month": "d MMMM", "day alone": "d"},
    "de": {"day": "d. MMMM y", "day and month": "d. MMMM", "day alone": "d."},
}
"""How a day, or the first of two days, is written (Unicode TR 35, date field symbols)."""
_BYTES = {"fr": (("bytes", "octets"), ("byte", "octet"), ("kB", "ko"), ("MB", "Mo"), ("GB", "Go"), ("TB", "To"))}
_current = "en"
_zone: tzinfo = UTC


def use(language: str) -> None:
    """Makes this the language of all pages that the process renders. Raises ValueError for one that there is not."""
    if language not in LANGUAGES:
        raise ValueError(f"there is no language {language!r}; there are {', '.join(LANGUAGES)}")
    global _current
    _current = language


def use_zone(name: str) -> None:
    """Makes this the time zone by which all pages that the process renders tell days: `Europe/Berlin`."""
    global _zone
    _zone = ZoneInfo(name)


def local_day(moment: datetime) -> date:
    """The day of a moment at the facility; that of UTC at the ends of the calendar."""
    try:
        return moment.astimezone(_zone).date()
    except OverflowError:
        return moment.date()


def current() -> str:
    """The language in use, as BCP 47 writes it."""
    return _current


def tr(text: str) -> str:
    """The text in the language in use; the text itself where its catalogue lacks it."""
    return _catalogue(_current).gettext(text) if text else text


def trn(one: str, many: str, count: int) -> str:
    """The form of the text for so many things, in the language in use."""
    return _catalogue(_current).ngettext(one, many, count)


def marked(text: str) -> str:
    """The text unchanged: marks it for the translators, where it is translated later by `tr`."""
    return text


def day_written(day: date, how: str = "day") -> str:
    """A day in words: `day`, `day and month` or `day alone`."""
    return _written(day, how, _current)


def decimal(text: str) -> str:
    """A number in digits with the decimal mark of the language in use."""
    return text if _current == "en" else text.replace(".", ",")


def list_mark() -> str:
    """What parts the numbers of a list: a comma, or a semicolon where the comma is the decimal mark."""
    return {"en": ", ", "fr": "\u202f; "}.get(_current, "; ")


def size_units() -> list[tuple[str, str]]:
    """The units of sizes in English and in the language in use, where they differ."""
    return list(_BYTES.get(_current, ()))


def size_written(words: str) -> str:
    """A size such as `23.3 GB` as the language in use writes it."""
    for ours, theirs in size_units():
        words = words.replace(f" {ours}", f" {theirs}")
    return decimal(words)


@lru_cache(maxsize=4096)
def _written(day: date, how: str, language: str) -> str:
    written = format_date(day, _PATTERNS[language][how], locale=language)
    # The first of a month is an ordinal in French, which no date pattern knows.
    return f"1er{written[1:]}" if language == "fr" and day.day == 1 else written


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == LANGUAGES[0]:
        return gettext.NullTranslations()
    with resources.files("panfair.templates").joinpath("languages", f"{language}.po").open("rb") as file:
        messages = read_po(file, locale=language, abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
