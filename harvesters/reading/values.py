"""Values as catalogues write them, read into the record's types: moments, days, numbers, addresses, identifiers.

Nothing here knows a catalogue. A value that is absent (None, empty, `N/A`) is None; one that is there and cannot be
read raises RecordError where the caller must decide, and is None with a note where it may be dropped.
"""

import math
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar

from pydantic import ValidationError

from panfair.ontologies.errors import IdentifierError, RecordError
from panfair.ontologies.fields import in_utc, local_zone
from panfair.ontologies.identifiers import Doi, Orcid, Ror
from panfair.ontologies.record import Technique
from panfair.ontologies.text import clean_line

Note = Callable[[str], None]

_T = TypeVar("_T")
_ABSENT = frozenset({"", "n/a", "na", "none", "null", "undefined", "-", "--", "unknown"})
_PANET = re.compile(r"(?i)(?:\S*[/#:])?panet[:_]?(?:panet)?(\d{5})")
_ESRFET = re.compile(r"(?i)esrfet[:#](\S+)")
_DATE_ALONE = re.compile(r"\d{4}-\d\d-\d\d")
_DOTTED = re.compile(r"[\w+-]+(?:\.[\w+-]+)+")
_LARGEST = 2**53 - 1  # what JSON readers carry (RFC 8259, section 6), 9 PB; a thousand of them fit into 64 bits


class Once:
    """Passes each remark on once, however often it is made."""

    def __init__(self, note: Note) -> None:
        self._note = note
        self._again: Note | None = getattr(note, "again", None)
        """Who takes remarks may count, too, how often each is made."""
        self._made: set[str] = set()

    def __call__(self, text: str) -> None:
        if text not in self._made:
            self._made.add(text)
            self._note(text)
        elif self._again:
            self._again(text)


def text_of(value: Any) -> str | None:
    """The text of a value, or None when it has none; numbers become their digits."""
    if value is None or isinstance(value, bool | dict | list):
        return None
    try:
        text = str(value)
    except ValueError:  # a whole number of more digits than Python writes
        return None
    return text if clean_line(text) else None


def texts_of(value: Any) -> list[str]:
    """The texts in a value that should be a list of texts and may be one text, or nothing."""
    values = value if isinstance(value, list) else [value]
    return [text for item in values if (text := text_of(item)) is not None]


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """The JSON objects in a list; anything else in it is passed over."""
    for item in value if isinstance(value, list) else ():
        if isinstance(item, dict):
            yield item


def text_in(value: Any) -> str | None:
    """The text of a value, or None where the source writes a word for "nothing", such as `N/A`."""
    text = text_of(value)
    return None if text is None or clean_line(text).casefold() in _ABSENT else text


