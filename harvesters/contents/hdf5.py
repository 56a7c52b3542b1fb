"""The one door to HDF5: a file and the files listed beside it are read, and nothing else on this machine.

HDF5 reads whatever a file names: raw data in other files (external storage), links and virtual datasets into other
files, by any path. Whoever writes a file would read with the rights of whoever opens it. So no other module imports
h5py; every step of a path is taken here, and every dataset is judged before a value of it is read. HDF5's own search
for the sources of a virtual dataset is known beforehand: they stand where the file says, beside it, and are listed.
"""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from h5py import h5a, h5d, h5l, h5o

from panfair.ontologies.errors import ContentsError, UnreachableError

MOST_BYTES = 64 << 20
"""Of one reading, and of one chunk once it is unpacked."""
_LONGEST_TEXT = 4000
_LARGEST_ATTRIBUTE = 64 << 10
_MOST_NAMES = 5000
_MOST_SOURCES = 20_000
_MOST_STEPS = 40
"""Links and nested virtual datasets on the way to one value."""


@contextmanager
def opened(path: Path, siblings: Iterable[Path] = ()) -> Iterator["Group"]:
    """The root of a file. Raises ContentsError for what is no whole HDF5 file, also while it is read."""
    with ExitStack() as stack:
        yield _Door(path, siblings, stack).root(path.resolve())


class _Door:
    """The files that may be read; each is opened once."""

    def __init__(self, path: Path, siblings: Iterable[Path], stack: ExitStack) -> None:
        self._listed = {path.resolve(), *(one.resolve() for one in siblings)}
        self._stack = stack
        self._open: dict[Path, Any] = {}
        self._judged: set[tuple[str, str]] = set()

    def root(self, path: Path) -> "Group":
        if path not in self._open:
            with _in_words():
                self._open[path] = self._stack.enter_context(h5py.File(path, "r", locking=False))
        return Group(self, self._open[path]["/"], path)

    def beside(self, path: Path, name: str) -> "Group":
        """The root of a file that another one names. Raises UnreachableError unless it is listed."""
        named = (path.parent / name).resolve()
        if "%" in name or "\0" in name or named not in self._listed or not named.is_file():
            raise UnreachableError("it leads to another file, which is not listed with it; nothing is read from there")
        return self.root(named)

    def judge(self, array: "Array", steps: int) -> None:
        """Raises UnreachableError when a value of this dataset would come from a file that is not listed."""
        key = (str(array.file), array.path)
        if key in self._judged:
            return
        if steps > _MOST_STEPS:
            raise UnreachableError("its virtual datasets are nested too deeply")
        made = array.raw.id.get_create_plist()
        if made.get_external_count():
            raise UnreachableError("its values lie in another file (external storage); they are not read")
        if made.get_layout() == h5d.VIRTUAL:
            count = made.get_virtual_count()
            if count > _MOST_SOURCES:
                raise UnreachableError(f"a virtual dataset of {count} sources is not read")
            seen = set()
            for number in range(count):
                seen.add((made.get_virtual_filename(number), made.get_virtual_dsetname(number)))
            for file, name in sorted(seen):
                here = Group(self, array.raw.file["/"], array.file) if file == "." else self.beside(array.file, file)
                if "%" in name:
                    raise UnreachableError("a virtual dataset with a pattern for its sources is not read")
                source = here.at(name, steps + 1)
                if isinstance(source, Array):
                    self.judge(source, steps + 1)
        self._judged.add(key)


