"""HTML and simple LaTeX in titles, abstracts and descriptions, made plain text once, before a record is kept.

Only known tags are taken for tags, so that `x<y and a < b` stays; `<sub>2</sub>` and `$_2$` become ₂, paragraphs and
list items become lines, and a text that somebody wrapped by hand at a fixed width flows again.
"""

import re
from html import unescape
from typing import TypeVar
from unicodedata import normalize

from panfair.ontologies.record import Dataset, Publication, Record, Sample

_R = TypeVar("_R", bound=Record)

_SIGN = re.compile(r"[<&\\${]")
_TAGS = (
    "a|abbr|b|big|blockquote|body|br|center|cite|code|dd|div|dl|dt|em|font|h[1-6]|head|hr|html|i|img|ins|kbd|label|li|mark|"
    "meta|ol|p|pre|q|s|samp|section|small|span|strike|strong|sub|sup|table|tbody|td|tfoot|th|thead|title|tr|tt|u|ul|var|"
    "jats:[a-z-]+|mml:[a-z-]+"
)
_TAG = re.compile(rf"(?i)<(?P<close>/?)(?P<name>{_TAGS})(?P<rest>\s[^<>]{{0,2000}})?/?>")
_HIDDEN = re.compile(r"(?is)<(script|style)\b[^<>]*>.*?</\1\s*>|<!--.*?-->")
_LINK = re.compile(r"(?is)<a\b[^<>]*?\bhref\s*=\s*[\"']?(https?://[^\s\"'<>]+)[^<>]*>(.*?)</a\s*>")
_LOW = re.compile(r"(?is)<sub>\s*([^<>]{1,40}?)\s*</sub\s*>")
_HIGH = re.compile(r"(?is)<sup>\s*([^<>]{1,40}?)\s*</sup\s*>")
_BLOCKS = frozenset(
    [
        *("blockquote", "br", "center", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "ol", "p"),
        *("pre", "section", "table", "tr", "ul"),
    ]
)
_TO_LOW = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_TO_HIGH = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")

_MATH = re.compile(r"\$([^$\n]{1,200})\$|\\\(([^\n]{1,200}?)\\\)")
_SCRIPTS = re.compile(r"([_^])\s*(?:\{([^{}]{0,60})\}|(\\[A-Za-z]+|[^\s{}\\]))")
_TEXT_SCRIPTS = re.compile(r"\\text(sub|super)script\s*\{([^{}]{0,60})\}")
_WRAPPED = re.compile(
    r"\\(?:text(?:it|bf|rm|sf|tt|sc|normal)?|emph|math(?:rm|it|bf|sf|cal|bb)?|mbox|underline|ce)\s*\{([^{}]*)\}"
)
_ACCENT = re.compile(r"\{?\\([\"'`^~=.]|[cvuHkr](?=[\s{]))\s*\{?(\\?[A-Za-z])\}?\}?")
_COMMAND = re.compile(r"\\([A-Za-z]+)(?:\{\})?")
_LONE_COMMAND = re.compile(r"\{\\([A-Za-z]+)\s?\}|(?<![\w\\:])\\([A-Za-z]+)(?:\{\})?")  # not in `C:\\data\\alpha`
_ESCAPED = re.compile(r"\\([%&#_$])")
_ACCENTS = {
    '"': "\u0308", "'": "\u0301", "`": "\u0300", "^": "\u0302", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "c": "\u0327", "v": "\u030c", "u": "\u0306", "H": "\u030b", "k": "\u0328", "r": "\u030a",
}  # fmt: skip
_COMMANDS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "µ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ",
    "sigma": "σ", "tau": "τ", "phi": "φ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ",
    "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
    "AA": "Å", "aa": "å", "angstrom": "Å", "degree": "°", "circ": "°", "times": "×", "cdot": "·", "pm": "±", "mp": "∓",
    "approx": "≈", "sim": "∼", "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "neq": "≠", "infty": "∞", "to": "→",
    "rightarrow": "→", "leftarrow": "←", "perp": "⊥", "parallel": "∥", "prime": "′", "ss": "ß", "ae": "æ", "oe": "œ",
    "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "textmu": "µ", "textdegree": "°", "ldots": "…", "dots": "…",
    "textendash": "–",
}  # fmt: skip
_HARD_LINES = (45, 110)  # the lengths of lines that somebody's editor wrapped
_LEAST_LINES = 3
_ITEM = re.compile(r"(?:[-•*–]|\(?\d{1,2}[.)])\s")


def plain_text(text: str) -> str:
    r"""The text without markup.

    >>> plain_text("Fe<sub>2</sub>O<sub>3</sub> &amp; $\\alpha$-TiO$_2$ at 10<sup>-6</sup>&nbsp;mbar; x<y, a < b")
    'Fe₂O₃ & α-TiO₂ at 10⁻⁶\xa0mbar; x<y, a < b'
    """
    if not _SIGN.search(text):
        return text
    return _without_latex(_without_html(text))


