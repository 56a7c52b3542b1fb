"""What differs between two versions of a work, field by field, in the words of pages.

Only fields that a reader would ask after; both versions have passed the gate.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from panfair.builders.html.language import local_day, tr
from panfair.builders.html.words import counted, day_in_words, excerpt, number, size_words
from panfair.ontologies.record import Agent, Dataset, Publication

_MOST = 12
"""Names that are listed of what came or went; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs: a text before and after, or what came and what went."""

    field: str
    before: str = ""
    after: str = ""
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


def changes(older: Publication, newer: Publication) -> tuple[Change, ...]:
    """The fields that differ, in the order of a landing page; empty when a reader would see no difference."""
    texts = (
        (tr("Title"), older.title, newer.title),
        (tr("Version"), older.version or "", newer.version or ""),
        (tr("Abstract"), excerpt(older.abstract), excerpt(newer.abstract)),
        (tr("Methods"), excerpt(older.methods), excerpt(newer.methods)),
        (tr("Measured"), _span(older), _span(newer)),
        (tr("Files"), _files(older), _files(newer)),
        (tr("Size"), _size(older), _size(newer)),
    )
    found = [Change(field, before, after) for field, before, after in texts if before != after]
    # A long text may differ where its excerpt does not.
    for field, one, other in (
        (tr("Abstract"), older.abstract, newer.abstract),
        (tr("Methods"), older.methods, newer.methods),
    ):
        if one != other and field not in {change.field for change in found}:
            found.append(Change(field, "", tr("changed further on in the text")))
    lists = (
        (tr("Creators"), _names(older.creators), _names(newer.creators)),
        (tr("Contributors"), _names(older.contributors), _names(newer.contributors)),
        (tr("Licence"), _said(older), _said(newer)),
        (tr("Techniques"), _techniques(older), _techniques(newer)),
        (tr("Instruments"), _instruments(older), _instruments(newer)),
        (tr("Samples"), _samples(older), _samples(newer)),
        (tr("Keywords"), [word.term for word in older.keywords], [word.term for word in newer.keywords]),
        (tr("Datasets"), [dataset.name for dataset in older.datasets], [dataset.name for dataset in newer.datasets]),
    )
    for field, before, after in lists:
        added, removed = _but(after, before), _but(before, after)
        if added or removed:
            found.append(Change(field, added=added, removed=removed))
    return tuple(found)


def _but(names: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    """Those names that are not among the others, each once; of many the first."""
    known = set(others)
    left = [name for name in dict.fromkeys(names) if name not in known]
    more = (tr("and {count} more").format(count=number(len(left) - _MOST)),) if len(left) > _MOST else ()
    return (*left[:_MOST], *more)


def _names(agents: Iterable[Agent]) -> list[str]:
    return [agent.name for agent in agents]


def _said(publication: Publication) -> list[str]:
    return [rights.name or rights.said for rights in publication.rights]


def _techniques(publication: Publication) -> list[str]:
    parts: tuple[Publication | Dataset, ...] = (publication, *publication.datasets)
    return [technique.name for part in parts for technique in part.techniques]


def _instruments(publication: Publication) -> list[str]:
    parts: tuple[Publication | Dataset, ...] = (publication, *publication.datasets)
    return [instrument.full_name or instrument.name for part in parts for instrument in part.instruments]


def _samples(publication: Publication) -> list[str]:
    parts: tuple[Publication | Dataset, ...] = (publication, *publication.datasets)
    return [sample.name for part in parts for sample in part.samples]


def _span(publication: Publication) -> str:
    days = [day_in_words(local_day(moment)) for moment in (publication.start, publication.end) if moment]
    return _joined(tuple(dict.fromkeys(days)))


def _joined(days: tuple[str, ...]) -> str:
    return tr("{first} to {last}").format(first=days[0], last=days[1]) if len(days) > 1 else "".join(days)


def _files(publication: Publication) -> str:
    count = publication.file_count or sum(
        dataset.file_count or len(dataset.files) for dataset in publication.datasets
    ) + len(publication.files)
    return counted(count, "file", "files") if count else ""


def _size(publication: Publication) -> str:
    size = publication.size_bytes or sum(dataset.size_bytes or 0 for dataset in publication.datasets)
    return size_words(size) if size else ""
