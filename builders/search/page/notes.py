"""Remarks on a query in the site's language: the engines make them in English, a page says them in its own.

Why so: the engine of the server and the one of the browser must say the same (a test compares them), and programs read
the remarks too. A remark is known by its sentence; what stands in its places is taken over as it is.
"""

import re
from functools import cache

from panfair.builders.html.language import current, marked, tr

NOTES = (
    marked("The query was longer than {count} characters; the rest was left out."),
    marked("A quotation mark has no partner; its words were searched one by one."),
    marked("A closing parenthesis has no partner; it was left out."),
    marked("Nothing in the query can be searched; all records are shown."),
    marked("OR stands beside nothing; it was left out."),
    marked("“{asked}” is no range of {name}; it is written {example} or {other}."),
    marked("“{asked}” is no range of {name}; it is written {example}."),
    marked("Parentheses are deeper than {count}; the inner ones were left out."),
    marked("A parenthesis has no partner; it was closed at the end."),
    marked("“{name}” is not a field that can be searched; it was taken as a word. Fields are {words}."),
    marked("In no record: {words}. The other words were searched."),
    marked("Not every record has all the words; those that have most come first. A + before a word asks for it."),
    marked("“{typed}” was read as {exact}; in quotation marks it is searched as words."),
    marked("No record has what is in quotation marks as it stands; its words were searched."),
    marked("Nothing is found with {typed} as a condition; it was searched as words."),
    marked("has:{name} finds nothing; what stands after has: is one of {words}."),
    marked("“*” needs at least {count} letters before it; it was left out."),
    marked("The query has more than {count} terms; the rest was left out."),
    marked("A year is written year:2020 or year:2019..2023; what was given was taken as words."),
    marked("Elements are written by their symbols: element:Fe,Ni; what was given was taken as words."),
    marked("Too much is chosen of {name}; the rest was left out."),
    marked("“{name}” is no parameter of the search; it was left out."),
    marked("“{asked}” is no range; it is written {example}."),
    marked("Results after the first {count} are not listed; narrow the search instead."),
    marked("“{text}*” begins too many words; the first {count} were searched."),
    marked("There is no search index yet."),
)
"""Every remark; the browser's script goes through them in this order too."""


def in_our_words(note: str) -> str:
    """A remark in the site's language; as it stands where it is none of `NOTES`."""
    if current() == "en":
        return note
    for pattern, sentence in _patterns():
        if found := pattern.fullmatch(note):
            return tr(sentence).format(**found.groupdict())
    return note


def translations() -> list[tuple[str, str]]:
    """The remarks in English and in the site's language, for the browser's script."""
    return [(sentence, tr(sentence)) for sentence in NOTES]


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    found = []
    for sentence in NOTES:
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(sentence))
        found.append((re.compile(pattern, re.DOTALL), sentence))
    return tuple(found)
