"""All that pages say in the site's own words: found in templates and builders as Babel finds it, for the catalogues.

Run it to bring the catalogues up to date: `python tests/support/messages.py` adds new messages without a translation
and takes out those that nobody says any more; the tests then tell which want one.
"""

from datetime import UTC, datetime
from io import BytesIO
from typing import get_args

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from panfair.builders.html import words
from panfair.builders.html.language import LANGUAGES
from panfair.builders.metadata import closed_states as state_metadata
from panfair.builders.search.page import periodic_table
from panfair.ontologies import quantities, record, techniques, units
from support.house import ROOT

FOLDER = ROOT / "templates" / "languages"
_KEYWORDS = {
    "tr": None,
    "trn": (1, 2),
    "marked": None,
    "counted": (2, 3),
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
}
_TABLES = ("KIND_WORDS", "DATASET_KIND_WORDS", "RELATION_WORDS", "DATE_WORDS", "CONTRIBUTOR_WORDS")

_HEAD = "# What pages say in the site's own words. A translator fills in msgstr; names in braces stay as they are."
Message = str | tuple[str, ...]


def said() -> set[Message]:
    """Every message; a tuple for one with a plural."""
    found: set[Message] = {text for table in _TABLES for text in getattr(words, table).values() if text}
    found |= _vocabulary()
    for folder, methods in (
        ("builders", [("**.py", "python")]),
        ("site", [("**.py", "python")]),
        ("templates", _JINJA),
    ):
        for _, _, message, _, _ in extract_from_dir(ROOT / folder, methods, _OPTIONS, _KEYWORDS):
            found.add(tuple(message) if isinstance(message, (list, tuple)) else message)
    return {message for message in found if message and message != ""}


def _vocabulary() -> set[Message]:
    """What pages show of our own tables: labels of techniques, their lines and steps, kinds of units, roles, access."""
    found: set[Message] = set()
    for profile in techniques.load().all:
        found |= {profile.label, *(line.label for line in profile.summary), *(step.label for step in profile.step)}
        for one in profile.comparison:
            found |= {one.label, one.rule, *(column.label for column in one.column)}
    found |= {quantity.label for quantity in quantities.quantities().values()}
    found |= {unit.kind for unit in units.spellings()[0].values()} | set(units._SI_KINDS.values())
    found |= set(periodic_table.NAMES.split())
    found |= {words.contributor_words(kind, None) for kind in get_args(record.ContributorType)}
    found |= {access.words for access in vars(state_metadata).values() if isinstance(access, state_metadata.Access)}
    return found


_JINJA = [("languages/**", "ignore"), ("check/**", "ignore"), ("**.html", "jinja2.ext:babel_extract")]
_OPTIONS = {"**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "newstyle_gettext": "true", "silent": "false"}}


def catalogue(language: str) -> Catalog:
    """The catalogue as it stands in its file; an empty one where there is none."""
    path = FOLDER / f"{language}.po"
    if not path.is_file():
        return Catalog(locale=language, project="panfair")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def bring_up_to_date() -> None:
    for language in LANGUAGES[1:]:
        old = catalogue(language)
        new = Catalog(locale=language, project="panfair", header_comment=_HEAD, fuzzy=False, charset="utf-8")
        new.last_translator, new.language_team, new.msgid_bugs_address = "panfair", language, ""
        # Two forms are enough for counts; CLDR's third, for millions of things, is one of style.
        new._num_plurals, new._plural_expr = 2, "(n > 1)" if language == "fr" else "(n != 1)"
        new.creation_date = new.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
        for message in sorted(said(), key=str):
            known = old.get(message[0] if isinstance(message, tuple) else message)
            new.add(message, known.string if known else None)
        out = BytesIO()
        write_po(out, new, width=120, sort_output=True, omit_header=False)
        (FOLDER / f"{language}.po").write_bytes(out.getvalue())


if __name__ == "__main__":
    bring_up_to_date()
