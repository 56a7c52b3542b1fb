"""ICAT over its REST interface: investigations and data publications as the reader's account sees them.

Signs in by an authentication plugin (`anon` needs nothing more), reads by JPQL with keyset paging and assembles
through `icat_entities`, so that a dump and the live catalogue give the same records. ICAT 4.10 to 6.

May import: harvesters.{contents, reading}; ontologies.
"""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Literal

from pydantic import Field

from panfair.harvesters import Checkpoint, Context, Finished, Harvested, Kept
from panfair.harvesters.http import RemoteOptions, open_sender
from panfair.harvesters.icat.changes import changed_investigations, changed_publications, with_changed_contents
from panfair.harvesters.icat.entities import publications_of
from panfair.harvesters.icat.pages import Entities, investigations, page_of, publications
from panfair.harvesters.icat.rest import Credentials, Icat, RefusedKindError
from panfair.harvesters.icat.store import Raw
from panfair.harvesters.icat.sums import differing, packed, sums, unpacked
from panfair.harvesters.reading.values import Once, doi_of
from panfair.ontologies.errors import HarvestError, RecordError
from panfair.ontologies.record import Publication

_Assemble = Callable[[Icat, list[Raw]], Entities]
_OVERLAP = timedelta(minutes=10)  # clocks differ, and a transaction ends later than it stamps its rows
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_KINDS: tuple[tuple[str, _Assemble], ...] = (("Investigation", investigations), ("DataPublication", publications))


class Options(RemoteOptions):
    """A [[source]] of kind `icat`."""

    url: str = Field(description="the address of ICAT's REST interface", examples=["https://icat.example.org/icat"])
    plugin: str = Field("anon", description="ICAT's authentication plugin; `anon` asks for no account")
    username: str | None = Field(None, description="the reader's account, when the plugin asks for one")
    password_env: str | None = Field(None, description="the environment variable that holds its password")
    vanished: Literal["withdrawn", "not public"] = Field(
        "not public",
        description="what an open record is that the reader no longer sees; `withdrawn` only for a reader who sees "
        "closed ones, too",
    )
    page_size: int = Field(50, ge=1, le=1000, description="how many investigations are read at once")


def harvest(options: Options, context: Context) -> Iterator[Harvested]:
    """What the reader sees, page by page. Raises HarvestError when ICAT stops answering or answers no entities."""
    note = Once(context.note)
    kept = context.resume is not None
    with (
        open_sender(options, options.url, context, patient=lambda: kept) as send,
        Icat(options.name, send, _credentials(options), note) as icat,
    ):
        kind, after, begun = _resume(options, context)
        if context.resume is not None:
            _check_unchanged(options, icat, kind, after, begun)
        seen: set[str] = set()
        seen_now = {name: sums(icat, name) for name, _assemble in _KINDS}
        changes = _Changes(icat, context, begun, seen_now) if context.last else None
        for name, assemble in _KINDS[kind:]:
            while icat.knows(name) and (rows := page_of(icat, name, after, options.page_size)):
                # The numbers rise within an answer; across answers the condition of the query sees to it, if obeyed.
                if rows[0]["id"] <= after:
                    raise HarvestError(f"{options.name}: ICAT answers with the same page of {name} again; stopped")
                after = rows[-1]["id"]
                wanted = []
                for row in rows:
                    if changes and (key := changes.standing(row, name)) and key not in seen:
                        seen.add(key)
                        yield Kept(key)
                    else:
                        wanted.append(row)
                for item in publications_of(assemble(icat, wanted), options, context, note) if wanted else ():
                    if isinstance(item, Publication):
                        seen.add(item.doi.key)
                    yield item
                yield Checkpoint(f"{name} {after} {begun.isoformat()}")
                kept = True
            after = 0
        yield Finished(_token(begun - _OVERLAP, seen_now))


