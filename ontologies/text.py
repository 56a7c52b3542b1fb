"""Text as catalogues hold it, made fit for pages, XML and JSON: cleaned once, at the edge, and then trusted.

Characters that XML 1.0 (section 2.2) forbids never enter a record, so no format has to think of them again.
"""

import re
import unicodedata

# All that XML 1.0 allows, less the C1 controls, the byte order mark and the noncharacters, which no reader wants.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17))
    + "]"
)
_BLANKS = re.compile(r"[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_BLANK_LINES = re.compile(r"\n{3,}")
_PLAIN_LINE = re.compile(r"[!-~]+(?: [!-~]+)*", re.ASCII)  # ASCII words with one blank between them
_SLUG = re.compile(r"[^a-z0-9]+")
_EMAIL = re.compile(r"[\w.+\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,8}")
_NOT_DECOMPOSED = str.maketrans({"ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "æ": "ae", "œ": "oe"})


def clean_text(text: str) -> str:
    r"""Text of several lines in NFC: no forbidden characters, single blanks, at most one empty line in a row.

    A control character that stands inside a word is a relic of a broken ligature and goes without trace.

    >>> clean_text("the eff\x0bect  of\r\nlossy\tcompression \n\n\n\n4\x02")
    'the effect of\nlossy compression\n\n4'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n").replace("\u2028", "\n")
    text = _FORBIDDEN.sub("", text.replace("\u2029", "\n\n"))
    text = _BLANKS.sub(" ", unicodedata.normalize("NFC", text))
    text = "\n".join(line.strip() for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", text).strip()


def clean_line(text: str) -> str:
    r"""Text in one line: as `clean_text`, with line breaks as blanks.

    >>> clean_line("\tSelective Laser\r\nMelting of alumina\r\n")
    'Selective Laser Melting of alumina'
    """
    if _PLAIN_LINE.fullmatch(text):
        return text  # most are clean already, and this is soon seen
    return " ".join(clean_text(text).split("\n")).replace("  ", " ")


def without_emails(text: str) -> str:
    """The text with every e-mail address replaced by words that say so.

    >>> without_emails("ask jane.doe@lab.example.org.")
    'ask (e-mail address withheld).'
    """
    if "@" not in text:
        return text
    return _EMAIL.sub("(e-mail address withheld)", text)


def fold(text: str) -> str:
    """Lower case without accents: for comparing names, never for showing them.

    >>> fold("Schlepütz"), fold("Øystein")
    ('schleputz', 'oystein')
    """
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKD", text.translate(_NOT_DECOMPOSED))
    return "".join(c for c in text if not unicodedata.combining(c)).casefold()


def slug(text: str) -> str:
    """A short name for addresses: ASCII letters, digits and single hyphens; empty if nothing of that is left.

    >>> slug("EDDI – Energy Dispersive Diffraction")
    'eddi-energy-dispersive-diffraction'
    """
    return _SLUG.sub("-", fold(text)).strip("-")[:80].rstrip("-")


def shortened(text: str, most: int) -> str:
    """The text, cut at a blank to at most so many characters, with an ellipsis where it was cut."""
    return text if len(text) <= most else text[: most - 2].rsplit(None, 1)[0] + " …"
