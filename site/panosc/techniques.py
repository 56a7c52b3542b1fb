"""Techniques by PaNET: who asks for one means all narrower ones too, by whichever of their names.

As the PaN ontologies API does it (ExPaNDS-eu/pan-ontologies-api): the terms that a condition holds for, by label, other
label or identifier, and all below them. A negation leaves out all of these.
"""

from collections.abc import Callable
from functools import lru_cache

from panfair.ontologies import panet
from panfair.ontologies.panet import Term, label_key
from panfair.site.panosc.filter import Value
from panfair.site.panosc.text_match import matcher

EXPANDED = frozenset({"eq", "inq", "like", "ilike", "regexp", "text"})


def terms_meant(name: str, operator: str, value: Value | tuple[Value, ...]) -> tuple[str, ...]:
    """The IRIs of the terms that a condition on `name`, `pid` or `panetId` means, narrower ones among them.

    >>> "http://purl.org/pan-science/PaNET/PaNET01188" in terms_meant("name", "eq", "x-ray scattering")
    True
    """
    return _meant(panet.load().digest, name, operator, value)


@lru_cache(maxsize=256)
def _meant(digest: str, name: str, operator: str, value: Value | tuple[Value, ...]) -> tuple[str, ...]:
    table = panet.load()
    found: dict[str, None] = {}
    for term in _named(name, operator, value):
        for one in (term, *table.descendants(term.iri)):
            found.update(dict.fromkeys((one.iri, *one.equals)))
    return tuple(sorted(found))


def _named(name: str, operator: str, value: Value | tuple[Value, ...]) -> list[Term]:
    """The terms that the condition itself holds for."""
    table = panet.load()
    if operator in ("eq", "inq"):
        said = [one for one in (value if isinstance(value, tuple) else (value,)) if isinstance(one, str)]
        if name == "name":
            return [term for one in said if label_key(one) for term in table.labelled(one)]
        return [term for one in said if (term := table.term(one))]
    if not isinstance(value, str):
        return []
    holds: Callable[[str], bool] = matcher(operator, value)
    texts = _labels if name == "name" else _identifiers
    return [term for term in table.terms.values() if any(holds(text) for text in texts(term))]


def _labels(term: Term) -> tuple[str, ...]:
    return (term.label, *term.alt_labels)


def _identifiers(term: Term) -> tuple[str, ...]:
    return (term.iri,)
