"""Whoosh's pickles, read as data: of all that a pickle can name, only Whoosh's own description of a segment is made.

Whoosh keeps its table of contents, the directory of a compound file and blocks of postings as pickles, and loads them
by `pickle.load`, which runs whatever a file says. What lies in output/ is data: whoever can write there must not be
able to have the server or the next run do something. So the names by which Whoosh's modules load are bound to these
here, once, by whoever imports this; the schema is given by our code and never read (Whoosh skips it then).
"""

import pickle
from collections import defaultdict
from io import BytesIO
from types import SimpleNamespace
from typing import Any, BinaryIO, NoReturn

from whoosh import columns, formats, index
from whoosh.codec import whoosh3
from whoosh.filedb import structfile


def _bytes(text: str, encoding: str) -> bytes:
    """Bytes as protocol 2 writes them: as text in Latin 1."""
    if encoding != "latin1":
        raise pickle.UnpicklingError(f"an index has no business with {encoding}")
    return text.encode("latin1")


_ALLOWED = {
    ("whoosh.codec.whoosh3", "W3Segment"): whoosh3.W3Segment,
    ("whoosh.codec.whoosh3", "W3Codec"): whoosh3.W3Codec,
    **{(module, kind.__name__): kind for module in ("builtins", "__builtin__") for kind in (int, set)},
    ("collections", "defaultdict"): defaultdict,  # of lengths of fields, counted by `int`
    ("_codecs", "encode"): _bytes,
}


class _Data(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        """The class of this name. Raises UnpicklingError for all that is not data of an index."""
        found = _ALLOWED.get((module, name))
        if found is None:
            raise pickle.UnpicklingError(f"an index has no business with {module}.{name}")
        return found


def load(file: BinaryIO) -> Any:
    """What a pickle in a file says, as data. Raises UnpicklingError for one that would do something."""
    return _Data(file).load()


def loads(data: bytes) -> Any:
    """What a pickle says, as data. Raises UnpicklingError for one that would do something."""
    return _Data(BytesIO(data)).load()


def _no_schema(data: bytes) -> NoReturn:
    raise pickle.UnpicklingError("the schema of an index comes from the code; give it when you open one")


structfile.load_pickle = load
for module in (whoosh3, columns, formats):
    module.loads = loads
index.pickle = SimpleNamespace(loads=_no_schema, dumps=pickle.dumps, PicklingError=pickle.PicklingError)
