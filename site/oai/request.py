"""OAI-PMH requests: a list of arguments to one checked request, or to the errors that the specification names.

OAI-PMH 2.0, sections 3.1, 3.3, 3.6 and 4. Arguments come as a list, so a repeated one is seen. Dates are ASCII, of one
granularity in a request, and real days; `until` a day means all of it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from panfair.builders.oai.envelope import seconds
from panfair.builders.oai.sets import SET_SPEC

ErrorCode = Literal[
    "cannotDisseminateFormat", "idDoesNotExist", "badArgument", "badVerb", "noMetadataFormats", "noRecordsMatch",
    "badResumptionToken", "noSetHierarchy",
]  # fmt: skip
"""OAI-PMH.xsd, OAI-PMHerrorcodeType."""


class OaiError(Exception):
    """One error of section 3.6: its code, and a sentence that quotes nothing of the request."""

    def __init__(self, code: ErrorCode, message: str) -> None:
        super().__init__(message)
        self.code: ErrorCode = code
        self.message = message


class BadRequest(Exception):
    """All that is wrong with the arguments of a request: badVerb, or one badArgument for each fault."""

    def __init__(self, errors: Sequence[OaiError]) -> None:
        super().__init__("; ".join(error.message for error in errors))
        self.errors = tuple(errors)


@dataclass(frozen=True, slots=True)
class Request:
    """A request whose arguments are those of its verb, each once and of the right form."""

    verb: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    """The others, as they were written."""
    since: int | None = None
    """`from` in seconds since 1970, inclusive."""
    until: int | None = None
    """`until` in seconds since 1970, inclusive."""

    @property
    def echo(self) -> dict[str, str]:
        """The attributes of <request> in an answer: all arguments, or none when one of them cannot be an attribute."""
        identifier = self.arguments.get("identifier", "")
        return {"verb": self.verb, **self.arguments} if not identifier or _URI.fullmatch(identifier) else {}


@dataclass(frozen=True, slots=True)
class _Verb:
    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    resumable: bool = False


_LIST = _Verb(frozenset({"metadataPrefix"}), frozenset({"from", "until", "set"}), resumable=True)
_VERBS = {
    "Identify": _Verb(),
    "ListMetadataFormats": _Verb(optional=frozenset({"identifier"})),
    "ListSets": _Verb(resumable=True),
    "GetRecord": _Verb(frozenset({"identifier", "metadataPrefix"})),
    "ListIdentifiers": _LIST,
    "ListRecords": _LIST,
}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SECOND = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_PREFIX = re.compile(r"[A-Za-z0-9\-_.!~*'()]+")  # OAI-PMH.xsd, metadataPrefixType
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# A narrow reading of RFC 3986, so that the echo of an identifier is an anyURI to every validator.
_PATH = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})*"
_URI = re.compile(
    rf"(?:[A-Za-z][A-Za-z0-9+.\-]*:(?!//){_PATH}|https?://[A-Za-z0-9.\-]+(?:/{_PATH})?|[A-Za-z0-9\-._~]+)"
)
_DAY_SECONDS = 86_400


def parse(arguments: Sequence[tuple[str, str]]) -> Request:
    """The request that the arguments make. Raises BadRequest with everything that is wrong with them."""
    verbs = [value for name, value in arguments if name == "verb"]
    if len(verbs) != 1 or verbs[0] not in _VERBS:
        raise BadRequest([OaiError("badVerb", f"the request needs one verb, one of {', '.join(_VERBS)}")])
    faults: list[str] = []
    values: dict[str, str] = {}
    for name, value in arguments:
        if name == "verb":
            continue
        if name in values:
            faults.append(f"the argument {name} is repeated")
        elif name in _NAMES:
            values[name] = value
        else:
            faults.append("the request has an argument that OAI-PMH does not know")
    verb = verbs[0]
    faults += _misplaced(verb, values)
    faults += [f"the argument {name} is malformed" for name in values if not _well_formed(name, values[name])]
    since, until = values.get("from"), values.get("until")
    if not faults and since is not None and until is not None:
        if len(since) != len(until):
            faults.append("from and until have different granularities")
        elif _begin(since) > _end(until):
            faults.append("from is later than until")
    if faults:
        raise BadRequest([OaiError("badArgument", fault) for fault in dict.fromkeys(faults)])
    return Request(
        verb,
        values,
        since=None if since is None else _begin(since),
        until=None if until is None else _end(until),
    )


_NAMES = frozenset({"identifier", "metadataPrefix", "from", "until", "set", "resumptionToken"})


def _misplaced(verb: str, values: Mapping[str, str]) -> list[str]:
    rules = _VERBS[verb]
    if rules.resumable and "resumptionToken" in values:
        return ["resumptionToken stands alone beside verb"] if len(values) > 1 else []
    odd = [
        f"{verb} does not take the argument {name}" for name in values if name not in rules.required | rules.optional
    ]
    return odd + [f"{verb} needs the argument {name}" for name in sorted(rules.required - values.keys())]


def _well_formed(name: str, value: str) -> bool:
    match name:
        case "from" | "until":
            return _is_moment(value)
        case "set":
            return SET_SPEC.fullmatch(value) is not None
        case "metadataPrefix":
            return _PREFIX.fullmatch(value) is not None
        case _:
            return not _UNPRINTABLE.search(value) and (name != "identifier" or value != "")


def _is_moment(text: str) -> bool:
    if not (_DAY.fullmatch(text) or _SECOND.fullmatch(text)):
        return False
    try:
        _begin(text)
    except ValueError:
        return False
    return True


def _begin(text: str) -> int:
    return seconds(datetime.fromisoformat(text))


def _end(text: str) -> int:
    return _begin(text) + (_DAY_SECONDS - 1 if len(text) == 10 else 0)
