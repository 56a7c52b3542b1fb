"""The people of a record, from the lists of names that catalogues hold: persons and not accounts where it can be told.

Comes in: what stands under `creator`, with the account that made the entry. Goes out: agents in the order of the
citation, whether the source says "et al.", and the keywords that strayed among the names. What cannot be told stays as
the source has it, and the operator is told how to name it in [source.people].
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from panfair.harvesters.reading.names import agent_of, is_account, is_initials, is_person, spellings
from panfair.harvesters.reading.organisations import is_organisation, known_name
from panfair.harvesters.reading.values import Note
from panfair.ontologies.record import Agent
from panfair.ontologies.text import clean_line, fold

_ET_AL = re.compile(r"(?i)(?:[,;\s]*\bet\.?\s+al(?:ii|\b\.?)|^\W*al\.?|^\W*(?:and\s+)?others)\s*$")
_JOINED = re.compile(r"\s+(?:and|und|et|&)\s+")
_EMAIL = re.compile(r"([\w.+-]+)@[\w.-]+")
_SIGN_ON = re.compile(r"^(?:ms-ad|oidc|ldap|ad)\.|^ext-", re.IGNORECASE)
_ACCOUNT_WITH_INITIAL = re.compile(r"([a-z]+)_([a-z])")
_LONGEST_CUT = 6  # some directories cut family names in account names at six letters


@dataclass(frozen=True)
class Names:
    """What a list of creators holds."""

    agents: tuple[Agent, ...] = ()
    more: bool = False
    keywords: tuple[str, ...] = ()


@dataclass
class Accounts:
    """What is known of computer accounts and odd names: the operator's table first, then what the harvest shows."""

    table: Mapping[str, str] = field(default_factory=dict)
    _seen: dict[str, str] = field(default_factory=dict)

    def learn(self, account: str | None, texts: Iterable[str]) -> None:
        """Remember the full name of an account's owner, when a record that the account made names one like it."""
        name = _bare_account(account)
        if not name or name in self._seen:
            return
        surname, initial = _surname_of(name)
        for text in split_names(texts):
            words = clean_line(text).strip(",; ").split(" ")
            if len(words) > 1 and _owns(surname, initial, words):
                self._seen[name] = text
                return

    def named(self, text: str) -> str | None:
        """The name that the operator gives for a text of the source, if any."""
        return next((name for said, name in self.table.items() if said.casefold() == text.casefold()), None)

    def owner(self, account: str) -> str | None:
        """The full name of an account's owner, as a record of this harvest shows it."""
        return self._seen.get(_bare_account(account))


def people(
    texts: Sequence[str], accounts: Accounts, note: Note, created_by: str | None = None, about: str = ""
) -> Names:
    """The people in a list of texts. `about` is the record's own prose: words from there at the end are keywords."""
    pieces = split_names(texts)
    more = any(_ET_AL.search(clean_line(text)) for text in texts)
    pieces, keywords = _without_keywords(pieces, about)
    account = _bare_account(created_by)
    surname = _surname_of(account)[0] if account else None
    agents: dict[str, Agent] = {}
    for piece in pieces:
        agent = _agent(piece, accounts, note, surname)
        agents.setdefault(fold(agent.name), agent)
    return Names(tuple(agents.values()), more, tuple(keywords))


def split_names(texts: Iterable[str]) -> list[str]:
    """The single names in a list of texts: one text may hold a whole list of authors.

    A list is cut at semicolons; at commas and "and" only where every piece has two words or more, so that
    `Bourbaki, Nicolas` stays one person.

    >>> split_names(["Elsa Friis, Peter R. Crane and Kaj Pedersen", "Bourbaki, Nicolas", "al."])
    ['Elsa Friis', 'Peter R. Crane', 'Kaj Pedersen', 'Bourbaki, Nicolas']
    """
    names: list[str] = []
    for text in texts:
        whole = _ET_AL.sub("", clean_line(text)).strip(",; ")
        for part in whole.split(";"):
            names.extend(_cut(part.strip(", ")))
    return [name for name in names if any(c.isalpha() for c in name)]


def _cut(text: str) -> list[str]:
    """One text between semicolons as single names."""
    if is_organisation(text) and not _has_a_person(text):
        return [text]
    pieces = [piece.strip() for piece in text.split(",")]
    pairs = len(pieces) > 2 and len(pieces) % 2 == 0
    if pairs and all(all(is_initials(word) for word in given.split()) for given in pieces[1::2]):
        # "Friis, E. M., Crane, P. R.": every second piece belongs to the one before it.
        return [f"{family}, {given}" for family, given in zip(pieces[::2], pieces[1::2], strict=True)]
    several = [name for piece in pieces for name in ([piece] if is_organisation(piece) else _JOINED.split(piece))]
    several = [re.sub(r"^(?:and|und|et|&)\s+", "", name) for name in several if name]
    if len(several) > 1 and all(_whole_name(name) for name in several):
        return several
    return [text]


