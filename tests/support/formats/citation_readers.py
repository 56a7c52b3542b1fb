"""Readers of citation files for tests: BibTeX by bibtexparser, RIS by its specification and rispy, strict."""

import re

import bibtexparser
import rispy

_COMMANDS = {
    r"{\textbackslash}": "\\", r"{\textbraceleft}": "{", r"{\textbraceright}": "}", r"{\textasciicircum}": "^",
    r"{\textasciitilde}": "~", r"\$": "$", r"\&": "&", r"\%": "%", r"\#": "#", r"\_": "_",
}  # fmt: skip
_COMMAND = re.compile("|".join(map(re.escape, _COMMANDS)))
_LINE = re.compile(r"([A-Z][A-Z0-9])  - (.*)", re.DOTALL)


def read_bibtex(data: bytes) -> dict[str, str]:
    """The fields of the one entry that the file holds, as LaTeX, with its key as `ID`."""
    library = bibtexparser.parse_string(
        data.decode(), parse_stack=[bibtexparser.middlewares.RemoveEnclosingMiddleware()]
    )
    assert not library.failed_blocks, library.failed_blocks
    (entry,) = library.entries
    assert len(library.blocks) == 1, "nothing but the entry"
    return {field.key: field.value for field in entry.fields} | {"ID": entry.key}


def text_of(latex: str) -> str:
    """What LaTeX prints: commands as their characters, braces gone."""
    kept: list[str] = []
    place = 0
    while place < len(latex):
        if found := _COMMAND.match(latex, place):
            kept.append(_COMMANDS[found[0]])
            place = found.end()
        else:
            assert latex[place] != "\\", f"a command nobody knows at {place} of {latex!r}"
            kept.append("" if latex[place] in "{}" else latex[place])
            place += 1
    return "".join(kept)


def read_ris(data: bytes) -> list[tuple[str, str]]:
    """The tags and values of the one reference that the file holds."""
    (entry,) = rispy.loads(data.decode())  # a foreign reader sees one reference, too
    lines = data.decode().split("\r\n")
    assert entry["type_of_reference"] == "DATA"
    assert lines.pop() == "" and lines[-1] == "ER  - " and lines[0].startswith("TY  - ")
    found = [_LINE.fullmatch(line) for line in lines]
    pairs = [(each[1], each[2]) for each in found if each is not None]
    assert len(pairs) == len(lines), "a line without a tag"
    assert all("\n" not in value and "\r" not in value for _, value in pairs)
    assert [tag for tag, _ in pairs].count("TY") == [tag for tag, _ in pairs].count("ER") == 1
    return pairs[:-1]
