"""The run: harvest, judge, render what changed, commit. Everything between a catalogue and output/ goes through here.

Killed at any instant, output/ is the old site, or the new one once the next run (or the server's start) has replayed
the list. The day and the moment of the run are parameters: same input, same bytes.
"""

import hashlib
import logging
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import orjson

from panfair.builders import Artifact
from panfair.builders.html.renderer import Renderer, static_files
from panfair.builders.oai.static_harvest import harvest_sheets
from panfair.builders.pages.browse import listing_sheets
from panfair.builders.pages.closed_states import error_page, notice_page, tombstone_page
from panfair.builders.pages.oai import oai_page
from panfair.builders.pages.texts import text_pages
from panfair.builders.pages.versions import version_sheets
from panfair.builders.search.static.language import search_language
from panfair.builders.sitewide.catalogue import catalogue_sheets
from panfair.builders.sitewide.feeds import feed_sheets
from panfair.builders.sitewide.hosting import NO_JEKYLL, S3_METADATA, s3_metadata
from panfair.builders.sitewide.rdf_dump import dump_sheets
from panfair.builders.sitewide.resourcesync import resourcesync_sheets
from panfair.builders.sitewide.sitemap import sitemap_sheets
from panfair.builders.theme import theme_files
from panfair.harvesters import Harvested
from panfair.ontologies.embargo import Notice, Released, restated
from panfair.ontologies.errors import ConfigError, HarvestError, LeakError, PublishError
from panfair.ontologies.identifiers import Doi
from panfair.site.config.settings import Config
from panfair.site.config.texts import site_texts
from panfair.site.run import leak_scan as leaks
from panfair.site.run.fingerprints import package_digest
from panfair.site.run.indexes import Indexes, are_current
from panfair.site.run.judge import Day, Judging, released_from
from panfair.site.run.plugin_faults import unforeseen
from panfair.site.run.progress import Progress
from panfair.site.run.render import Job, Workshop, leak_message, render_all
from panfair.site.run.report import Report
from panfair.site.run.static_search import SearchFiles
from panfair.site.run.version_relations import with_relations
from panfair.site.run.versions import Families
from panfair.site.state.layout import LEDGER, STORE
from panfair.site.state.ledger import Ledger, Row
from panfair.site.state.lock import locked
from panfair.site.state.secret import site_key
from panfair.site.state.spool import harvest_source
from panfair.site.state.staging import FOLDER, Staging, disowned, forget_files, refusal, replay

log = logging.getLogger(__name__)

_TOMBSTONES = "tombstones.json"
_COMMIT_TAKES = timedelta(seconds=10)  # from the last datestamp to the last file moved; being early only repeats


def harvest(
    config: Config, report: Report, progress: Progress, full: bool = False, only: Collection[str] | None = None
) -> None:
    """Reads every source into the spool; a source that fails is a line in the report and stops no other.

    Only what changed, where a harvester can tell, unless `full`; `only` names the sources to read.
    """
    with locked(config.state):
        for source in config.sources:
            if only is not None and source.name not in only:
                continue
            try:

                def watch(items: Iterator[Harvested], name: str = source.name) -> Iterator[Harvested]:
                    return progress.count(f"harvest {name}", items)

                done = harvest_source(config, source, watch, full)
            except HarvestError as error:
                text = str(error)
                report.failed.append(text if text.startswith(f"{source.name}:") else f"{source.name}: {text}")
                continue
            except OSError as error:
                report.failed.append(
                    f"{source.name}: {refusal(error, config.state)}; its last whole harvest counts. "
                    "Make room, or let this account write there, and run again"
                )
                continue
            except ConfigError:
                raise
            except Exception as error:
                report.failed.append(f"{unforeseen(source.name, error)}; its last whole harvest counts")
                continue
            report.notes.extend(f"{source.name}: {note}" for note in done.notes)


def build(config: Config, day: Day, report: Report, progress: Progress, accept_shrink: bool = False) -> None:
    """Brings output/ up to date with the last harvests, for a day. Raises PublishError; then nothing has changed."""
    with locked(config.state):
        ledger = Ledger.open(config.state / LEDGER)
        try:
            config.output.mkdir(parents=True, exist_ok=True)
            replay(config.output, ledger)
            ledger.begin()
            _Run(config, ledger, day, report, progress).go(accept_shrink)
        except BrokenProcessPool:
            raise PublishError(
                "a rendering process was killed from outside, perhaps for want of memory; the site stands as it was. "
                "Run again, with fewer [run] processes if it happens again"
            ) from None
        except OSError as error:
            raise PublishError(f"{refusal(error, config.output)}; the site stands as it was") from error
        except sqlite3.OperationalError as error:  # of the ledger or the store: sqlite does not say which file
            raise PublishError(f"{refusal(error, config.state)}; the site stands as it was") from error
        finally:
            ledger.rollback()
            ledger.close()


