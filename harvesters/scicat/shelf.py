"""What belongs to a page of publications, fetched into the library: datasets, their files, instruments and samples.

One dataset that SciCat cannot show costs that dataset. Lists of files are held against numberOfFiles, and what is
missing is counted.
"""

from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote

from panfair.harvesters.reading.values import objects, text_of
from panfair.harvesters.scicat.library import Library, Raw, all_texts
from panfair.harvesters.scicat.rest import Refusal, Scicat
from panfair.harvesters.scicat.values import is_too_long
from panfair.ontologies.text import clean_line

_PIDS_AT_ONCE = 40
_LONGEST_LIST = 3000  # letters of the pids in one address
_FILES_AT_ONCE = 20_000
_FAILURES_IN_A_ROW = 8  # of single datasets: then it is not the dataset

_Question = Callable[[list[str]], list[Raw] | None]


class Shelf:
    """What was fetched, and what this SciCat shows to the reader at all."""

    def __init__(self, scicat: Scicat, library: Library, datasets: bool, files: bool) -> None:
        self.scicat = scicat
        self.library = library
        self.shows_datasets = datasets
        self.shows_files = datasets and files
        self._has_instruments = False
        self._failures = 0

    def fetch(self, publications: Iterable[Raw], pids_of: Callable[[Raw], list[str]]) -> None:
        """The datasets of these publications with their files, and what they were made from."""
        pids = list(dict.fromkeys(pid for raw in publications for pid in pids_of(raw)))
        self._datasets(pids)
        self._files([pid for pid in pids if pid in self.library.datasets])
        inputs = (pid for raw in self.library.datasets.values() for pid in all_texts(raw, "inputDatasets"))
        self._datasets([pid for pid in dict.fromkeys(inputs) if pid not in pids])

    def clear(self) -> None:
        """Forgets what belongs to a page: memory stays flat."""
        self.library.datasets.clear()
        self.library.blocks.clear()
        self.library.samples.clear()

    def marks(self, pids: list[str]) -> dict[str, Raw]:
        """When the open ones of these datasets last changed."""
        found: dict[str, Raw] = {}
        for some in _batches(pids) if self.shows_datasets else ():
            for one in self._answers(self.scicat.dataset_marks, some) or ():
                found[_pid(one)] = one
        return found

    def _datasets(self, pids: list[str]) -> None:
        for some in _batches(pids):
            if not self.shows_datasets:
                return
            found = self._answers(self.scicat.datasets, some)
            if found is None:
                self.shows_datasets = self.shows_files = False
                self.library.note(
                    "this SciCat does not show its datasets to the reader; pages name them by identifier only"
                )
                return
            known = {_pid(raw): raw for raw in found}
            self.library.datasets.update({pid: known[pid] for pid in some if pid in known})
            for raw in found:
                for one in objects(raw.get("instruments")):
                    self.library.instruments[_pid(one)] = one
                for one in objects(raw.get("samples")):
                    self.library.samples[clean_line(text_of(one.get("sampleId")) or "")] = one
            self._beside(found)

    def _beside(self, datasets: list[Raw]) -> None:
        """Instruments and samples, where datasets bring none along.

        v3 shows its published samples one by one; its includes show all.
        """
        if self.scicat.includes or not self.scicat.routes.has_v3:
            return
        if not self._has_instruments:
            self._has_instruments = True
            self.library.instruments.update({_pid(one): one for one in self.scicat.instruments()})
        for identifier in dict.fromkeys(name for raw in datasets for name in all_texts(raw, "sampleId", "sampleIds")):
            if identifier not in self.library.samples and not is_too_long(identifier):
                try:
                    self.library.samples[identifier] = self.scicat.sample(identifier) or {}
                except Refusal:
                    self.library.samples[identifier] = {}

    def _files(self, pids: list[str]) -> None:
        for some in self._by_files(pids):
            if not self.shows_files:
                return
            blocks = self._answers(self.scicat.blocks, some)
            if blocks is None:
                self.shows_files = False
                self.library.note(
                    "this SciCat does not show the lists of files to the reader; pages tell their number and size only"
                )
                return
            for block in blocks:
                self.library.blocks.setdefault(clean_line(text_of(block.get("datasetId")) or ""), []).append(block)

    def _by_files(self, pids: list[str]) -> Iterator[list[str]]:
        """The pids in lists whose files fit into one answer."""
        for some in _batches(pids):
            part: list[str] = []
            size = 0
            for pid in some:
                number = self.library.datasets[pid].get("numberOfFiles")
                number = number if isinstance(number, int) else 0
                if part and size + number > _FILES_AT_ONCE:
                    yield part
                    part, size = [], 0
                part.append(pid)
                size += number
            if part:
                yield part

    def _answers(self, question: _Question, pids: list[str]) -> list[Raw] | None:
        """The answer for all these datasets; where SciCat fails over one of them, without that one."""
        try:
            found = question(pids)
        except Refusal as refusal:
            if len(pids) > 1:
                half = len(pids) // 2
                parts = [self._answers(question, pids[:half]), self._answers(question, pids[half:])]
                return [one for part in parts for one in part or ()]
            self._failures += 1
            if self._failures >= _FAILURES_IN_A_ROW:
                raise
            if question == self.scicat.blocks and self.scicat.routes.has_v3:
                return self._alone(pids[0])
            self.library.note(f"dataset {pids[0]}: {refusal.args[0].split(': ', 1)[-1].partition(';')[0]}; "
                              "what it asks for is not shown")  # fmt: skip
            return []
        self._failures = 0
        return found

    def _alone(self, pid: str) -> list[Raw]:
        """The files of one dataset by the route of its own."""
        try:
            found = self.scicat.blocks_of(pid)
        except Refusal:
            found = None
        if found is None:
            self.library.note(f"dataset {pid}: SciCat does not show its files")
            return []
        self._failures = 0
        return found


def _batches(pids: list[str]) -> Iterator[list[str]]:
    """The pids in lists that one address can carry."""
    part: list[str] = []
    length = 0
    for pid in pids:
        letters = len(quote(pid, safe="", errors="replace")) + 9
        if part and (len(part) == _PIDS_AT_ONCE or length + letters > _LONGEST_LIST):
            yield part
            part, length = [], 0
        if not is_too_long(pid):
            part.append(pid)
            length += letters
    if part:
        yield part


def _pid(raw: Raw) -> str:
    return clean_line(text_of(raw.get("pid")) or text_of(raw.get("_id")) or "")