def flowing(text: str) -> str:
    r"""The text with lines joined that were wrapped at a fixed width; paragraphs and lists stay.

    >>> flowing("short\nlines\nstay")
    'short\nlines\nstay'
    """
    return "\n\n".join(_joined(part) for part in text.split("\n\n"))


def without_markup(publication: Publication) -> Publication:
    """The publication with plain text in its titles, abstract, methods and descriptions."""
    changes = _changes(publication, ("title",), ("abstract", "methods"))
    changes |= _in_samples(publication)
    datasets = tuple(_dataset(dataset) for dataset in publication.datasets)
    if any(new is not old for new, old in zip(datasets, publication.datasets, strict=True)):
        changes["datasets"] = datasets
    related = tuple(_changed(work, _changes(work, ("title", "citation"), ())) for work in publication.related)
    if any(new is not old for new, old in zip(related, publication.related, strict=True)):
        changes["related"] = related
    return _changed(publication, changes)


def _dataset(dataset: Dataset) -> Dataset:
    return _changed(dataset, _changes(dataset, ("name",), ("description",)) | _in_samples(dataset))


def _sample(sample: Sample) -> Sample:
    return _changed(sample, _changes(sample, ("name",), ("description",)))


def _in_samples(record: Publication | Dataset) -> dict[str, object]:
    new = tuple(map(_sample, record.samples))
    return {"samples": new} if any(a is not b for a, b in zip(new, record.samples, strict=True)) else {}


def _changed(record: _R, changes: dict[str, object]) -> _R:
    # Validated again, so that the new text is as clean as every other.
    return type(record).model_validate({**dict(record), **changes}) if changes else record


def _changes(record: Record, lines: tuple[str, ...], texts: tuple[str, ...]) -> dict[str, object]:
    changes: dict[str, object] = {}
    for name in (*lines, *texts):
        old = getattr(record, name)
        if not old:
            continue
        new = plain_text(old)
        new = flowing(new) if name in texts else new
        if new != old and new.strip():
            changes[name] = new
    return changes


def _without_html(text: str) -> str:
    if "<" in text:
        text = _HIDDEN.sub("", text)
        text = _LINK.sub(lambda found: found[2] if found[1] in found[2] else f"{found[2]} ({found[1]})", text)
        text = _LOW.sub(lambda found: _lowered(unescape(found[1])), text)
        text = _HIGH.sub(lambda found: _raised(unescape(found[1])), text)
        text = _TAG.sub(_in_place_of_tag, text)
    return unescape(text) if "&" in text else text


def _in_place_of_tag(found: re.Match[str]) -> str:
    name = found["name"].casefold().rpartition(":")[2]
    if name == "li":
        return "" if found["close"] else "\n- "
    if name in {"td", "th"}:
        return "" if found["close"] else " "
    return "\n" if name in _BLOCKS else ""


def _lowered(text: str) -> str:
    return text.translate(_TO_LOW) if all(ord(c) in _TO_LOW for c in text) else text


def _raised(text: str) -> str:
    if all(ord(c) in _TO_HIGH for c in text):
        return text.translate(_TO_HIGH)
    return text if text.isalpha() else f"^{text}"  # the 4th


def _without_latex(text: str) -> str:
    if "$" not in text and "\\" not in text:
        return text
    text = _MATH.sub(_in_place_of_math, text)
    text = _TEXT_SCRIPTS.sub(lambda found: (_lowered if found[1] == "sub" else _raised)(found[2]), text)
    text = _WRAPPED.sub(lambda found: found[1], text)
    text = _ACCENT.sub(lambda found: normalize("NFC", found[2].strip("\\") + _ACCENTS[found[1]]), text)
    text = _ESCAPED.sub(lambda found: found[1], text)
    return _LONE_COMMAND.sub(lambda found: _COMMANDS.get(found[1] or found[2], found[0]), text)


def _in_place_of_math(found: re.Match[str]) -> str:
    inner = found[1] or found[2]
    if found[1] and not re.search(r"[\\_^]", inner):
        return found[0]  # `$5 and $6` are prices
    inner = _WRAPPED.sub(lambda one: one[1], inner)
    inner = re.sub(r"\^\s*\{?\s*\\(?:circ|degree)\s*\}?", "°", inner)
    inner = _SCRIPTS.sub(lambda one: (_lowered if one[1] == "_" else _raised)(one[2] or one[3] or ""), inner)
    inner = _COMMAND.sub(lambda one: _COMMANDS.get(one[1], one[0]), inner)
    return re.sub(r"\\[,;:! ]", " ", inner).replace("{", "").replace("}", "")


def _joined(paragraph: str) -> str:
    lines = paragraph.split("\n")
    least, most = _HARD_LINES
    if len(lines) < _LEAST_LINES or any(_ITEM.match(line) for line in lines):
        return paragraph
    if not all(least <= len(line) <= most for line in lines[:-1]) or len(lines[-1]) > most:
        return paragraph
    joined = lines[0]
    for line in lines[1:]:
        broken = joined.endswith("-") and joined[-2:-1].islower() and line[:1].islower()
        joined = joined[:-1] + line if broken else f"{joined} {line}"
    return joined
