"""Words side by side, read as a question: those that carry it drop out, and of the others most must be had.

Up to four words that carry no question are keywords: all must be had, as long as anything has all. Operators, fields,
quoted words and ranges mean what they say.
"""

import tomllib
from importlib import resources

from panfair.builders.search.language.tree import And, Most, Node, Not, Word

STOP_WORDS = frozenset(
    {"a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "in", "is", "it", "its", "of", "on", "or"}
    | {"that", "the", "this", "to", "was", "were", "with"}
)
CARRIERS = frozenset(
    word
    for words in tomllib.loads(resources.files(__package__).joinpath("carriers.toml").read_text("utf-8")).values()
    for word in words.split()
)
"""Words that carry a question, of all languages of the pages, in lower case."""
CARRIED_FROM = 3
"""Of so many words beside each other those that carry a question drop out."""
MOST_KEYWORDS = 4
"""So many words at most, none of which carries a question, are keywords: all are asked for, where anything has all."""


def all_of(nodes: list[Node]) -> Node | None:
    """What has all of these; None when there is none."""
    if not nodes:
        return None
    return nodes[0] if len(nodes) == 1 else And(tuple(nodes))


def without_stop_words(nodes: list[Node]) -> list[Node]:
    """The terms of a run without `the` and `of`, as long as something else is asked for beside them."""
    searchable = [
        node for node in nodes if not (isinstance(node, Word) and not node.fields and node.text.lower() in STOP_WORDS)
    ]
    return searchable if any(not isinstance(node, Not) for node in searchable) else nodes


def loosened(nodes: list[Node]) -> list[Node]:
    """The terms of a run with its plain words as one, without what only carries a question."""
    plain = [node for node in nodes if isinstance(node, Word) and not node.fields]
    telling = plain
    if len(plain) >= CARRIED_FROM:
        telling = [node for node in plain if node.text.lower() not in CARRIERS] or plain
    if not telling:
        return nodes
    some = tuple(dict.fromkeys(telling))
    keywords = len(telling) == len(plain) <= MOST_KEYWORDS
    joined = Most(some, keywords) if len(some) > 1 else some[0]
    return [joined if node is telling[0] else node for node in nodes if node is telling[0] or node not in plain]
