"""The search language, read into a tree; nothing that a person types is an error, the notes say what was made of it.

- words: up to four are keywords, which must all occur in any field, where anything has all; of more, and of a
  question (`find`, `any`, `which`), a record must have most, the rare ones counting more; a word is found by its stem,
  without regard to case and accents
- `+word`, and words joined by `AND`: must occur
- `"several words"`: exactly these, in this order, in one field
- `-word`, `NOT word`: must not occur; `OR` between words; parentheses; words side by side bind closer than `OR`
- `wor*`: words that begin so (three letters at least)
- `field:word`, `field:"several words"`, `field:(this OR that)`; the fields are the keys of `FIELDS`
- `technique:="…"`, `instrument:="…"`, `facility:="…"`: this facet has exactly this value
- `element:Fe,Ni`: samples with all of these chemical elements
- `energy:10..14keV`, `wavelength<1.1Å`, `resolution<2`, `temperature:>300K`, `size>1GB`, `files>1000`,
  `date:2021-03..2021-06`, `measured:2019`: ranges of quantities (`ontologies/vocabularies/quantities.toml`), sizes,
  numbers of files, days of opening, days on which measuring began or ended
- `has:files`, `has:orcid`, `has:licence`…; `kind:session`, `kind:collection`, `kind:dataset`
- `PaNET01188`, `PaNET:PaNET01188` and the term's address in full: all mean the term
- `year:2020`, `year:2019..2023`, `year:2019..`, `year:>2019`; `doi:10.1234/abc`, `doi:10.1234/*`, or the bare DOI,
  in any resolver's or page's address and with the marks of the sentence that it was copied from: the record of this
  DOI, and those that name it, as data name their paper
- `orcid:`, `arxiv:`, `hdl:`, `pdb:`, `paper:`, `file:` and an identifier or a file's name, or the address of an
  identifier as it is copied from a page

Bounded whatever comes: 2,000 characters, 64 terms, 20 parentheses deep.
"""

import re
import unicodedata
from dataclasses import dataclass

from panfair.builders.search.documents.elements import element
from panfair.builders.search.documents.facets import FACETS, HAS
from panfair.builders.search.documents.fields import IDENTIFIER
from panfair.builders.search.documents.identifiers import PREFIXES
from panfair.builders.search.documents.words import words
from panfair.builders.search.language.named import identified_at, identified_node, named_at, named_node
from panfair.builders.search.language.question import all_of, loosened, without_stop_words
from panfair.builders.search.language.ranges import DAYS, RANGE, is_range, read_range
from panfair.builders.search.language.tree import (
    And,
    Everything,
    FacetIs,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Word,
    Years,
)
from panfair.ontologies.quantities import quantities

LONGEST = 2000
MOST_TERMS = 64
DEEPEST = 20

FIELDS: dict[str, tuple[str, ...]] = {
    "title": ("title",),
    "abstract": ("abstract",),
    "author": ("people",),
    "person": ("people",),
    "first": ("lead",),
    "pi": ("investigator",),
    "affiliation": ("affiliation",),
    "instrument": ("instrument",),
    "beamline": ("instrument",),
    "facility": ("facility",),
    "technique": ("technique", "broader"),
    "sample": ("sample",),
    "keyword": ("keyword",),
    "proposal": ("proposal",),
    "parameter": ("parameter",),
    "dataset": ("dataset",),
    "funder": ("funding",),
    "grant": ("funding",),
    "paper": (IDENTIFIER,),
    "file": (IDENTIFIER,),
    "identifier": (IDENTIFIER,),
}
"""What a person may write before the colon, and the index's fields that it means; `year` and `doi` go their own way."""


@dataclass(frozen=True)
class Query:
    """What was understood."""

    node: Node
    notes: tuple[str, ...]
    """Remarks for the person who asked, plain text."""


