"""One record as the OAI-PMH store keeps it: what stands in its header, and a payload that can stand in an answer.

OAI-PMH 2.0, section 2.5.
"""

from collections.abc import Iterable
from xml.parsers import expat

from panfair.builders.oai.envelope import OAI, identifier_of, stamp
from panfair.builders.oai.pieces import Piece, followed, piece, text_of
from panfair.ontologies.errors import RecordError

_LIVE, _DELETED = b"<record><header>", b'<record><header status="deleted">'
_TO_PAYLOAD, _FROM_PAYLOAD, _NO_PAYLOAD = b"</header><metadata>", b"</metadata></record>", b"</header></record>"


def header_of(host: str, key: str, moment: int, specs: Iterable[str]) -> bytes:
    """What stands inside <header>: identifier, datestamp, setSpecs (specification, section 2.5)."""
    # Neither holds a character that XML minds but for the ampersand of an identifier.
    identifier = identifier_of(host, key).replace("&", "&amp;")
    lead = f"<identifier>{identifier}</identifier><datestamp>{stamp(moment)}</datestamp>"
    return (lead + "".join(f"<setSpec>{spec}</setSpec>" for spec in specs)).encode()


class Payload(bytes):
    """What can stand inside <metadata>: only `checked` makes one, perhaps in another process."""


def checked(key: str, prefix: str, payload: bytes) -> Payload:
    """The payload, when it can stand inside <metadata> and leave the page whole; RecordError when not.

    One element, well-formed, every name in a namespace (the page's own would be taken for none), no declarations.
    """
    if isinstance(payload, Payload):
        return payload
    parser = expat.ParserCreate("UTF-8", " ")
    faults: list[str] = []

    def begin(name: str, attributes: dict[str, str]) -> None:
        namespace, blank, _ = name.partition(" ")
        if not blank or namespace == OAI:
            faults.append("has an element without a namespace of its own")

    parser.StartElementHandler = begin
    parser.XmlDeclHandler = lambda *_: faults.append("begins with an XML declaration")
    parser.StartDoctypeDeclHandler = lambda *_: faults.append("has a document type declaration")
    try:
        parser.Parse(payload, True)
    except expat.ExpatError as error:
        faults.append(f"is not well-formed XML ({error})")
    if faults:
        raise RecordError(f"{key}: its {prefix} form {faults[0]}; the record is not listed")
    return Payload(payload)


def header_element(header: bytes, deleted: bool) -> bytes:
    """A whole <header>, as lists of identifiers have it."""
    return (b'<header status="deleted">' if deleted else b"<header>") + header + b"</header>"


class Tail(Piece):
    """A payload with all that follows it in its <record>: made once, by whoever renders, perhaps in another process."""


def tail_of(payload: Payload) -> Tail:
    """What a record in the store ends with."""
    made = piece(payload + _FROM_PAYLOAD)
    return Tail(made.packed, made.size, made.after)


def record_of(header: bytes, tail: Piece) -> Piece:
    """A whole <record>."""
    head = piece(_LIVE + header + _TO_PAYLOAD)
    return Piece(head.packed + tail.packed, head.size + tail.size, followed(head.after, tail))


def deleted_record_of(header: bytes) -> Piece:
    """The <record> of what was withdrawn."""
    return piece(_DELETED + header + _NO_PAYLOAD)


def tail_in(record: Piece) -> Tail:
    """The tail of a whole <record> that has a payload."""
    return tail_of(payload_in(record))


def payload_in(record: Piece) -> Payload:
    """The payload of a whole <record> that has one."""
    return Payload(text_of(record).partition(_TO_PAYLOAD)[2].removesuffix(_FROM_PAYLOAD))
