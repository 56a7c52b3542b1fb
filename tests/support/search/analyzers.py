"""Our words as Whoosh's analysers give them: what its own writer would make of a text, to hold the postings against."""

from collections.abc import Iterator
from typing import Any

from whoosh.analysis import Analyzer, Token
from whoosh.fields import TEXT, Schema

from panfair.builders.search.documents.fields import NAME_FIELDS, TEXT_FIELDS
from panfair.builders.search.documents.words import STEM_MARK, words


class TextAnalyzer(Analyzer):
    """For running text: words and the stems that differ from them."""

    stems = True

    def __call__(self, value: str, **kwargs: Any) -> Iterator[Token]:
        token = Token(positions=True, chars=False, removestops=True, mode=str(kwargs.get("mode", "")))
        token.boost = 1.0
        token.stopped = False
        for word in words(value):
            token.pos = word.position
            token.text = token.original = word.text
            yield token
            if self.stems and word.stem is not None and word.stem != word.text:
                token.text = STEM_MARK + word.stem
                yield token


class NameAnalyzer(TextAnalyzer):
    """For names of people, places, samples and instruments: words only, never stemmed."""

    stems = False


def analysing_schema() -> Schema:
    """The fields of the index with analysers, as Whoosh's `add_document` needs them."""
    fields = {name: TEXT(analyzer=TextAnalyzer(), phrase=True) for name in TEXT_FIELDS}
    return Schema(**fields, **{name: TEXT(analyzer=NameAnalyzer(), phrase=True) for name in NAME_FIELDS})
