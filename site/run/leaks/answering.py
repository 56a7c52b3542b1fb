"""Which record answers for a finding in a file that is made from many: a list, a feed, a dump, a notice.

The file's own record does, where it has one; else the one whose line in the lists, or whose part of the dump, shows it;
else the open one that the file names next to it. A wrong guess costs that record one night: the files are made without
it and scanned again, and what is still found then is answered for by nobody.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from panfair.builders import Artifact
from panfair.builders.sitewide.rdf_dump import members_in
from panfair.ontologies.errors import PanfairError
from panfair.ontologies.identifiers import Doi
from panfair.site.run.leaks.scanner import Finding, Scanner
from panfair.site.run.leaks.values import values_in
from panfair.site.run.render import Alarm
from panfair.site.state.ledger import Ledger


class FoundInLists(PanfairError):
    """Something closed would show in files that are made from many records: the run tries again without some.

    `findings` are told by record, those that nobody answers for under the empty key; `stale`: an index or a store still
    held what is closed, or is damaged, so all of them are made anew.
    """

    def __init__(self, findings: dict[str, list[Finding]], stale: bool = False) -> None:
        super().__init__("something closed would show in files that are made from many records")
        self.findings = findings
        self.stale = stale


class Withheld:
    """The records that answer for what earlier tries of this run found; a run begins with none."""

    def __init__(self) -> None:
        self.alarms: dict[str, Alarm] = {}
        self.anew = False
        """Whether indexes and stores are made anew."""

    def add(self, found: FoundInLists) -> bool:
        """Takes in what a try found; False when the next one would find the same again.

        What stands of a record is kept first; where that shows it too, a notice takes its place.
        """
        if "" in found.findings or (found.stale and self.anew):
            return False
        for key, findings in found.findings.items():
            before = self.alarms.get(key)
            if before is not None and not before.standing_is_clean:
                return False
            self.alarms[key] = Alarm(key, findings, standing_is_clean=before is None)
        self.anew = self.anew or found.stale
        return True


def answered(ledger: Ledger, scanner: Scanner, file: Artifact, findings: Sequence[Finding]) -> dict[str, list[Finding]]:
    """The findings in a file by the key of the record that answers for each; the empty key: nobody does."""
    found = ledger.connection.execute("SELECT owner FROM file WHERE path = ?", (file.path,)).fetchone()
    if found and ledger.row(found[0]) is not None:
        return {found[0]: list(findings)}
    by_record: dict[str, list[Finding]] = defaultdict(list)
    shown = dict(_shown(ledger, scanner, file))
    pages = {Doi.parse(row.key).page: row.key for row in ledger.rows("state = 'open'")}
    for finding in findings:
        beside = (key for key in [_beside(scanner, pages, file, finding)] if key)
        by_record[shown.get(_mark(finding)) or next(beside, "")].append(finding)
    return dict(by_record)


def _mark(finding: Finding) -> tuple[bytes, str, str]:
    return finding.owner, finding.field, finding.value.casefold()


def _shown(ledger: Ledger, scanner: Scanner, file: Artifact) -> Iterator[tuple[tuple[bytes, str, str], str]]:
    """What each open record's own line and its part of the file show."""
    parts = members_in(file.body) if file.path.endswith(".nq.gz") else {}
    for row in ledger.rows("state = 'open'"):
        labels = ledger.connection.execute("SELECT label, note FROM shelf WHERE key = ?", (row.key,)).fetchall()
        texts = [text for pair in labels for text in pair]
        own = [*scanner.in_values("", texts), *scanner.findings("card.json", row.card)]
        if row.key in parts:
            own += scanner.findings("part.nq", parts[row.key][1])
        for finding in own:
            yield _mark(finding), row.key


def _beside(scanner: Scanner, pages: dict[str, str], file: Artifact, finding: Finding) -> str | None:
    """The open record whose page the file names nearest to the finding, told by values; ties: the one before."""
    named: list[tuple[int, str]] = []
    places = []
    for place, value in enumerate(values_in(file.body, file.path)):
        if key := _named(pages, value):
            named.append((place, key))
        if finding.value in value or any(_mark(one) == _mark(finding) for one in scanner.in_values("", [value])):
            places.append(place)
    nearest = ((abs(at - place), at > place, key) for place in places for at, key in named)
    return min(nearest, default=(0, False, None))[2]


def _named(pages: dict[str, str], value: str) -> str | None:
    """The key of the open record that a value leads to."""
    _, sign, path = value.partition("/doi/")
    if not sign:
        return None
    parts = path.split("/")
    ends = range(len(parts), 0, -1)
    return next((pages[page] for end in ends if (page := f"/doi/{'/'.join(parts[:end])}/") in pages), None)