class _Run:
    """One run, inside one transaction of the ledger."""

    def __init__(self, config: Config, ledger: Ledger, day: Day, report: Report, progress: Progress) -> None:
        self.config = config
        self.ledger = ledger
        self.day = day
        self.report = report
        self.progress = progress
        self.renderer = Renderer(config.portal)
        self.closed = leaks.ClosedWords(site_key(config))
        self.fingerprint = hashlib.sha256(
            "\n".join(
                (
                    package_digest("panfair.builders", "panfair.templates", "panfair.ontologies"),
                    self.renderer.fingerprint(),
                    repr(config.portal),
                )
            ).encode()
        ).hexdigest()
        self.search = SearchFiles(config.state, search_language(config.portal), self.fingerprint)
        self.anew = disowned(config.output, ledger) or not are_current(config.output, config.search.engine)

    def go(self, accept_shrink: bool) -> None:
        with self.search:
            self._go(accept_shrink)

    def _go(self, accept_shrink: bool) -> None:
        if self.anew:
            forget_files(self.config.output, self.ledger)
        judging = Judging(self.config, self.ledger, self.day, self.report, self.closed)
        judging.judge_all(accept_shrink, lambda name, items: self.progress.count(f"judge {name}", items))
        self.closed.allow(leaks.own_words(self._configured()))
        self.families = Families(self.ledger)
        staging = Staging(self.config.output, self.ledger)
        indexes = Indexes(self.config.output, self.config.portal.host, self.config.search.engine, self.anew)
        try:
            self._records(staging, indexes, judging.shrunk)
            self._stamp_at_the_end(indexes)
            staged = list(indexes.finish(staging.standing("indexes")))
        except BaseException as error:
            indexes.cancel(error)
            raise
        if indexes.touched:
            staging.accept("indexes", staged, staging.standing("indexes"))
        self._sheets(staging)
        self._search(staging)
        self._delete_leftovers(staging)
        self._scan(staging)
        self.closed.save(self.ledger)
        staging.commit()
        self.report.written = staging.written
        self.report.deleted = staging.deleted

    def _configured(self) -> list[str]:
        """What the operator wrote: not a word of a record."""
        site = self.config.site
        sources = [text for source in self.config.sources for text in source.model_dump(mode="json").values() if text]
        look = repr(self.config.portal.theme)
        return [site.model_dump_json(), look, *site_texts(self.config).values(), *map(str, sources)]

    # ---- records

    def _records(self, staging: Staging, indexes: Indexes, shrunk: Collection[str]) -> None:
        families = self.families
        families.forget_stale(self.day.on)
        stale = ("rendered != ?", (self.fingerprint,))
        (count,) = self.ledger.connection.execute(
            "SELECT count(*) FROM record WHERE state = 'open' AND rendered != ?", (self.fingerprint,)
        ).fetchone()
        static_search = self.config.search.static
        workshop = Workshop(self.config.portal, self.config.output, self.day.on, self.closed, static_search)
        rows = self.ledger.rows(f"state = 'open' AND {stale[0]}", stale[1])
        jobs = (
            Job(row.key, row.content, staging.standing(row.key), families.of(row.key), families.told_of(row.key))
            for row in rows
        )
        rendered = render_all(jobs, count, workshop, self.config.run.processes, self.config.state)
        for done in self.progress.bar("render", rendered, count):
            row = self.ledger.row(done.key)
            assert row is not None
            stamped = self._stamped(row, done.payload)
            staging.accept(done.key, done.staged, staging.standing(done.key))
            if self.anew or row.words != done.words:
                if done.key in shrunk:
                    indexes.forget_words(done.key)
                indexes.put_words(done)
            if static_search:
                self.search.put(done)
            if self.anew or row.payload != done.payload:
                indexes.put_payloads(done, datetime.fromisoformat(stamped.datestamp))
            self.ledger.mark_rendered(done.key, self.fingerprint, done.payload, done.words, stamped.datestamp)
        for row in list(self.ledger.rows(f"state != 'open' AND {stale[0]}", stale[1])):
            shown = restated(row.content)
            if isinstance(shown, Notice):
                pages = notice_page(shown, self.renderer)
            else:
                pages = tombstone_page(shown, self.renderer)
            staging.replace(row.key, _in_www(pages))
            if self.anew or not row.rendered:
                indexes.remove(row)
            self.ledger.mark_rendered(row.key, self.fingerprint, "", "", row.datestamp)

    def _stamped(self, row: Row, payload: str) -> Row:
        """The row with a new datestamp when new code says something else of an unchanged record by OAI-PMH."""
        if not row.payload or row.payload == payload:
            return row
        later = max(self.day.instant, datetime.fromisoformat(row.datestamp) + timedelta(seconds=1))
        return replace(row, datestamp=later.isoformat())

    def _stamp_at_the_end(self, indexes: Indexes) -> None:
        """Gives what this run changed a datestamp just after its commit.

        A harvester that asks while the run is at work sees the old site, and asks next for what is newer than that
        answer: with a datestamp from the run's beginning it would never hear of the changes (OAI-PMH 2.0, 2.7.1).
        """
        if not self.day.live:
            return
        later = datetime.now(UTC).replace(microsecond=0) + _COMMIT_TAKES
        if indexes.restamp(self.day.instant, later):
            self.ledger.connection.execute(
                "UPDATE record SET datestamp = ? WHERE datestamp BETWEEN ? AND ?",
                (later.isoformat(), self.day.instant.isoformat(), later.isoformat()),
            )

    # ---- all the rest of the site

    def _sheets(self, staging: Staging) -> None:
        ledger, portal = self.ledger, self.config.portal
        staged = self.config.output / FOLDER / STORE
        store = staged if staged.exists() else self.config.output / STORE
        by_files = (
            *resourcesync_sheets(store, portal, self.fingerprint),
            *harvest_sheets(store, portal, self.config.harvest.formats, self.fingerprint),
        )
        about = oai_page(self.renderer, store, {sheet.path for sheet in by_files})
        texts = text_pages(self.renderer, site_texts(self.config), ledger.totals())
        own = {page.path: page for page in (*about, *texts)}  # an operator's text of that name takes the page's place
        fixed = (*static_files(), *theme_files(portal.theme), error_page(self.renderer))
        staging.replace("texts", _in_www([*own.values(), *fixed, Artifact(NO_JEKYLL, b"")]))
        tombs = [restated(row.content).doi.page for row in ledger.rows("state = 'tombstone'")]
        staging.replace("states", [Artifact(_TOMBSTONES, _json_list(tombs)), Artifact(S3_METADATA, s3_metadata())])
        sheets = (
            *listing_sheets(ledger, self.renderer),
            *feed_sheets(ledger, portal, self.fingerprint),
            *version_sheets(self.families.works, self._released, self.renderer),
            *catalogue_sheets(ledger, portal, self.fingerprint),
            *dump_sheets(self._dump_entries(), self._released, portal, self.fingerprint),
            *sitemap_sheets(self._sitemap_entries, portal, self._sitemap_key()),
            *by_files,
        )
        for sheet in self.progress.bar("list", iter(sheets), len(sheets)):
            staging.sheet("sheets", replace(sheet, path=f"www/{sheet.path}"))
        staging.finish_sheets("sheets")

    def _search(self, staging: Staging) -> None:
        """The files for searching without a server."""
        if self.config.search.static:
            records = self.ledger.connection.execute("SELECT key, words FROM record WHERE state = 'open' ORDER BY key")
            self.search.stage(staging, records.fetchall(), self._released)
        else:
            self.search.remove(staging)

    def _dump_entries(self) -> Iterator[tuple[str, str]]:
        found = self.ledger.connection.execute("SELECT key, hash FROM record WHERE state = 'open' ORDER BY key")
        return ((key, f"{digest} {self.families.told_of(key) or ''}") for key, digest in found.fetchall())

    def _released(self, keys: Sequence[str]) -> Iterator[Released]:
        """The open records of these keys, judged again, with what others say of them."""
        for key in keys:
            if row := self.ledger.row(key):
                yield released_from(row, self.day.on).refined(partial(with_relations, told=self.families.told_of(key)))

    def _sitemap_entries(self) -> Iterator[tuple[str, str]]:
        """The pages of open records with the day they last changed, and those of concept DOIs."""
        for row in self.ledger.rows("state = 'open'"):
            yield page_of(row.key), row.changed
        yield from ((page, "") for page in self._concept_pages())

    def _concept_pages(self) -> list[str]:
        return sorted(versions.page for versions, _digest in self.families.works if versions.own_page)

    def _sitemap_key(self) -> str:
        digest = hashlib.sha256(self.fingerprint.encode())
        for key, changed in self.ledger.connection.execute(
            "SELECT key, changed FROM record WHERE state = 'open' ORDER BY key"
        ):
            digest.update(f"{key}\0{changed}\n".encode())
        digest.update("\n".join(self._concept_pages()).encode())
        return digest.hexdigest()

    def _delete_leftovers(self, staging: Staging) -> None:
        """What stands in output/ and belongs to nobody any more."""
        found = self.ledger.connection.execute(
            "SELECT DISTINCT owner FROM file WHERE owner NOT IN ('texts', 'states', 'sheets', 'search', 'indexes')"
            " AND NOT EXISTS (SELECT 1 FROM record WHERE record.key = file.owner)"
        ).fetchall()
        for (owner,) in found:
            staging.accept(owner, (), staging.standing(owner))

    def _scan(self, staging: Staging) -> None:
        """The leak scan of all that was staged and not scanned by the workers: sheets, notices, lists."""
        folder = self.config.output / FOLDER
        for path in staging.staged_for_all():
            for _, found in leaks.scan([(path, (folder / path).read_bytes)], self.search.closed_for(path, self.closed)):
                raise LeakError(leak_message(path, found))


def page_of(key: str) -> str:
    """The address of a landing page, from the DOI's key."""
    return Doi.parse(key).page


def _in_www(artifacts: list[Artifact]) -> list[Artifact]:
    return [Artifact(f"www/{artifact.path}", artifact.body) for artifact in artifacts]


def _json_list(items: list[str]) -> bytes:
    return orjson.dumps(sorted(items), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