def _has_a_person(text: str) -> bool:
    """Whether a list that names an organisation begins with a person: `Anna Lee, ISIS Facility`."""
    pieces = [piece.strip() for piece in text.split(",")]
    return len(pieces) > 1 and not is_organisation(pieces[0]) and is_person(pieces[0])


def _whole_name(text: str) -> bool:
    """Whether a piece can stand by itself: two words, not all of them initials, no particle that leads a surname."""
    if known_name(text):
        return True
    words = text.split(" ")
    lower_start = words[0].islower() and len(words[0]) <= 4
    return len(words) > 1 and not all(is_initials(word) for word in words) and not lower_start


def _agent(piece: str, accounts: Accounts, note: Note, surname: str | None) -> Agent:
    if named := accounts.named(piece):
        return _person(named)
    if address := _EMAIL.search(piece):
        # An e-mail address never enters a record; what stands before the @ is an account like any other.
        rest = _EMAIL.sub("", piece).strip(" <>(),;")
        piece = rest if len(rest.split(" ")) > 1 else address[1]
        if named := accounts.named(piece):
            return _person(named)
    if not is_account(piece):
        agent = agent_of(piece, surname)
        if agent.name.split(" ")[0] != clean_line(piece).split(" ")[0] and "," not in piece:
            note(f"took {piece!r} to have the family name first; if it has not, name it under [source.people]")
        return agent
    if owner := accounts.owner(piece):
        return agent_of(owner, _surname_of(_bare_account(piece))[0])
    found = _ACCOUNT_WITH_INITIAL.fullmatch(_bare_account(piece))
    if found and len(found[1]) >= 4 and len(found[1]) != _LONGEST_CUT:
        given, family = f"{found[2].upper()}.", found[1].capitalize()
        note(
            f"took the account {piece!r} for {given} {family}; "
            f'to give the full name, write {piece} = "…" under [source.people]'
        )
        return Agent(name=f"{given} {family}", given_name=given, family_name=family)
    note(f'whose account {piece!r} is cannot be told; write {piece} = "Given Family" under [source.people]')
    return Agent(name=piece, kind="account")


def _person(named: str) -> Agent:
    """The agent whom the operator, or an account, names: there is no doubt that it is somebody."""
    agent = agent_of(named)
    return agent.model_copy(update={"kind": "person"}) if agent.kind == "unknown" else agent


def _bare_account(account: str | None) -> str:
    """An account's name without the sign-on service in front of it: `oidc.ext-lane_t` is `lane_t`."""
    name = clean_line(account or "").casefold()
    while (shorter := _SIGN_ON.sub("", name)) != name:
        name = shorter
    return name


def _surname_of(account: str) -> tuple[str, str]:
    """Family name and initial in an account's name; the initial is empty where it has none."""
    family, _, initial = account.partition("_")
    return family, initial if len(initial) == 1 else ""


def _owns(surname: str, initial: str, words: list[str]) -> bool:
    """Whether a full name fits an account: it holds the family name, and another word begins with the initial."""
    for place, word in enumerate(words):
        forms = spellings(word)
        cut = len(surname) == _LONGEST_CUT and any(form.startswith(surname) for form in forms)
        if surname in forms or cut:
            others = words[:place] + words[place + 1 :]
            return not initial or any(fold(other).startswith(initial) for other in others)
    return False


def _without_keywords(names: list[str], about: str) -> tuple[list[str], list[str]]:
    """The names, and the keywords that were written behind them: at least two that no one could be called."""
    prose = re.sub(r"[\W_]+", " ", fold(about))
    start = len(names)
    while start > 1 and _may_be_keyword(names[start - 1], prose):
        start -= 1
    sure = [name for name in names[start:] if _is_keyword(name)]
    return (names[:start], names[start:]) if len(sure) >= 2 else (names, [])


def _is_keyword(text: str) -> bool:
    """Several words of which the last, or all, are in lower case."""
    words = text.split(" ")
    return len(words) > 1 and words[-1].islower()


def _may_be_keyword(text: str, prose: str) -> bool:
    single = " " not in text and not is_account(text)
    in_prose = bool(prose) and re.sub(r"[\W_]+", " ", fold(text)).strip() in prose
    return _is_keyword(text) or single or in_prose
