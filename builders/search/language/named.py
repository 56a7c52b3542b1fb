"""DOIs and other identifiers in a query: as people write them, in any address, in any sentence.

A DOI means the record of that DOI and what names it: who types the DOI of a paper looks for the paper's data.
"""

import re
from urllib.parse import unquote

from panfair.builders.search.documents.fields import IDENTIFIER
from panfair.builders.search.documents.identifiers import LEAD, identifier_word
from panfair.builders.search.language.tree import DoiIs, Node, Or, Prefix, Word
from panfair.ontologies.errors import IdentifierError
from panfair.ontologies.identifiers import Doi

_DOI = re.compile(
    r"(?i)(?:https?://[^\s\"()]{1,200}?/|(?:(?:dx\.|www\.)?doi\.org/|(?:urn:|info:)?doi[ :=/]{0,3}))?"
    r"(10\.[0-9]{4,9}(?:\.[0-9]+)*/\S+)"
)
_IDENTIFIER = re.compile(rf"(?i){LEAD}(?![\"(])\S+")
_BEFORE_DOI = "'‘’‚‹<([{"
_AFTER_DOI = ".,;:!?…'‘’\"”›/\u200b"  # a sentence's marks, and the last slash of a page's address


def named_at(text: str, at: int) -> tuple[Node, int] | None:
    """What the DOI at this place means, and where it ends; None where there is none."""
    found = _DOI.match(text, at)
    bare = _unclosed(found[1]) if found else ""
    if found is None or not bare or not _is_doi(bare):
        return None
    return _named(bare, found[1].startswith(bare + "/")), found.start(1) + len(bare)


def named_node(text: str) -> Node:
    """The same of what stands behind `doi:`, even where it is no DOI."""
    found = named_at(text.lstrip(_BEFORE_DOI), 0)
    return found[0] if found else _doi_node(text)


def identified_at(text: str, at: int) -> tuple[Node, int] | None:
    """The same of another identifier, told by its address or by its scheme in front of it (`arXiv:2001.01234`)."""
    found = _IDENTIFIER.match(text, at)
    bare = _unclosed(found[0]) if found else ""
    node = identified_node(bare)
    return (node, at + len(bare)) if node else None


def identified_node(text: str) -> Word | Prefix | None:
    """What has this identifier or file name, or one that begins so; None for a text without letters and digits."""
    word = identifier_word(text)
    if not word:
        return None
    return Prefix(word, (IDENTIFIER,)) if text.endswith("*") else Word(word, (IDENTIFIER,))


def _unclosed(text: str) -> str:
    """A DOI without what closes something outside of it, and without the sentence's own marks."""
    text = text.rstrip(_AFTER_DOI)
    for opens, closes in ("()", "[]", "{}", "<>"):
        while text.endswith(closes) and text.count(closes) > text.count(opens):
            text = text[:-1].rstrip(_AFTER_DOI)
    return text


def _doi_node(value: str) -> DoiIs:
    """The DOI as a person writes it, in any case and with any resolver before it; a star at its end asks for more."""
    value = value.lstrip(_BEFORE_DOI)
    if not value.rstrip(_AFTER_DOI).endswith("*"):
        bare, prefix = _unclosed(value), False
    else:
        bare, prefix = value.rstrip(_AFTER_DOI).rstrip("*"), True
    try:
        return DoiIs(Doi.parse(bare).key, prefix)
    except IdentifierError:
        return DoiIs(Doi(re.sub(r"(?i)^(?:https?://(?:dx\.)?doi\.org/|doi:)", "", bare)).key, prefix)


def _named(bare: str, slash: bool) -> Node:
    """What has this DOI, and what names it; with the slash behind it too, which may belong to it."""
    own = [_doi_node(bare)]
    if own[0].prefix:
        return own[0]
    if "%" in bare:
        own.append(_doi_node(unquote(bare)))
    if slash:
        own.append(DoiIs(own[0].key + "/"))
    words_of = dict.fromkeys(identifier_word(one.key) for one in own)
    return Or((*dict.fromkeys(own), *(Word(word, (IDENTIFIER,)) for word in words_of)))


def _is_doi(text: str) -> bool:
    try:
        Doi.parse(text.rstrip("*"))
    except IdentifierError:
        return False
    return True