class _Node:
    """A group or a dataset of a listed file."""

    def __init__(self, door: _Door, raw: Any, file: Path) -> None:
        self._door = door
        self.raw = raw
        """h5py's own object: for this module only."""
        self.file = file

    @property
    def path(self) -> str:
        """Where it stands in its file."""
        return str(self.raw.name or "")

    def attribute(self, name: str) -> Any:
        """The value of an attribute as text, number or list of them; None without one, or when it is very large."""
        with _in_words():
            if not h5a.exists(self.raw.id, name.encode()):
                return None
            attribute = h5a.open(self.raw.id, name.encode())
            if (
                attribute.get_storage_size() > _LARGEST_ATTRIBUTE
                or attribute.get_space().get_simple_extent_npoints() > 1000
            ):
                return None
            return _plain(self.raw.attrs[name])

    def attributes(self, most: int) -> Iterator[tuple[str, Any]]:
        """The first attributes by their own order, each as `attribute` has it."""
        with _in_words():
            names = list(islice(iter(self.raw.attrs), most))
        for name in names:
            with suppress(ContentsError):
                yield name, self.attribute(name)

    @property
    def identity(self) -> tuple[str, int]:
        """What tells it from every other group and dataset, whichever way leads to it."""
        with _in_words():
            return str(self.file), int(h5o.get_info(self.raw.id).addr)

    def word(self, name: str) -> str:
        """The value of an attribute that should be one text; empty where it is none."""
        value = self.attribute(name)
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        return value.strip()[:_LONGEST_TEXT] if isinstance(value, str) else ""


class Group(_Node):
    """A group: what has members."""

    @property
    def nx_class(self) -> str:
        """Its NeXus class, such as `NXentry`; empty where it says none."""
        return self.word("NX_class")

    def names(self) -> list[str]:
        """The names of its members (of very many the first), in their own order; a member need not be reachable."""
        with _in_words():
            return sorted(one.decode("utf-8", "replace") for one in islice(iter(self.raw.id), _MOST_NAMES))

    def link(self, name: str) -> str | None:
        """Where a member that is a link to elsewhere leads: a path, behind a colon that in a file of this name."""
        with _in_words():
            key = name.encode("utf-8", "surrogateescape")
            kind = self.raw.id.links.get_info(key).type
            if kind == h5l.TYPE_HARD:
                return None
            if kind == h5l.TYPE_SOFT:
                return str(self.raw.id.links.get_val(key).decode("utf-8", "replace"))
            if kind == h5l.TYPE_EXTERNAL:
                file, path = (one.decode("utf-8", "replace") for one in self.raw.id.links.get_val(key))
                return f"{file.rpartition('/')[2]}:{path}"
            return ""

    def members(self) -> Iterator[tuple[str, "Group | Array"]]:
        """The members that can be reached inside the listed files; the others are passed by."""
        for name in self.names():
            with suppress(UnreachableError):
                if (member := self.at(name)) is not None:
                    yield name, member

    def groups(self, nx_class: str) -> Iterator["Group"]:
        """The members that are groups of a NeXus class, by name."""
        return (one for _, one in self.members() if isinstance(one, Group) and one.nx_class == nx_class)

    def at(self, path: str, steps: int = 0) -> "Group | Array | None":
        """What stands at a path, from here or from the root; None where nothing does.

        Raises UnreachableError where the way leads out of the listed files.
        """
        node: Group | Array | None = Group(self._door, self.raw.file["/"], self.file) if path.startswith("/") else self
        for name in path.split("/"):
            if name in ("", "."):
                continue
            if not isinstance(node, Group):
                return None
            node = node._member(name, steps + 1)
        return node

    def group(self, path: str) -> "Group | None":
        """The group at a path; None where there is none that can be reached."""
        with suppress(UnreachableError):
            found = self.at(path)
            return found if isinstance(found, Group) else None
        return None

    def array(self, path: str) -> "Array | None":
        """The dataset at a path; None where there is none that can be reached."""
        with suppress(UnreachableError):
            found = self.at(path)
            return found if isinstance(found, Array) else None
        return None

    def text(self, path: str) -> str:
        """The single value at a path as text; empty where there is none."""
        found = self.array(path)
        return found.text() if found else ""

    def _member(self, name: str, steps: int) -> "Group | Array | None":
        if steps > _MOST_STEPS:
            raise UnreachableError("its links lead in a circle")
        key = name.encode("utf-8", "surrogateescape")
        with _in_words():
            links = self.raw.id.links
            if not links.exists(key):
                return None
            kind = links.get_info(key).type
            if kind == h5l.TYPE_SOFT:
                return self.at(links.get_val(key).decode("utf-8", "replace"), steps)
            if kind == h5l.TYPE_EXTERNAL:
                file, path = (one.decode("utf-8", "replace") for one in links.get_val(key))
                return self._door.beside(self.file, file).at("/" + path, steps)
            if kind != h5l.TYPE_HARD:
                raise UnreachableError("it has a link of a kind that is not followed")
            found = h5o.open(self.raw.id, key)
            if isinstance(found, h5py.h5g.GroupID):
                return Group(self._door, h5py.Group(found), self.file)
            if isinstance(found, h5py.h5d.DatasetID):
                return Array(self._door, h5py.Dataset(found), self.file)
            return None


