"""Records to files, in one process or several: each record's page, datasets, formats, OAI-PMH payloads, search words.

A worker gets the bytes that the ledger holds, judges them again, renders, scans what it rendered for closed words,
and stages what differs from what stands. Only digests, payloads and index documents travel back.
"""

import gzip
import hashlib
import multiprocessing
import os
import pickle
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import islice
from pathlib import Path

import orjson

from panfair.builders import Artifact
from panfair.builders.gallery.shown import NO_PICTURES, Album, paths_of
from panfair.builders.html.entries import CardLine
from panfair.builders.html.renderer import Renderer
from panfair.builders.metadata.crosswalk import render_formats
from panfair.builders.oai.record import Payload, Tail, tail_of
from panfair.builders.oai.sets import OaiSet
from panfair.builders.oai.store import payloads_of, sets_of
from panfair.builders.pages.landing import landing_pages
from panfair.builders.pages.versions import Versions
from panfair.builders.panosc.entry import panosc_entry
from panfair.builders.portal import Portal
from panfair.builders.search.documents.document import Documents, documents
from panfair.builders.search.index import postings
from panfair.builders.search.index.spool import as_json
from panfair.builders.search.language.request import SCOPES
from panfair.builders.sitewide.rdf_dump import quads_member
from panfair.ontologies import panet, techniques
from panfair.ontologies.embargo import Released, reopen
from panfair.ontologies.errors import PublishError
from panfair.ontologies.record import Related, publication_from
from panfair.site.run.gallery.given import Given, lists_of_given, with_addresses
from panfair.site.run.leaks.pieces import digest_of
from panfair.site.run.leaks.scanner import Finding, Scanner
from panfair.site.run.plugin_faults import place_of
from panfair.site.run.static_search.entries import Packed, PackedEntry, packed_entry
from panfair.site.run.versions.relations import with_relations
from panfair.site.state.layout import GIVEN
from panfair.site.state.staging import Staged, stage

_POOL_FROM = 64  # records; below, starting processes costs more than it saves
_CHUNK = 16


