"""The tantivy engine: sets as sums of bits, the best by tantivy's own BM25 with our weights of fields.

A set comes in one number for 48 documents (its writer in builders says how), whatever its size; it is whole and
exact. The best of a set are found by asking tantivy for its best hits, more and more of them, until enough of them
are in the set: filters and ranges, which are ours, need not be known to it.
"""

import re
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import tantivy
from whoosh.support.levenshtein import distance

from panfair.builders.search.documents.fields import TEXT_FIELDS
from panfair.builders.search.documents.scoring import NAMED_BY_DOI, WEIGHTS
from panfair.builders.search.documents.words import STEM_MARK, other_forms, words
from panfair.builders.search.index.columns import read_columns
from panfair.builders.search.index.tantivy import BLOCK, COLUMNS, by_serial, open_index, read_serials
from panfair.builders.search.language.tree import And, DoiIs, Node, Phrase, Prefix, Word
from panfair.site.search.columns import Mask, Numbers, Table
from panfair.site.search.index import MOST_EXPANSIONS, Leaf, Scores, best_first, fields_of, scoring_leaves, too_many

_CACHED_SETS = 64
_KEPT_RANKS = 16
_FIRST_HITS = 400
_MOST_BLOCKS = 65_000  # buckets in one answer of tantivy's: three million documents
_LONGEST_REGEX = 200  # characters of a DOI's beginning
_MOST_NEAR = 50_000  # words that are compared with a misspelt one

_Must, _Should = tantivy.Occur.Must, tantivy.Occur.Should


