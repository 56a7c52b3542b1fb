"""What the OAI-PMH tests share: made-up stores, a provider, one way to ask it, and the standard's own schemas."""

import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lxml import etree

from panfair.builders.metadata.format import OaiPrefix
from panfair.builders.oai.store import OaiSet, StoreWriter
from panfair.builders.oai.volumes import folder_of
from panfair.site.oai.provider import OaiProvider

HOST = "data.example.org"
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
DAWN = datetime(2024, 1, 1, tzinfo=UTC)
OAI = "{http://www.openarchives.org/OAI/2.0/}"
ALL = OaiSet("openaire_data", "OpenAIRE", "Everything & more.")
EVEN = OaiSet("parity:even", "Even <numbers>")
ODD = OaiSet("parity:odd", "Odd numbers")

DC = OaiPrefix(
    "oai_dc",
    "http://www.openarchives.org/OAI/2.0/oai_dc/",
    "http://www.openarchives.org/OAI/2.0/oai_dc.xsd",
    lambda released, portal: payload(released.publication.title),
)
OTHER = OaiPrefix("made_up", "https://example.org/ns/", "https://example.org/ns.xsd", lambda released, portal: other())


def payload(title: str) -> bytes:
    """A small oai_dc element."""
    dc = etree.Element(
        f"{{{DC.namespace}}}dc", nsmap={"oai_dc": DC.namespace, "dc": "http://purl.org/dc/elements/1.1/"}
    )
    etree.SubElement(dc, "{http://purl.org/dc/elements/1.1/}title").text = title
    return etree.tostring(dc, encoding="UTF-8", xml_declaration=False)


def other() -> bytes:
    return b'<thing xmlns="https://example.org/ns/"/>'


def when(number: int) -> datetime:
    """Three records share each second, so a page often ends between equal datestamps."""
    return DAWN + timedelta(seconds=number // 3)


def a_store(path: Path, count: int = 25, deleted: tuple[int, ...] = (3, 4)) -> Path:
    """Records 10.99999/0 to count - 1, some withdrawn on 2025-01-01; every fifth also in the made-up format."""
    with StoreWriter(path, HOST, [DC, OTHER]) as writer:
        for number in range(count):
            payloads = {"oai_dc": payload(f"Title {number} & more")}
            if number % 5 == 0:
                payloads["made_up"] = other()
            writer.put(f"10.99999/{number}", when(number), [ALL, ODD if number % 2 else EVEN], payloads)
        for number in deleted:
            writer.delete(f"10.99999/{number}", datetime(2025, 1, 1, tzinfo=UTC))
    return path


def put_in_place(new: Path, store: Path) -> None:
    """Puts one store in the place of another as a publication does: first the volumes, at last what names them."""
    theirs, ours = folder_of(new), folder_of(store)
    there = set(ours.iterdir())
    for path in list(theirs.iterdir()):
        there.discard(path.replace(ours / path.name))
    new.replace(store)
    for path in there:
        path.unlink()


def all_bytes(store: Path) -> bytes:
    """Every byte of a store, those in its volumes as they are and as they read."""
    found = [store.read_bytes()]
    for path in folder_of(store).glob("*"):
        found += [path.read_bytes(), zlib.decompressobj(-15).decompress(path.read_bytes())]
    return b"".join(found)


def a_provider(store: Path, page_size: int = 10, secret: bytes = b"s" * 32) -> OaiProvider:
    return OaiProvider(
        store,
        base_url=f"https://{HOST}",
        repository_name="Made-up & small",
        admin_email="data@example.org",
        secret=secret,
        page_size=page_size,
    )


def ask(provider: OaiProvider, verb: str, **arguments: str) -> etree._Element:
    """The root of an answer; `from` is written `from_`."""
    pairs = [("verb", verb), *((name.rstrip("_"), value) for name, value in arguments.items())]
    return etree.fromstring(provider.answer(pairs, NOW))


def errors_of(root: etree._Element) -> list[str]:
    return [error.get("code") for error in root.findall(f"{OAI}error")]


def identifier(number: int) -> str:
    return f"oai:{HOST}:10.99999/{number}"


def token_of(root: etree._Element) -> etree._Element | None:
    return root.find(f".//{OAI}resumptionToken")


def harvest(
    provider: OaiProvider, verb: str = "ListRecords", between: Callable[[], None] = lambda: None, **arguments: str
) -> list[etree._Element]:
    """All headers of a list, page by page; `between` is called after every page but the last."""
    root = ask(provider, verb, **{"metadataPrefix": "oai_dc", **arguments})
    headers = list(root.iter(f"{OAI}header"))
    token = token_of(root)
    while token is not None and token.text:
        between()
        root = ask(provider, verb, resumptionToken=token.text)
        assert not errors_of(root), etree.tostring(root)
        headers += root.iter(f"{OAI}header")
        token = token_of(root)
    return headers


def told(headers: list[etree._Element]) -> list[str]:
    return [header.findtext(f"{OAI}identifier") for header in headers]


def schemas(shared: Path) -> tuple[etree.XMLSchema, etree.XMLSchema]:
    """The schemas of OAI-PMH and of oai_dc."""
    folder = shared / "data" / "schemas"
    return (
        etree.XMLSchema(etree.parse(folder / "OAI-PMH.xsd")),
        etree.XMLSchema(etree.parse(folder / "oai_dc.xsd")),
    )
