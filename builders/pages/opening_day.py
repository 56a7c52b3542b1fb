"""The day on which the data of a DOI open, as an iCalendar file that any calendar takes in (RFC 5545).

Says what the notice says and no more. No clock: the stamp is the opening day itself.
"""

import re

from panfair.builders.html.language import tr
from panfair.builders.portal import Portal
from panfair.ontologies.embargo import Notice

NAME = "opens.ics"
_LONGEST = 75  # octets of a line (section 3.1)


def calendar(notice: Notice, portal: Portal) -> bytes:
    """One all-day event on the opening day. The notice must have one."""
    assert notice.opens is not None
    day = f"{notice.opens:%Y%m%d}"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//panfair//opening days//EN",
        "BEGIN:VEVENT",
        f"UID:{_escaped(notice.doi.key)}@{portal.host}",
        f"DTSTAMP:{day}T000000Z",
        f"DTSTART;VALUE=DATE:{day}",
        f"SUMMARY:{_escaped(_title(notice))}",
        f"DESCRIPTION:{_escaped(_summary(notice))}",
        f"URL:{portal.landing(notice.doi)}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) for line in lines)


def _title(notice: Notice) -> str:
    return tr("Data open: {title}").format(title=notice.citation.title if notice.citation else notice.doi)


def _summary(notice: Notice) -> str:
    words = tr("{publisher}. From this day {address} leads to the data.")
    return words.format(publisher=notice.publisher, address=notice.doi.url)


def _escaped(text: str) -> str:
    return re.sub(r"([\\;,])", r"\\\1", " ".join(text.split()))


def _folded(line: str) -> bytes:
    """The line in pieces of 75 octets, never cut within a character."""
    pieces, piece = [], b""
    for character in line:
        encoded = character.encode()
        if len(piece) + len(encoded) > _LONGEST:
            pieces.append(piece)
            piece = b" "
        piece += encoded
    return b"\r\n".join([*pieces, piece]) + b"\r\n"