class TantivyIndex:
    """An index as it stood when it was opened; usable from many threads."""

    def __init__(self, folder: Path) -> None:
        self._schema, self._searcher = _opened(folder)
        self._lock = threading.Lock()
        self._sets: OrderedDict[Leaf, tuple[Mask, str]] = OrderedDict()
        self._ranked: OrderedDict[Node, tuple[Numbers, Scores, bool]] = OrderedDict()
        columns, serials = read_columns(folder / COLUMNS), read_serials(folder)
        found = by_serial(self._searcher)
        if [serial for serial, _ in found] != serials.tolist() or self._searcher.num_docs != len(columns):
            raise ValueError("the columns do not belong to the index")
        self._addresses = [address for _, address in found]
        self._rows: dict[int, Numbers] = {}
        places = np.array([(one.segment_ord, one.doc) for one in self._addresses], dtype=np.int64).reshape(-1, 2)
        for segment in np.unique(places[:, 0]).tolist():
            here = np.flatnonzero(places[:, 0] == segment)
            self._rows[segment] = np.full(int(places[here, 1].max()) + 1, -1, dtype=np.int64)
            self._rows[segment][places[here, 1]] = here
        self._serials = serials
        self._blocks = int(serials[-1]) // BLOCK + 1 if len(serials) else 0
        self.table = Table(columns, np.ones(len(columns), dtype=np.bool_))

    def warm(self) -> None:
        for leaf in (Word("data"), Phrase("x ray", ("abstract",))):
            self.having(leaf, {})

    def close(self) -> None:
        """Nothing is to be freed: the library lets go of its files by itself."""

    def stored(self, row: int) -> dict[str, Any]:
        stored: dict[str, Any] = orjson.loads(bytes(self._searcher.doc(self._addresses[row])["stored"][0]))
        return stored

    def having(self, leaf: Leaf, notes: dict[str, None]) -> Mask:
        with self._lock:
            known = self._sets.get(leaf)
            if known is not None:
                self._sets.move_to_end(leaf)
        if known is None:
            terms: dict[str, None] = {}
            known = self._set_of(self._query(leaf, terms)), "".join(terms)
            with self._lock:
                self._sets[leaf] = known
                while len(self._sets) > _CACHED_SETS:
                    self._sets.popitem(last=False)
        if known[1]:
            notes[known[1]] = None
        return known[0]

    def best(self, node: Node, mask: Mask, most: int) -> list[tuple[int, float]]:
        wanted = min(most, int(np.count_nonzero(mask)))
        query = self._scoring(node)
        if query is None or not wanted:
            return best_first(self.table, np.flatnonzero(mask), np.zeros(len(self.table)), wanted)
        limit = max(_FIRST_HITS, 2 * wanted)
        while True:
            rows, scores, whole = self._hits(node, query, limit)
            inside = mask[rows]
            # Of hits as good as the last one some may not have been handed out: they are not in order yet.
            sure = inside & (scores > scores[-1]) if len(rows) else inside
            if whole or np.count_nonzero(sure) >= wanted:
                dense = np.zeros(len(self.table), dtype=np.float64)
                dense[rows] = scores
                return best_first(self.table, np.flatnonzero(mask) if whole else rows[sure], dense, wanted)
            # Enough are in the set, but as good as the last: all as good as they must be seen. Else look further.
            limit = len(self.table) + 1 if np.count_nonzero(inside) >= wanted else limit * 8

    def _hits(self, node: Node, query: tantivy.Query, limit: int) -> tuple[Numbers, Scores, bool]:
        """The best hits of a query, whatever set they are in, with their scores, and whether these are all.

        Long lists and phrases of common words are dear, so the last few are kept: the next page asks for them again.
        """
        with self._lock:
            known = self._ranked.get(node)
            if known is not None and (len(known[0]) >= limit or known[2]):
                self._ranked.move_to_end(node)
                return known
        hits = self._searcher.search(query, limit=limit, count=False).hits
        scores = np.array([score for score, _ in hits], dtype=np.float64)
        rows = np.array([self._rows[one.segment_ord][one.doc] for _, one in hits], dtype=np.int64)
        with self._lock:
            self._ranked[node] = rows, scores, len(hits) < limit
            while len(self._ranked) > _KEPT_RANKS:
                self._ranked.popitem(last=False)
        return rows, scores, len(hits) < limit

    def beginning(self, text: str, fields: Sequence[str], most: int) -> list[tuple[str, int]]:
        found: dict[str, int] = {}
        for field in fields:
            for term, count in self._expanded(field, text)[:MOST_EXPANSIONS]:
                found[term] = found.get(term, 0) + count
        return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:most]

    def nearest(self, text: str, fields: Sequence[str], slips: int) -> str | None:
        found: dict[str, int] = {}
        for field in fields:
            for near, count in self._searcher.terms_with_prefix(field, text[0])[:_MOST_NEAR]:
                if abs(len(near) - len(text)) <= slips and len(set(near) ^ set(text)) <= 2 * slips:
                    found[near] = found.get(near, 0) + count
        close = {near: away for near in found if (away := distance(text, near)) <= slips}
        return min(close, key=lambda near: (close[near], -found[near], near)) if close else None

    def _set_of(self, query: tantivy.Query | None) -> Mask:
        """The documents that match, from one sum of bits for each block of them."""
        if query is None:
            return self.table.none()
        aggregation = {
            "b": {"terms": {"field": "block", "size": _MOST_BLOCKS}, "aggs": {"s": {"sum": {"field": "bit"}}}}
        }
        buckets = self._searcher.aggregate(query, aggregation)["b"]["buckets"]
        blocks = np.fromiter((one["key"] for one in buckets), dtype=np.int64, count=len(buckets))
        sums = np.fromiter((one["s"]["value"] for one in buckets), dtype=np.float64, count=len(buckets))
        bits = np.zeros((self._blocks, BLOCK), dtype=np.bool_)
        bits[blocks] = (sums.astype(np.uint64)[:, None] >> np.arange(BLOCK, dtype=np.uint64)) & np.uint64(1)
        found: Mask = bits.reshape(-1)[self._serials]
        return found

    def _query(self, leaf: Leaf, notes: dict[str, None]) -> tantivy.Query | None:
        """What a word, a phrase or a beginning asks tantivy for; None where it can find nothing."""
        parts = list(self._parts(leaf, fields_of(leaf), notes))
        return tantivy.Query.boolean_query([(_Should, part) for part in parts]) if parts else None

    def _parts(self, leaf: Leaf, fields: Sequence[str], notes: dict[str, None]) -> Iterator[tantivy.Query]:
        found = list(words(leaf.text))
        plain = [word.text for word in found if not word.whole]
        others = other_forms(found) if isinstance(leaf, Word) else []
        for field in fields:
            if isinstance(leaf, Prefix):
                terms = self._expanded(field, leaf.text)
                if len(terms) > MOST_EXPANSIONS:
                    notes[too_many(leaf.text)] = None
                yield from (self._term(field, term) for term, _ in terms[:MOST_EXPANSIONS])
                continue
            yield from (self._term(field, other) for other in others)
            if len(plain) > 1:
                yield self._boosted(field, tantivy.Query.phrase_query(self._schema, field, list(plain)))
            elif isinstance(leaf, Word) and len(plain) == 1 and found[0].stem is not None and field in TEXT_FIELDS:
                variants = (found[0].text, STEM_MARK + found[0].stem, found[0].stem)
                yield from (self._term(field, variant) for variant in dict.fromkeys(variants))
            elif plain:
                yield self._term(field, plain[0])

    def _expanded(self, field: str, text: str) -> list[tuple[str, int]]:
        """The words of a field that begin so and how often, one more than are used where there are more."""
        return sorted(self._searcher.terms_with_prefix(field, text))[: MOST_EXPANSIONS + 1]

    def _term(self, field: str, term: str) -> tantivy.Query:
        return self._boosted(field, tantivy.Query.term_query(self._schema, field, term, "freq"))

    @staticmethod
    def _boosted(field: str, query: tantivy.Query) -> tantivy.Query:
        return tantivy.Query.boost_query(query, WEIGHTS[field])

    def _scoring(self, node: Node) -> tantivy.Query | None:
        """A query whose score is the sum over all that is wanted; it may find more than the tree does, never less
        of what has a score."""
        must = {id(one) for one in (node.nodes if isinstance(node, And) else (node,))}
        parts = []
        for leaf in scoring_leaves(node):
            if isinstance(leaf, DoiIs):
                query: tantivy.Query | None = tantivy.Query.const_score_query(self._named(leaf), NAMED_BY_DOI)
            else:
                query = self._query(leaf, {})
            if query is not None:
                parts.append((_Must if id(leaf) in must else _Should, query))
        return tantivy.Query.boolean_query(parts) if parts else None

    def _named(self, leaf: DoiIs) -> tantivy.Query:
        if leaf.prefix:
            # A long expression is refused: a thousand states are all that there may be, about one for each byte. What
            # it finds too much is no harm: the columns tell which documents are meant, this only scores them.
            return tantivy.Query.regex_query(self._schema, "owner", re.escape(leaf.key[:_LONGEST_REGEX]) + ".*")
        return tantivy.Query.term_query(self._schema, "owner", leaf.key, "basic")


def _opened(folder: Path) -> tuple[tantivy.Schema, tantivy.Searcher]:
    """A reader of the index, through links in a folder of its own: tantivy locks a folder by a file that it writes
    there, and what is published is not ours to write to. The files stay open when the links are gone; a lock that the
    library writes while they are taken away may leave the folder behind, which is no reason not to answer."""
    with tempfile.TemporaryDirectory(prefix="panfair-search-", ignore_cleanup_errors=True) as place:
        for path in folder.resolve().iterdir():
            if path.is_file() and path.suffix != ".lock":
                Path(place, path.name).symlink_to(path)
        index = open_index(Path(place))
        index.config_reader("manual", 0)
        return index.schema, index.searcher()