class Array(_Node):
    """A dataset: values of one type in some dimensions."""

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self.raw.shape or ())

    @property
    def size(self) -> int:
        return int(self.raw.size or 0)

    @property
    def kind(self) -> str:
        """One letter for the type of its values, as numpy has them: `f`, `u`, `O`…"""
        with _in_words():
            return str(self.raw.dtype.kind)

    @property
    def type_words(self) -> str:
        """The type of its values in a word or two: `float32`, `text`, `record of x, y`."""
        with _in_words():
            found = self.raw.dtype
            if h5py.check_string_dtype(found) is not None:
                return "text"
            if found.names:
                return f"record of {', '.join(found.names[:20])}"
            return "reference" if h5py.check_ref_dtype(found) else str(found.base)

    @property
    def is_number(self) -> bool:
        return self.kind in "iufb"

    def read(self, *where: int | slice) -> np.ndarray:
        """The numbers of a part. Raises ContentsError when that would come from another file, or is too large."""
        with _in_words():
            self._door.judge(self, 0)
            if not self.is_number:
                raise ContentsError("it holds no numbers")
            each = self.raw.dtype.itemsize
            if self.raw.chunks and (chunk := int(np.prod([float(one) for one in self.raw.chunks]))) * each > MOST_BYTES:
                raise ContentsError(f"its chunks are too large for a preview ({chunk * each >> 20} MB each)")
            if self._count(where) * each > MOST_BYTES:
                raise ContentsError("what it shows is too large for a preview")
            return np.asarray(self.raw[where] if where else self.raw[()])

    def text(self) -> str:
        """The single value as text; empty for an array, what is neither text nor number, and what lies outside."""
        with _in_words(), suppress(UnreachableError):
            if self.size != 1 or self.raw.dtype.kind not in "OSUiufb" or self.raw.dtype.itemsize > _LARGEST_ATTRIBUTE:
                return ""
            if self.raw.dtype.kind == "O" and h5py.check_string_dtype(self.raw.dtype) is None:
                return ""
            self._door.judge(self, 0)
            return self._single()
        return ""

    def _single(self) -> str:
        value = _plain(self.raw[()])
        while isinstance(value, list) and len(value) == 1:
            value = value[0]
        return (repr(value) if isinstance(value, float) else str(value)).strip()[:_LONGEST_TEXT]

    def number(self) -> float | None:
        """The single value as a number; None where it is none."""
        with suppress(ValueError):
            return float(self.text())
        return None

    def _count(self, where: tuple[int | slice, ...]) -> float:
        count = 1.0
        for place, size in enumerate(self.shape):
            part = where[place] if place < len(where) else slice(None)
            count *= len(range(*part.indices(size))) if isinstance(part, slice) else 1
        return count


def _plain(value: Any) -> Any:
    """A value of h5py as text, number, or list of them; None for what is neither."""
    if isinstance(value, np.ndarray):
        return [_plain(one) for one in value.reshape(-1)[:1000].tolist()]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if isinstance(value, str | int | float | bool) else None


@contextmanager
def _in_words() -> Iterator[None]:
    """Has what HDF5 says of a damaged file be a ContentsError."""
    try:
        yield
    except (
        OSError,
        RuntimeError,
        KeyError,
        ValueError,
        TypeError,
        MemoryError,
        OverflowError,
        AttributeError,
    ) as error:
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        if "filter" in said.lower() and ("required" in said.lower() or "not available" in said.lower()):
            raise ContentsError("it is compressed by a filter that is not installed (hdf5plugin has most)") from None
        raise ContentsError(f"not a whole HDF5 file ({said[:120]})") from None