class _Changes:
    """What has changed since the last finished harvest, asked for when it is needed."""

    def __init__(self, icat: Icat, context: Context, now: datetime, seen_now: dict[str, dict[int, int]]) -> None:
        self.icat = icat
        self.context = context
        moment, *packed_sums = (context.last or "").split(" ")
        self.since = _moment(moment)
        seen_before = [unpacked(one) or {} for one in packed_sums] or [{}, {}]
        self.differing = {
            name: differing(before, seen_now.get(name, {}))
            for (name, _assemble), before in zip(_KINDS, seen_before, strict=False)
        }
        # ICAT may count days in its own time zone.
        self.due = (self.since - timedelta(days=1)).date().isoformat(), (now + timedelta(days=1)).date().isoformat()
        self.publications: set[int] | None = None
        try:
            self.investigations = changed_investigations(icat, self.since) if icat.knows("Investigation") else set()
            self.investigations |= self.differing.get("Investigation", set())
            self.shows_changes = True
            """Whether ICAT tells this account what changed; when it refuses one kind, everything is read."""
        except RefusedKindError:
            self.investigations, self.shows_changes = set(), False

    def standing(self, row: Raw, name: str) -> str | None:
        """The DOI key of a record that is as the last harvest had it; None for one that has to be read."""
        session = name == "Investigation"
        key = _key(row, session, self.context)
        before = self.context.previous(key) if key else None
        if before and not self._changed(row, session) and (before.get("kind") == "session") == session:
            opens = str(before.get("release_date") or before.get("publication_date") or "")
            # What falls due lets the reader see more, and nobody has modified anything.
            if not self.due[0] <= opens <= self.due[1]:
                return key
        if session:
            self.investigations.add(row["id"])
        return None

    def _changed(self, row: Raw, session: bool) -> bool:
        number: int = row["id"]
        if session or not self.shows_changes:
            return not self.shows_changes or number in self.investigations
        if self.publications is None:
            try:
                self.publications = changed_publications(self.icat, self.since)
                self.publications |= with_changed_contents(self.icat, self.since, self.investigations)
                self.publications |= self.differing.get("DataPublication", set())
            except RefusedKindError:
                self.shows_changes = False
                return True
        return number in self.publications


def _key(row: Raw, session: bool, context: Context) -> str | None:
    try:
        return doi_of(row.get("doi" if session else "pid"), context.extra_doi_prefixes).key
    except RecordError:
        return None


def _token(since: datetime, seen: dict[str, dict[int, int]]) -> str:
    """What the next harvest must know: since when to ask for changes, and what the account saw of each record."""
    return " ".join((since.isoformat(), *(packed(seen.get(name, {})) for name, _assemble in _KINDS)))


def _moment(token: str) -> datetime:
    """Since when changes are asked for; a token that tells none gives a moment before all of them."""
    try:
        moment = datetime.fromisoformat(token)
    except ValueError:
        return _LONG_AGO
    return max(moment, _LONG_AGO) if moment.tzinfo else _LONG_AGO


def _resume(options: Options, context: Context) -> tuple[int, int, datetime]:
    """Where to go on: the place in the list of kinds, the last number that was read, and when the harvest began."""
    if context.resume is None:
        return 0, 0, datetime.now(UTC)
    name, number, began = (*context.resume.split(" "), "", "")[:3]
    names = [kind for kind, _assemble in _KINDS]
    if name not in names or not number.isdecimal():
        raise HarvestError(f"{options.name}: the checkpoint is none of this harvester; delete it and harvest again")
    return names.index(name), int(number), _moment(began)


def _check_unchanged(options: Options, icat: Icat, kind: int, after: int, begun: datetime) -> None:
    """Raises HarvestError, to begin anew, when something that was read before the break has changed since.

    It may have been put under embargo in the meantime, and would be published as it was.
    """
    since = begun - _OVERLAP
    try:
        sessions = changed_investigations(icat, since) if icat.knows("Investigation") else set()
        read = sessions if kind else {number for number in sessions if number <= after}
        if kind:
            changed = changed_publications(icat, since)
            read = read | {number for number in changed if number <= after}
    except RefusedKindError:
        read = {after}
    if read:
        raise HarvestError(
            f"{options.name}: {len(read)} of the records read before the break have changed since; it is read anew",
            begin_anew=True,
        )


def _credentials(options: Options) -> Credentials:
    values: dict[str, str] = {}
    if options.username is not None:
        values["username"] = options.username
    if options.password_env is not None:
        password = os.environ.get(options.password_env)
        if not password:
            raise HarvestError(
                f"{options.name}: the environment variable {options.password_env} (password_env) is not set; "
                "nothing was read"
            )
        values["password"] = password
    return Credentials(options.plugin, values)
