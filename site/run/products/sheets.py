"""The files that are made from many records, and those that stand whatever the records say: lists, feeds, texts, dumps.

A sheet tells by its key whether it is to be made: those of lists are asked for their digest, all others for that of
the records. They come after the OAI-PMH store, which some of them are read from.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import orjson

from panfair.builders import Artifact
from panfair.builders.downloads.viewer.bundle import viewer_files
from panfair.builders.html.renderer import static_files
from panfair.builders.oai.static_harvest import harvest_sheets
from panfair.builders.pages.page_kind import Site, page_sheets
from panfair.builders.sitewide.catalogue import catalogue_sheets
from panfair.builders.sitewide.feeds import feed_sheets
from panfair.builders.sitewide.hosting import NO_JEKYLL, S3_METADATA, s3_metadata
from panfair.builders.sitewide.rdf_dump import dump_sheets
from panfair.builders.sitewide.resourcesync import resourcesync_sheets
from panfair.builders.sitewide.sitemap import sitemap_sheets
from panfair.builders.theme import theme_files
from panfair.ontologies.embargo import restated
from panfair.ontologies.identifiers import Doi
from panfair.site.config.texts import site_texts
from panfair.site.run.changes import ChangeSet
from panfair.site.run.context import Context
from panfair.site.run.products.dump_members import DumpMembers
from panfair.site.run.products.product import Product
from panfair.site.run.render import Rendered
from panfair.site.state.ledger import Row
from panfair.site.state.staging import PROGRAMS, Staging

_TOMBSTONES = "tombstones.json"
_OPEN_PAGES = "SELECT key, changed FROM record WHERE state = 'open' ORDER BY key"
"""Which the ledger's index answers: no record itself is read."""


class Sheets(Product):
    """Made from what the ledger says once all records are rendered: the fold of a change set is that of everything.

    Where no record was touched since they were made, and nothing else that they are made from, none is asked for.
    """

    owners = ("texts", PROGRAMS, "states", "sheets")
    files_stand_alone = True

    def __init__(self) -> None:
        self._members = DumpMembers()

    def put(self, done: Rendered, row: Row, datestamp: str) -> None:
        self._members.put(done)

    def take_away(self, staging: Staging) -> None:
        for owner in ("states", "sheets"):  # no text of the site itself says a word of a record
            staging.accept(owner, (), staging.standing(owner))

    def cancel(self) -> None:
        self._members.close()

    def fold(self, context: Context, changes: ChangeSet, staging: Staging) -> None:
        ledger, config, portal = context.ledger, context.config, context.portal
        files = (*static_files(), *theme_files(portal.theme), Artifact(NO_JEKYLL, b""))
        staging.replace("texts", [Artifact(f"www/{file.path}", file.body) for file in files])
        staging.replace(PROGRAMS, [Artifact(f"www/{file.path}", file.body) for file in viewer_files()])
        tombs = [restated(row.content).doi.page for row in ledger.rows("state = 'tombstone'")]
        staging.replace("states", [Artifact(_TOMBSTONES, _json_list(tombs)), Artifact(S3_METADATA, s3_metadata())])
        texts = site_texts(config)
        made_from = _key(context.fingerprint, texts, config.harvest.formats)
        if not ledger.is_touched and staging.standing("sheets") and ledger.note("sheets files") == made_from:
            return
        store = context.store
        by_files = (
            *resourcesync_sheets(store, portal, context.fingerprint),
            *harvest_sheets(store, portal, config.harvest.formats, context.fingerprint),
        )
        site = Site(
            renderer=context.renderer,
            listing=ledger,
            texts=texts,
            store=store,
            files=frozenset(sheet.path for sheet in by_files),
            works=context.families.works,
            releases=context.released,
        )
        pages = tuple(page_sheets(site))
        addresses = sorted(sheet.page for sheet in pages if sheet.page)
        sheets = (
            *pages,
            *feed_sheets(ledger, portal, context.fingerprint),
            *catalogue_sheets(ledger, portal, context.fingerprint),
            *dump_sheets(_dump_entries(context), partial(self._members.of, context), portal, context.fingerprint),
            *sitemap_sheets(lambda: _sitemap_entries(context, addresses), portal, _sitemap_key(context, addresses)),
            *by_files,
        )
        for sheet in context.progress.bar("list", iter(sheets), len(sheets)):
            staging.sheet("sheets", replace(sheet, path=f"www/{sheet.path}"))
        staging.finish_sheets("sheets")
        ledger.set_note("sheets files", made_from)


def _dump_entries(context: Context) -> Iterator[tuple[str, str]]:
    found = context.ledger.connection.execute("SELECT key, hash FROM record WHERE state = 'open' ORDER BY key")
    return ((key, f"{digest} {context.families.named_by_others(key) or ''}") for key, digest in found.fetchall())


def _sitemap_entries(context: Context, addresses: list[str]) -> Iterator[tuple[str, str]]:
    """The pages of open records with the day they last changed, and those of the site."""
    for key, changed in context.ledger.connection.execute(_OPEN_PAGES):
        yield Doi.parse(key).page, changed
    yield from ((address, "") for address in addresses)


def _sitemap_key(context: Context, addresses: list[str]) -> str:
    digest = hashlib.sha256(context.fingerprint.encode())
    for key, changed in context.ledger.connection.execute(_OPEN_PAGES):
        digest.update(f"{key}\0{changed}\n".encode())
    digest.update("\n".join(addresses).encode())
    return digest.hexdigest()


def _key(*told: object) -> str:
    return hashlib.sha256(repr(told).encode("utf-8", "surrogatepass")).hexdigest()


def _json_list(items: list[str]) -> bytes:
    return orjson.dumps(sorted(items), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