@dataclass(frozen=True, slots=True)
class Job:
    """One open record to render."""

    key: str
    content: bytes
    standing: dict[str, str]
    versions: Versions | None = None
    """The versions of the work that it is one of."""
    relations: tuple[Related, ...] = ()
    """The relations to other versions that only those name."""
    album: Album = NO_PICTURES
    """The pictures of its datasets."""
    near: tuple[CardLine, ...] = ()
    """The records that are like it."""
    given: tuple[Given, ...] = ()
    """The files of its datasets that this site gives out."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """What came of a job."""

    key: str
    staged: list[Staged]
    tails: dict[str, Tail]
    """What OAI-PMH says of it, by metadataPrefix, as the store keeps it."""
    payload: str
    """The digest of that."""
    sets: list[OaiSet]
    documents: list[list[bytes]]
    """Those of the publication and of its datasets, ready for the search indexes."""
    panosc: bytes
    words: str
    quads: bytes
    """Its graph for the RDF dump, one gzip member."""
    scanned: bytes
    """The digest of that graph, by which the scan of the dump knows it again; empty when there is none."""
    entries: Packed
    """The same for the static search; empty when there is none."""
    thumbnail: str = ""
    """The address of its picture for cards."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """A record that was not staged: something of a closed one would show in it, or it cannot be rendered."""

    key: str
    findings: list[Finding]
    standing_is_clean: bool
    """Whether files of it stand, and show nothing of the kind."""
    error: str = ""
    """Why it cannot be rendered: kind and place of the error; none of its words."""


class Workshop:
    """What it takes to render records: made once a process."""

    def __init__(
        self,
        portal: Portal,
        output: Path,
        on: date,
        scanner: Scanner,
        static_search: bool = True,
        engine: str = "whoosh",
        compiled: Path | None = None,
    ) -> None:
        self.portal = portal
        self.output = output
        self.on = on
        self.scanner = scanner
        self.static_search = static_search
        self.engine = engine
        self._ready = postings.ready if engine == "whoosh" else as_json
        self.compiled = compiled
        self.renderer = Renderer(portal, compiled)

    def render(self, job: Job) -> Rendered | Alarm:
        """What came of a job; nothing is staged of a record that would show something closed, or cannot be rendered."""
        try:
            return self._rendered(job)
        except (PublishError, OSError, MemoryError):
            raise  # of the disk or the machine: no record is at fault
        except Exception as error:
            return Alarm(job.key, [], self._stands_clean(job), place_of(job.key, error))

    def _rendered(self, job: Job) -> Rendered | Alarm:
        released = (
            reopen(publication_from(job.content), self.on)
            .refined(partial(with_relations, relations=job.relations))
            .refined(partial(with_addresses, given=job.given, portal=self.portal))
        )
        near = tuple(one for one in job.near if self._may_name(one))
        artifacts = record_artifacts(released, self.portal, self.renderer, job.versions, job.album, near)
        artifacts += lists_of_given(released.publication, job.given)
        payloads = payloads_of(released, self.portal)
        words = documents(released, paths_of(job.album))
        panosc = panosc_entry(released)
        quads = quads_member(released, self.portal)
        if findings := self._findings(artifacts, payloads, words, panosc, quads):
            return Alarm(job.key, findings, self._stands_clean(job))
        staged = stage(self.output, artifacts, job.standing)
        digest = hashlib.sha256(orjson.dumps(words, option=orjson.OPT_SORT_KEYS) + panosc).hexdigest()
        sets = sets_of(released)
        ready, entries = self._analysed(words)
        listed = payload_digest(payloads, sets)
        scanned = digest_of(gzip.decompress(quads)) if self.scanner else b""
        tails = {prefix: tail_of(body) for prefix, body in payloads.items()}
        return Rendered(
            job.key, staged, tails, listed, sets, ready, panosc, digest, quads, scanned, entries, job.album.thumbnail
        )

    def _analysed(self, found: Documents) -> tuple[list[list[bytes]], Packed]:
        """The documents ready for the indexes, and for the static search; what one analyses, the other finds done."""
        ready: list[list[bytes]] = []
        entries: list[PackedEntry] = []
        for scope, several in zip(SCOPES, ([found.publication], found.datasets), strict=True):
            ready.append([])
            for document in several:
                ready[-1].append(self._ready(document))
                if self.static_search:
                    entries.append(packed_entry(scope, document))
        return ready, tuple(entries)

    def _findings(
        self, artifacts: list[Artifact], payloads: dict[str, Payload], words: Documents, panosc: bytes, quads: bytes
    ) -> list[Finding]:
        if not self.scanner:
            return []
        outputs = [(item.path, item.body) for item in artifacts if _is_shown(item.path)]
        outputs += [(f"oai:{prefix}.xml", body) for prefix, body in payloads.items()]
        outputs += [
            ("search index.json", orjson.dumps(words)),
            ("PaNOSC store.json", panosc),
            ("RDF dump.nq.gz", quads),
        ]
        return list(self.scanner.of_record(outputs))

    def _may_name(self, other: CardLine) -> bool:
        """Whether the line of another record shows nothing closed; where it does, this record is not at fault."""
        return not any(True for _ in self.scanner.in_values("similar data", (other.title, other.people)))

    def _stands_clean(self, job: Job) -> bool:
        try:
            found = (
                self.scanner.findings(path, (self.output / path).read_bytes())
                for path in job.standing
                if _is_shown(path)
            )
            return bool(job.standing) and not any(any(True for _ in one) for one in found)
        except OSError:
            return False


def _is_shown(path: str) -> bool:
    """Whether a file of a record may reach a reader: not the lists of where released files lie on this machine."""
    return not path.startswith(f"{GIVEN}/")


def record_artifacts(
    released: Released,
    portal: Portal,
    renderer: Renderer,
    versions: Versions | None = None,
    album: Album = NO_PICTURES,
    near: tuple[CardLine, ...] = (),
) -> list[Artifact]:
    """All files of one open record, their paths relative to output/."""
    pages = landing_pages(released, renderer, versions, album, near)
    files = (*pages, *album.files, *render_formats(released, portal))
    return [Artifact(f"www/{item.path}", item.body) for item in files]


def payload_digest(payloads: dict[str, Payload], sets: list[OaiSet]) -> str:
    """One digest for all that OAI-PMH says of a record: when it changes, so must its datestamp."""
    digest = hashlib.sha256()
    for prefix in sorted(payloads):
        digest.update(prefix.encode() + b"\0" + payloads[prefix] + b"\0")
    for item in sorted(sets, key=repr):
        digest.update(repr(item).encode() + b"\0")
    return digest.hexdigest()


_workshop: Workshop | None = None


def _start(plan: Path, sha256: str) -> None:
    global _workshop
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the run; it tells the workers
    end_with_the_run()
    portal, *others = pickle.loads(_undisturbed(plan, sha256))  # noqa: S301
    panet.use(portal.panet or panet.TABLE)
    techniques.use(portal.techniques)
    _workshop = Workshop(portal, *others)


def _undisturbed(plan: Path, sha256: str) -> bytes:
    """What the run wrote into the plan, and nobody else: a pickle runs as code, so another one is not opened."""
    body = plan.read_bytes()
    if hashlib.sha256(body).hexdigest() != sha256:
        raise PublishError(f"{plan.name} is not what this run wrote; nothing was rendered")
    return body


def end_with_the_run() -> None:
    """Lets this process end when the one that started it does, be it killed: with closed words in its memory it would
    wait for ever, as each worker holds both ends of the queue that jobs come by.
    """
    run = multiprocessing.parent_process()
    assert run is not None

    def watch() -> None:
        run.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _render_chunk(jobs: list[Job]) -> list[Rendered | Alarm]:
    assert _workshop is not None
    return [_workshop.render(job) for job in jobs]


def render_all(
    jobs: Iterator[Job], count: int, workshop: Workshop, processes: int, state: Path
) -> Iterator[Rendered | Alarm]:
    """Renders all jobs, in the order of the jobs, with few of them in memory at a time.

    What each worker needs waits in a file in the `state` folder. As an argument it would go through a pipe that holds
    64 kB: with the rest of it in hand the run would wait for ever for a worker that was killed as it started.
    """
    if processes == 1 or count < _POOL_FROM:
        yield from map(workshop.render, jobs)
        return
    context = multiprocessing.get_context("spawn")
    plan = state / "workers.pickle"
    with os.fdopen(os.open(plan, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        work = (
            workshop.portal,
            workshop.output,
            workshop.on,
            workshop.scanner,
            workshop.static_search,
            workshop.engine,
            workshop.compiled,
        )
        body = pickle.dumps(work)
        file.write(body)
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(processes, context, _start, (plan, hashlib.sha256(body).hexdigest()))
    pending: list[Future[list[Rendered | Alarm]]] = []
    try:
        while True:
            while len(pending) < processes * 3 and (chunk := list(islice(jobs, _CHUNK))):
                try:
                    pending.append(pool.submit(_render_chunk, chunk))
                except (OSError, ValueError) as error:  # no worker can be started, or the pool is breaking just now
                    raise BrokenProcessPool(str(error)) from error
            if not pending:
                break
            wait(pending[:1], return_when=FIRST_COMPLETED)
            yield from pending.pop(0).result()
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        # A pool that breaks while it starts a worker forgets that one, and would wait for it for ever.
        for child in set(multiprocessing.active_children()) - others:
            child.kill()
        raise
    else:
        pool.shutdown()
    finally:
        plan.unlink(missing_ok=True)
