"""What the site says of itself: code, templates, translations, dates in words, vocabularies and the operator's texts.

A reader finds these words on every page, so they tell nothing of a closed record.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path

import orjson
from babel import Locale

from panfair.builders.html.language import LANGUAGES
from panfair.builders.package_files import package_digest, package_files
from panfair.builders.search.documents.words import GREEK
from panfair.site.config.settings import Config
from panfair.site.config.texts import site_texts
from panfair.site.run.leaks.record_texts import texts_of
from panfair.site.run.leaks.tables import Speaker
from panfair.site.run.leaks.values import readings_of
from panfair.site.state.ledger import Ledger

_PACKAGES = ("panfair.templates", "panfair.builders", "panfair.ontologies", "panfair.site")
_TEXTS = (".py", ".html", ".md", ".css", ".js", ".ttl", ".toml", ".tsv", ".xsl", ".po", ".svg", ".json")
_BUILT = "panfair.templates/viewer/built/"
"""Other people's programs, packed: nobody reads their words on a page."""
_LARGEST = 20_000_000  # bytes of a file that the operator's settings name


def texts_of_panfair() -> Iterator[str]:
    """All texts that come with panfair, line by line, each once."""
    files = (found for package in _PACKAGES for found in package_files(package) if not found[0].startswith(_BUILT))
    texts = (body.decode("utf-8", "replace") for name, body in files if name.endswith(_TEXTS))
    yield from dict.fromkeys(line for text in texts for line in text.splitlines())
    yield " ".join(GREEK.values())  # by which the search knows the letters
    for language in LANGUAGES:
        locale = Locale(language)
        for named in (locale.months, locale.days):
            yield " ".join(name for widths in named.values() for names in widths.values() for name in names.values())


def texts_of_operator(config: Config) -> Iterator[str]:
    """What the operator wrote: settings, pages, theme, vocabularies of their own; not a word of a record."""
    yield config.site.model_dump_json()
    yield config.embargo.model_dump_json()
    yield from config.leaks.allow
    yield repr(config.portal.theme)
    yield from site_texts(config).values()
    yield from (str(value) for source in config.sources for value in source.model_dump(mode="json").values() if value)
    for path in (config.panet, *config.mappings, *_in_folder(config.techniques)):
        if path is not None and path.is_file() and path.stat().st_size < _LARGEST:
            yield path.read_bytes().decode("utf-8", "replace")


def _in_folder(folder: Path | None) -> Sequence[Path]:
    return sorted(folder.iterdir()) if folder is not None and folder.is_dir() else ()


def speakers(config: Config, ledger: Ledger) -> Iterator[Speaker]:
    """All that may be said: the site's own texts, what the operator has allowed, and every row of the ledger."""
    yield "panfair", package_digest(*_PACKAGES), texts_of_panfair
    texts = list(texts_of_operator(config))
    yield "operator", sha256("\0".join(texts).encode()).hexdigest(), lambda: texts
    connection = ledger.connection
    for key, digest in connection.execute("SELECT key, hash FROM record ORDER BY key").fetchall():
        yield key, digest, partial(_row_texts, connection, key)


def _row_texts(connection: sqlite3.Connection, key: str) -> list[str]:
    (content,) = connection.execute("SELECT content FROM record WHERE key = ?", (key,)).fetchone()
    texts = dict.fromkeys(text for _field, text in texts_of(orjson.loads(content)))
    return [reading for text in texts for reading in (text, *readings_of(text))]