def instant(value: Any) -> datetime | None:
    """A moment, in UTC: from ISO 8601, from milliseconds since 1970, or from a date. Raises RecordError otherwise."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    try:
        if isinstance(value, datetime):
            moment = value
        elif isinstance(value, date):
            moment = datetime.combine(value, time())
        elif isinstance(value, int | float) and not isinstance(value, bool):
            if abs(value) < 1e11:
                raise ValueError  # seconds, or no date at all: 1e11 milliseconds are in 1973
            moment = datetime.fromtimestamp(value / 1000, tz=UTC)
        elif isinstance(value, str):
            moment = datetime.fromisoformat(value.strip())
        else:
            raise ValueError
        return in_utc(moment)
    except (ValueError, OverflowError, OSError):
        raise RecordError("not a date that can be read") from None


def day(value: Any) -> date | None:
    """The day of a moment, by its source's clock or by UTC: the later one. Raises RecordError when it cannot be read.

    A date alone is that day. A local midnight is in UTC the day before, and no embargo ends earlier than it says.
    """
    if isinstance(value, str) and (alone := _DATE_ALONE.fullmatch(value.strip())):
        value = f"{alone[0]}T00:00:00Z"
    moment = instant(value)
    return max(moment.date(), _local_date(moment)) if moment else None


def _local_date(moment: datetime) -> date:
    try:
        return moment.astimezone(local_zone.get()).date()
    except OverflowError:
        raise RecordError("not a date that can be read") from None


def first_open_day(value: Any) -> date | None:
    """The first day that lies wholly after a moment: when a release date is a moment, what opens on it is open then.

    Catalogues store a local midnight in UTC (`2022-10-30T23:00Z` is the 31st in Berlin); in doubt this opens later.

    >>> first_open_day("2022-10-30T23:00:00+00:00"), first_open_day("2022-10-31")
    (datetime.date(2022, 10, 31), datetime.date(2022, 10, 31))
    """
    if isinstance(value, str) and value.strip():
        try:
            own = datetime.fromisoformat(value.strip())
        except ValueError:
            raise RecordError("not a date that can be read") from None
        if own.time() == time() and (own.utcoffset() or timedelta()) >= timedelta():
            return own.date()
    moment = instant(value)
    if moment is None:
        return None
    try:
        return moment.date() if moment.time() == time() else moment.date() + timedelta(days=1)
    except OverflowError:
        raise RecordError("not a date that can be read") from None


def or_note(read: Callable[[Any], _T | None], value: Any, note: Note, what: str) -> _T | None:
    """What `read` makes of a value; when it cannot, None and a remark that `what` was dropped."""
    try:
        return read(value)
    except (RecordError, IdentifierError, ValidationError) as error:
        reason = error.args[0] if isinstance(error, RecordError) else "not what it should be"
        note(f"{what} was dropped: {reason}")
        return None


def count_of(value: Any) -> int | None:
    """A number of files or bytes. Raises RecordError when it is negative, broken, or beyond 64 bits."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    try:
        number = float(value) if not isinstance(value, int) else value
        if isinstance(value, bool) or number != math.floor(number):
            raise ValueError
        whole = int(value) if isinstance(value, int | str) and str(value).strip().isdigit() else int(number)
    except (TypeError, ValueError, OverflowError):
        raise RecordError("not a whole number") from None
    if whole < 0:
        raise RecordError("it is negative")
    if whole > _LARGEST:
        raise RecordError("it is larger than any store")
    return whole


def number_of(value: Any) -> float | None:
    """A number, or None when there is none or it is not finite."""
    if value is None or isinstance(value, bool):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def orcid_of(value: Any) -> Orcid | None:
    """A person's ORCID iD. Raises IdentifierError when it is none."""
    text = text_in(value)
    return Orcid.parse(text) if text else None


def ror_of(value: Any) -> Ror | None:
    """An organisation's ROR id. Raises IdentifierError when it is none."""
    text = text_in(value)
    return Ror.parse(text) if text else None


def doi_of(value: Any, extra_prefixes: tuple[str, ...]) -> Doi:
    """A record's own DOI. Raises RecordError that says what is wrong without quoting more than the DOI itself."""
    text = text_in(value)
    if text is None:
        raise RecordError("it has no DOI")
    try:
        return Doi.parse(text, extra_prefixes)
    except IdentifierError as error:
        raise RecordError(str(error)) from None


def web_address(value: Any) -> str | None:
    """An http or https address that has a host and no blank, or None."""
    text = clean_line(text_of(value) or "")
    return text if re.fullmatch(r"(?i)https?://[^\s/\"<>]+\S*", text) and not set(text) & set('"<>') else None


def technique_of(said: Any, pid: Any) -> Technique | None:
    """A technique from the catalogue's name and identifier; None when it has neither.

    The name may be a path through a hierarchy (`a.b.small_angle_scattering;a.c.small_angle_scattering`): what is said
    is its last part, in words. `PaNET01168`, `PaNET:PaNET01168` and the full address are one term.

    >>> technique_of("x.defined_by_purpose.imaging.tomography", "PaNET01129").iri
    'http://purl.org/pan-science/PaNET/PaNET01129'
    """
    identifier = clean_line(text_in(pid) or "")
    words = _last_part(clean_line(text_in(said) or ""))
    if not words and not identifier:
        return None
    iri: str | None = None
    if found := _PANET.fullmatch(identifier):
        iri = f"http://purl.org/pan-science/PaNET/PaNET{found[1]}"
    elif found := _ESRFET.fullmatch(identifier):
        iri = f"https://w3id.org/PaN/ESRFET#{found[1]}"
    else:
        iri = web_address(identifier)
    return Technique(said=words or identifier, iri=iri)


def _last_part(path: str) -> str:
    for one in path.split(";"):
        name = one.strip()
        if name:
            last = name.rsplit(".", 1)[-1] if _DOTTED.fullmatch(name) else name
            return last.replace("_", " ").strip() if " " not in last else last
    return ""


def chunks(items: list[_T], size: int) -> Iterator[list[_T]]:
    """The items in lists of at most `size`."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
