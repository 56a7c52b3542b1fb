"""Classification of an OWL EL ontology: which class is narrower than which, by definition and not only by assertion.

Completion rules of the description logic EL with role hierarchy, domains, ranges and disjointness (Baader, Brandt,
Lutz, "Pushing the EL envelope", IJCAI 2005). Axioms are first brought into four normal forms over names, then the
rules run until nothing new follows. Sound and complete for `A ⊑ B`, `A ⊓ B ⊑ C`, `A ⊑ ∃r.B`, `∃r.A ⊑ B`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

NOTHING = "owl:Nothing"
THING = "owl:Thing"


@dataclass(frozen=True, slots=True)
class Some:
    """`∃role.filler`: all that has the role to some filler."""

    role: str
    filler: "Expression"


@dataclass(frozen=True, slots=True)
class And:
    """The intersection of all parts."""

    parts: tuple["Expression", ...]


Expression = str | Some | And


@dataclass
class Axioms:
    """What an ontology asserts, with classes and roles as names (IRIs)."""

    subclasses: list[tuple[Expression, Expression]] = field(default_factory=list)
    """Pairs (narrower, broader)."""
    equivalents: list[tuple[Expression, Expression]] = field(default_factory=list)
    """Pairs that hold the same."""
    roles: list[tuple[str, str]] = field(default_factory=list)
    """Pairs (narrower role, broader role)."""
    domains: list[tuple[str, str]] = field(default_factory=list)
    ranges: list[tuple[str, str]] = field(default_factory=list)

    def equivalent(self, one: Expression, other: Expression) -> None:
        """Assert that both hold the same."""
        self.equivalents.append((one, other))

    def disjoint(self, one: Expression, other: Expression) -> None:
        """Assert that nothing is both."""
        self.subclasses.append((And((one, other)), NOTHING))


def classify(axioms: Axioms) -> dict[str, frozenset[str]]:
    """For every named class, all named classes that it is narrower than or equal to, itself and `THING` left out.

    A class that can have no member is narrower than `NOTHING`.
    """
    return _Completion(axioms).run()


def asserted_cycle(links: Mapping[str, Iterable[str]]) -> list[str]:
    """The names on one cycle of a graph of links, in order, or an empty list when there is none."""
    done: set[str] = set()
    for start in sorted(links):
        path: list[str] = []
        stack = [(start, iter(sorted(links.get(start, ()))))] if start not in done else []
        while stack:
            name, rest = stack[-1]
            if len(path) < len(stack):
                path.append(name)
            following = next(rest, None)
            if following is None:
                done.add(name)
                stack.pop()
                path.pop()
            elif following in path:
                return path[path.index(following) :]
            elif following not in done:
                stack.append((following, iter(sorted(links.get(following, ())))))
    return []


def reduced(above: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    """The direct links of a transitive relation without cycles: those that no third name stands between."""
    closed = {name: set(names) for name, names in above.items()}
    return {
        name: frozenset(
            one for one in names if not any(one in closed.get(other, ()) for other in names if other != one)
        )
        for name, names in closed.items()
    }


class _Completion:
    """One run: the normal forms, and the sets that grow until the rules add nothing."""

    def __init__(self, axioms: Axioms) -> None:
        self.named: set[str] = set()
        self.plain: dict[str, set[str]] = defaultdict(set)  # A ⊑ B
        self.both: dict[str, list[tuple[str, str]]] = defaultdict(list)  # A ⊓ B ⊑ C, by A and by B
        self.exists: dict[str, set[tuple[str, str]]] = defaultdict(set)  # A ⊑ ∃r.B
        self.gives: dict[tuple[str, str], set[str]] = defaultdict(set)  # ∃r.A ⊑ B
        self.roles = _closure(axioms.roles)
        self.ranges = axioms.ranges
        self.domains = axioms.domains
        self.names: dict[tuple[str, Expression], str] = {}
        both_ways = [(other, one) for one, other in axioms.equivalents]
        for narrower, broader in (*axioms.subclasses, *axioms.equivalents, *both_ways):
            self._note_names(narrower)
            self._note_names(broader)
            self.plain[self._below(narrower)].add(self._above(broader))
        for role, name in axioms.domains:
            self.named.add(name)
            self.gives[role, THING].add(name)

    def run(self) -> dict[str, frozenset[str]]:
        above: dict[str, set[str]] = {}
        held: dict[str, set[tuple[str, str]]] = defaultdict(set)  # B → (r, A) with A ⊑ ∃r.B
        links: dict[str, set[tuple[str, str]]] = defaultdict(set)  # A → (r, B)
        work: list[tuple[str, str]] = []

        def add(name: str, more: str) -> None:
            known = above.get(name)
            if known is None:
                above[name] = known = {name, THING}
                work.extend([(name, name), (name, THING)])
            if more not in known:
                known.add(more)
                work.append((name, more))

        def link(name: str, role: str, filler: str) -> None:
            for each in self.roles.get(role, {role}):
                if (each, filler) not in links[name]:
                    links[name].add((each, filler))
                    held[filler].add((each, name))
                    for other in list(above[filler]):
                        for result in self.gives.get((each, other), ()):
                            add(name, result)
                        if other == NOTHING:
                            add(name, NOTHING)

        for name in sorted({*self.named, *self.plain, *self.exists}):
            add(name, name)
        while work:
            name, broader = work.pop()
            for more in self.plain.get(broader, ()):
                add(name, more)
            for other, result in self.both.get(broader, ()):
                if other in above[name]:
                    add(name, result)
            for role, filler in sorted(self.exists.get(broader, ())):
                add(filler, filler)
                link(name, role, filler)
            for role, holder in list(held.get(name, ())):
                for result in self.gives.get((role, broader), ()):
                    add(holder, result)
                if broader == NOTHING:
                    add(holder, NOTHING)
        kept = self.named | {NOTHING}
        return {name: frozenset((above[name] & kept) - {name, THING}) for name in self.named if name in above}

    def _note_names(self, expression: Expression) -> None:
        if isinstance(expression, str):
            self.named.update({expression} - {THING, NOTHING})
        elif isinstance(expression, And):
            for part in expression.parts:
                self._note_names(part)
        else:
            self._note_names(expression.filler)

    def _below(self, expression: Expression) -> str:
        """A name that the expression is narrower than: for the left side of an axiom."""
        if isinstance(expression, str):
            return expression
        key = ("below", expression)
        if key in self.names:
            return self.names[key]
        name = self.names[key] = f"_:below{len(self.names)}"
        if isinstance(expression, Some):
            self.gives[expression.role, self._below(expression.filler)].add(name)
            return name
        parts = [self._below(part) for part in expression.parts] or [THING]
        left = parts[0]
        for position, right in enumerate(parts[1:], 2):
            result = name if position == len(parts) else f"{name}.{position}"
            self.both[left].append((right, result))
            self.both[right].append((left, result))
            left = result
        if len(parts) == 1:
            self.plain[left].add(name)
        return name

    def _above(self, expression: Expression) -> str:
        """A name that is narrower than the expression: for the right side of an axiom."""
        if isinstance(expression, str):
            return expression
        key = ("above", expression)
        if key in self.names:
            return self.names[key]
        name = self.names[key] = f"_:above{len(self.names)}"
        if isinstance(expression, And):
            self.plain[name].update(self._above(part) for part in expression.parts)
            return name
        # A range holds for every filler: the filler gets a name of its own that is narrower than the range too.
        filler = f"{name}.filler"
        self.plain[filler].add(self._above(expression.filler))
        wider = self.roles.get(expression.role, {expression.role})
        self.plain[filler].update(range_ for role, range_ in self.ranges if role in wider)
        self.exists[name].add((expression.role, filler))
        return name


def _closure(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    wider: dict[str, set[str]] = defaultdict(set)
    for narrow, wide in pairs:
        wider[narrow].update({narrow, wide})
        wider[wide].add(wide)
    changed = True
    while changed:
        changed = False
        for names in wider.values():
            more = set().union(*(wider[name] for name in names)) - names
            if more:
                names |= more
                changed = True
    return dict(wider)