_TOKEN = re.compile(
    r"""(?P<open>\()|(?P<close>\))|(?P<minus>-(?=[^\s)]))?
        (?:(?P<field>[A-Za-z][A-Za-z_]{1,20}):(?=\S)(?P<exact>=(?="))?)?
        (?:"(?P<phrase>[^"]*)"|(?P<group>(?<=:)\()|(?P<word>[^\s()"]+))|(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_TERM_ADDRESS = re.compile(r"(?i)(?<![\w/])(?:https?://[^\s\"()]{1,100}[/#]|panet:)(panet[0-9]+)\b/?")
_YEAR = re.compile(r"(?:(>=|<=|>|<)?([0-9]{1,4})|([0-9]{1,4})?\.\.([0-9]{1,4})?)")
_MUST = re.compile(r"\+(?=[^\s()+])")
_SHORTEST_PREFIX = 3
COLON = "|".join(dict.fromkeys([*FIELDS, "doi", "year", "element", "has", "kind", "is", *PREFIXES]))
"""What may stand before a colon, as a regular expression."""
_COLON = re.compile(rf"(?i)(?<![^\s(-])({COLON}):\s+(?=\S)")


def parse(text: str) -> Query:
    """The tree of a query. Never raises; an empty query means everything."""
    return _Parser(text).query()


class _Parser:
    """Reads one query by recursive descent."""

    def __init__(self, text: str) -> None:
        self.notes: dict[str, None] = {}
        text = unicodedata.normalize("NFC", text.replace("\0", " ")).replace("≤", "<=").replace("≥", ">=")
        for quote in "“”„‟«»":
            text = text.replace(quote, '"')
        if len(text) > LONGEST:
            text = text[:LONGEST]
            self._note(f"The query was longer than {LONGEST} characters; the rest was left out.")
        text = _COLON.sub(r"\1:", _TERM_ADDRESS.sub(r"\1", text))
        if text.count('"') % 2:
            at = text.rindex('"')
            text = text[:at] + " " + text[at + 1 :]
            self._note("A quotation mark has no partner; its words were searched one by one.")
        self.text = text
        self.at = 0
        self.terms = 0

    def query(self) -> Query:
        nodes: list[Node] = []
        while self.at < len(self.text):
            node = self._either(0, ())
            if node is not None:
                nodes.append(node)
            if self._peek("close"):
                self._note("A closing parenthesis has no partner; it was left out.")
        node = all_of(nodes)
        if node is None and self.text.strip():
            self._note("Nothing in the query can be searched; all records are shown.")
        return Query(node or Everything(), tuple(self.notes))

    def _note(self, text: str) -> None:
        self.notes[text] = None

    def _blanks(self) -> None:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1

    def _token(self) -> re.Match[str] | None:
        self._blanks()
        return _TOKEN.match(self.text, self.at)

    def _peek(self, kind: str) -> bool:
        """Takes a token of this kind when it comes next."""
        token = self._token()
        if token and token[kind] is not None:
            self.at = token.end()
            return True
        return False

    def _keyword(self, word: str) -> bool:
        """Takes `OR`, `AND` or `NOT` in capitals when it comes next."""
        self._blanks()
        end = self.at + len(word)
        if self.text.startswith(word, self.at) and (end >= len(self.text) or self.text[end] in ' \t\n()"-'):
            self.at = end
            return True
        return False

    def _either(self, depth: int, fields: tuple[str, ...]) -> Node | None:
        """One or more runs of terms with OR between them, up to a closing parenthesis or the end."""
        choices: list[Node] = []
        missing = False
        while True:
            run = self._run(depth, fields)
            if run is None:
                missing = True
            else:
                choices.append(run)
            if not self._keyword("OR"):
                break
            missing = missing or run is None
            self._blanks()
            if self.at >= len(self.text):
                missing = True
        if missing and choices and self.terms <= MOST_TERMS:
            self._note("OR stands beside nothing; it was left out.")
        if not choices:
            return None
        return choices[0] if len(choices) == 1 else Or(tuple(choices))

    def _run(self, depth: int, fields: tuple[str, ...]) -> Node | None:
        """Terms side by side: all of them are wanted."""
        nodes: list[Node] = []
        strict = False
        while True:
            self._blanks()
            if self.at >= len(self.text) or self.text[self.at] == ")":
                break
            before = self.at
            if self._keyword("OR"):
                self.at = before
                break
            if self._keyword("AND"):
                strict = True
                continue
            node = self._term(depth, fields)
            if node is not None:
                nodes.append(node)
        terms = without_stop_words(nodes)
        return all_of(terms if strict else loosened(terms))

    def _term(self, depth: int, fields: tuple[str, ...]) -> Node | None:
        """One term with what stands before it; None when nothing of it can be searched."""
        if self._keyword("NOT"):
            return self._negated(self._term(depth + 1, fields) if depth < DEEPEST else None)
        if _MUST.match(self.text, self.at):
            self.at += 1
            wanted = self._term(depth + 1, fields) if depth < DEEPEST else None
            return And((wanted,)) if wanted is not None else None
        if self.text.startswith("-(", self.at):
            self.at += 2
            return self._negated(self._group(depth, fields))
        if named := named_at(self.text, self.at) or (None if fields else identified_at(self.text, self.at)):
            self.at = named[1]
            return self._counted(named[0])
        ranged = RANGE.match(self.text, self.at)
        if ranged and is_range(name := ranged["name"].lower()) and (ranged["sign"] != ":" or not fields):
            sign, value, apart = ranged["sign"], ranged["value"], ranged["apart"] or ""
            whole = value + apart.strip(" \u00a0\u202f")
            wanted = read_range(name, sign, whole) if apart and name not in DAYS else None
            if wanted is None:
                wanted, apart = read_range(name, sign, value), ""
            if wanted is not None:
                self.at = ranged.end() + len(apart)
                node = self._counted(wanted)
                return self._negated(node) if ranged["minus"] else node
            if sign != ":" or name not in FIELDS:
                self._note(f"“{ranged[0]}” is no range of {name}; it is written {_example(name)}.")
        token = self._token()
        if token is None:
            return None
        self.at = token.end()
        if token["open"] is not None:
            return self._group(depth, fields)
        if token["close"] is not None or token["other"] is not None:
            return None
        node = self._value(token, depth, fields)
        return self._negated(node) if token["minus"] else node

    def _negated(self, node: Node | None) -> Node | None:
        return Not(node) if node is not None else None

    def _group(self, depth: int, fields: tuple[str, ...]) -> Node | None:
        if depth + 1 >= DEEPEST:
            self._note(f"Parentheses are deeper than {DEEPEST}; the inner ones were left out.")
            return None
        node = self._either(depth + 1, fields)
        if not self._peek("close"):
            self._note("A parenthesis has no partner; it was closed at the end.")
        return node

    def _value(self, token: re.Match[str], depth: int, fields: tuple[str, ...]) -> Node | None:
        name = (token["field"] or "").lower()
        value = token["phrase"] if token["phrase"] is not None else token["word"] or ""
        if name == "year" and token["group"] is None:
            return self._years(value)
        if name == "element" and token["group"] is None:
            return self._elements(value)
        if name == "has" and token["group"] is None and value.lower() not in HAS:
            self._note(f"has:{value} finds nothing; what stands after has: is one of {', '.join(HAS)}.")
        if name in {"has", "kind", "is"} and token["group"] is None:
            return self._counted(FacetIs("kind" if name == "is" else name, value.lower()))
        if name == "doi" and token["group"] is None:
            return self._counted(named_node(value))
        if name in FACETS and token["exact"]:
            return self._counted(FacetIs(name, value))
        if name in FIELDS:
            fields = FIELDS[name]
        elif name:
            if not value.startswith("//"):
                self._note(
                    f"“{name}” is not a field that can be searched; it was taken as a word. "
                    f"Fields are {', '.join(sorted(FIELDS))}."
                )
            value = f"{name} {value}"
            if token["phrase"] is None:
                return self._several(value.split(), fields)
        if token["group"] is not None:
            return self._group(depth, fields)
        if fields == (IDENTIFIER,):
            identified = identified_node(value)
            return self._counted(identified) if identified else None
        if token["phrase"] is not None:
            return self._phrase(value, fields)
        return self._word(value, fields)

    def _several(self, values: list[str], fields: tuple[str, ...]) -> Node | None:
        return all_of([node for value in values if (node := self._word(value, fields)) is not None])

    def _phrase(self, value: str, fields: tuple[str, ...]) -> Node | None:
        found = [word for word in words(value) if not word.whole]
        if not found:
            return None
        return self._counted(Phrase(value, fields), len(found))

    def _word(self, value: str, fields: tuple[str, ...]) -> Node | None:
        if value.endswith("*"):
            found = [word.text for word in words(value) if not word.whole]
            if len(found) == 1 and len(found[0]) >= _SHORTEST_PREFIX:
                return self._counted(Prefix(found[0], fields))
            self._note(f"“*” needs at least {_SHORTEST_PREFIX} letters before it; it was left out.")
        # `and/or`, `Fe,Ni`: what a blank could part are words of their own, what a hyphen joins is one.
        nodes: list[Node] = []
        for piece in re.split(r"[,;|&+=<>\[\]{}!?*]+", value):
            if any(True for _ in words(piece)):
                node = self._counted(Word(piece, fields))
                if node is not None:
                    nodes.append(node)
        return all_of(nodes)

    def _counted(self, node: Node, terms: int = 1) -> Node | None:
        self.terms += terms
        if self.terms > MOST_TERMS:
            self._note(f"The query has more than {MOST_TERMS} terms; the rest was left out.")
            return None
        return node

    def _years(self, value: str) -> Node | None:
        found = _YEAR.fullmatch(value)
        if not found or value == "..":
            self._note("A year is written year:2020 or year:2019..2023; what was given was taken as words.")
            return self._several(["year", *re.split(r"\.\.|[<>=]+", value)], ())
        sign, one, first, last = found.groups()
        if one is None:
            return self._counted(Years(int(first or 0), int(last or 9999)))
        year = int(one)
        first_year, last_year = {
            None: (year, year),
            ">": (year + 1, 9999),
            ">=": (year, 9999),
            "<": (0, year - 1),
            "<=": (0, year),
        }[sign]
        return self._counted(Years(first_year, last_year))

    def _elements(self, value: str) -> Node | None:
        symbols = [symbol for symbol in re.split(r"[,;+\s-]+", value) if symbol]
        known = [element(symbol) for symbol in symbols]
        if not symbols or None in known:
            self._note("Elements are written by their symbols: element:Fe,Ni; what was given was taken as words.")
            return self._several(["element", *symbols], ())
        wanted = [self._counted(FacetIs("element", symbol)) for symbol in known if symbol]
        return all_of([node for node in wanted if node is not None])


def _example(name: str) -> str:
    if name == "size":
        return "size>1GB"
    if name in DAYS:
        return f"{name}:2021-03..2021-06"
    if name == "files":
        return "files>1000"
    unit = quantities()[name].unit
    return f"{name}:1..2{unit} or {name}<2{unit}"
