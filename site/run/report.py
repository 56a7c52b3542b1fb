"""What a run did, counted and explained: the summary at the end and the exit status come from here."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, fields

from panfair.site.run.outcomes import Outcomes


@dataclass(frozen=True, slots=True)
class Failure:
    """A source that could not be read, or whose answer could not be believed: it stops, and no other."""

    source: str
    reason: str

    def __str__(self) -> str:
        return f"{self.source}: {self.reason}"


@dataclass
class Report:
    """The numbers and lines of one run."""

    read: int = 0
    released: int = 0
    unchanged: int = 0
    notices: Counter[str] = field(default_factory=Counter)
    """Records whose DOI has a notice, by the reason why they are closed."""
    written: int = 0
    deleted: int = 0
    written_kinds: Counter[str] = field(default_factory=Counter)
    """Files that were new or different, by what they are: see `kind_of`."""
    deleted_kinds: Counter[str] = field(default_factory=Counter)
    withdrawn: int = 0
    withheld: Counter[str] = field(default_factory=Counter)
    releasing: dict[str, set[str]] = field(default_factory=dict)
    """By the reason why records are held back, what would release them: the fields of their catalogues."""
    refused: list[str] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    """Open records that would have shown something of closed ones, each with what became of it."""
    notes: list[str] = field(default_factory=list)
    outcomes: Outcomes = field(default_factory=Outcomes)
    held_back_of: dict[str, Counter[str]] = field(default_factory=dict)
    """By source, how many records are held back for which reason."""
    taken_out: Counter[str] = field(default_factory=Counter)
    """Server paths and e-mail addresses taken out of the records that the run looked at, and of how many."""

    @property
    def all_well(self) -> bool:
        """Whether every source was read and every record could be published or rightly held back."""
        return not self.refused and not self.failed and not self.held

    def fail(self, source: str, reason: str) -> None:
        """Puts down that a source failed; a reason that begins with its name says it once."""
        self.failed.append(Failure(source, reason.removeprefix(f"{source}: ")))

    def has_failed(self, source: str) -> bool:
        """Whether something was wrong with this source."""
        return any(failure.source == source for failure in self.failed)

    def become(self, other: "Report") -> None:
        """Takes over all that another report has: that of the try that counts."""
        for name in (one.name for one in fields(self)):
            setattr(self, name, getattr(other, name))

    def moved(self, moves: Iterable[tuple[str | None, str]]) -> None:
        """Counts what a run moves into output/: pairs of a staged file (None: deletion) and the path it goes to."""
        for staged, path in moves:
            (self.deleted_kinds if staged is None else self.written_kinds)[kind_of(path)] += 1
        self.written, self.deleted = self.written_kinds.total(), self.deleted_kinds.total()

    def file_words(self) -> str:
        """What was written and deleted: `12 pages, 40 other files, 657 search files replaced, 1 page deleted`.

        Search files are named by what is in them: one that is replaced is a new file and a deleted one, told once.
        """
        new, gone = self.written_kinds, self.deleted_kinds
        words = [_counted(new[kind], kind) for kind in ("page", "other file") if new[kind]]
        if new["search file"]:
            words.append(_counted(new["search file"], "search file") + (" replaced" if gone["search file"] else ""))
        kinds = [kind for kind in gone if kind != "search file" or not new[kind]]
        words += [_counted(gone[kind], kind) + " deleted" for kind in sorted(kinds)]
        return ", ".join(words) or "nothing: all stands as it should"

    def lines(self) -> list[str]:
        """The summary, a line a fact, in an operator's words."""
        noticed = self.notices.total()
        held = noticed + self.withheld.total()
        lines = [
            f"read        {self.read:>8}",
            f"released    {self.released:>8}  ({self.unchanged} unchanged)",
            f"held back   {held:>8}" + (f"  ({noticed} with a notice under their DOI)" if noticed else ""),
        ]
        reasons = sorted((self.notices + self.withheld).items())
        lines += [f"              {number} because {reason}{self._released_by(reason)}" for reason, number in reasons]
        lines += self._taken_out()
        lines.append(f"refused     {len(self.refused):>8}")
        lines += [f"              {line}" for line in self.refused[:50]]
        if len(self.refused) > 50:
            lines.append(f"              … and {len(self.refused) - 50} more")
        lines += [
            f"withdrawn   {self.withdrawn:>8}",
            *self.outcomes.lines(),
            f"written     {self.written:>8}  {self.file_words()}",
        ]
        lines += [f"note: {note}" for note in self.notes[:20]]
        if len(self.notes) > 20:
            lines.append(f"note: … and {len(self.notes) - 20} more")
        lines += [f"HELD BACK: {line}" for line in self.held[:50]]
        if len(self.held) > 50:
            lines.append(f"HELD BACK: … and {len(self.held) - 50} more")
        lines += [f"FAILED: {failure}" for failure in self.failed]
        return lines

    def _released_by(self, reason: str) -> str:
        fields = "; or ".join(sorted(self.releasing.get(reason, ())))
        return f" (would release them: {fields})" if fields else ""

    def hold(self, counts: Counter[str], source: str, why: str, field: str, number: int = 1) -> None:
        """Puts down why records of a source are held back, and which field of its catalogue would release them."""
        counts[why] += number
        self.held_back_of.setdefault(source, Counter())[why] += number
        if why != "its day has not come":  # it opens by itself
            self.releasing.setdefault(why, set()).add(field)

    def take_out(self, paths: int, emails: int) -> None:
        """Puts down what the gate took out of one record."""
        self.taken_out.update({"paths": paths, "emails": emails, "records": int(paths + emails > 0)})

    def _taken_out(self) -> list[str]:
        counts = self.taken_out
        if not counts["records"]:
            return []
        what = f"{_counted(counts['paths'], 'server path')}, {_counted(counts['emails'], 'e-mail')}"
        where = f"from {_counted(counts['records'], 'record')} that this run looked at"
        return [f"taken out   {counts['paths'] + counts['emails']:>8}  ({what}; {where})"]


def kind_of(path: str) -> str:
    """What a file below output/ is to an operator: a page, a file that the search reads, or another.

    >>> [kind_of(path) for path in ("www/doi/10.5072/a/index.html", "www/search/data/w/0a.json", "oai.sqlite")]
    ['page', 'search file', 'other file']
    """
    if path.startswith(("www/search/data/", "search/")):
        return "search file"
    return "page" if path.startswith("www/") and path.endswith(".html") else "other file"


def _counted(number: int, kind: str) -> str:
    return f"{number} {kind}{'' if number == 1 else 's'}"
