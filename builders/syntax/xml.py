"""XML written as text: escaping, and elements that are left out when they are empty.

Text in records is clean (`ontologies.text`): no character that XML 1.0 forbids can reach this.
"""

_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_ATTRIBUTE = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\t": "&#9;", "\r": "&#13;"}
)

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def escaped(text: str) -> str:
    """The text as the content of an element."""
    return text.translate(_TEXT)


def attribute(text: str) -> str:
    """The text as the value of an attribute, without its quotes."""
    return text.translate(_ATTRIBUTE)


def element(name: str, text: str | None, **attributes: str | None) -> str:
    """`<name a="…">text</name>`; an attribute that is None or empty is left out; empty when there is no text.

    An underscore in an attribute's name stands for a colon: `xml_lang`.

    >>> element("title", "a < b", xml_lang="en")
    '<title xml:lang="en">a &lt; b</title>'
    """
    return f"<{name}{_attributes(attributes)}>{text.translate(_TEXT)}</{name}>" if text else ""


def parent(name: str, children: str, **attributes: str | None) -> str:
    """An element around others that are written already; empty when there are none."""
    return f"<{name}{_attributes(attributes)}>{children}</{name}>" if children else ""


def _attributes(attributes: dict[str, str | None]) -> str:
    return "".join(
        f' {name.replace("_", ":")}="{value.translate(_ATTRIBUTE)}"' for name, value in attributes.items() if value
    )
