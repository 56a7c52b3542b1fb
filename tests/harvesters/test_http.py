"""The way to a catalogue: certificates told as what they are, a server that is starting waited for, others not."""

import ipaddress
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from panfair.harvesters import Context
from panfair.harvesters.http import RemoteOptions, open_sender
from panfair.ontologies.errors import HarvestError
from support.servers.answering import answering


def _ask(url: str, pauses: list[float] | None = None, root: Path = Path("/"), patient: bool = False, **options):
    asked = RemoteOptions(name="made-up", kind="icat", **options)
    sleep = (pauses if pauses is not None else []).append
    context = Context(root=root, contact="data@example.org")
    with open_sender(asked, url, context, sleep=sleep, patient=lambda: patient) as send:
        return send("GET", "properties", {}, None)


def _starting(times: int):
    """An application server that has no ICAT yet for the first answers."""
    asked: list[str] = []

    def answer(path, query, host):
        asked.append(path)
        return (
            (404, b"<html>Not Found</html>", "text/html") if len(asked) <= times else (200, b"{}", "application/json")
        )

    return asked, answering(answer)


def test_a_server_that_is_starting_is_waited_for_where_a_checkpoint_would_be_lost():
    pauses: list[float] = []
    asked, server = _starting(9)
    with server as url:
        assert _ask(url, pauses, patient=True) == (200, b"{}")
    assert len(asked) == 10 and pauses == sorted(pauses) and sum(pauses) < 600


def test_it_is_not_waited_for_longer_than_retry_minutes_nor_where_there_is_nothing_to_lose():
    pauses: list[float] = []
    asked, server = _starting(1000)
    with server as url:
        with pytest.raises(HarvestError, match=r"failed .* times .answered 404."):
            _ask(url, pauses, patient=True, retry_minutes=1)
        assert 30 < sum(pauses) <= 60
        asked.clear()
        assert _ask(url)[0] == 404 and len(asked) == 1


def _certificates(folder: Path) -> tuple[Path, Path]:
    """A facility's own authority, and a server's key and certificate for 127.0.0.1 that it signed."""
    now = datetime.now(UTC)
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    names = [x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, one)]) for one in ("Made-up CA", "made-up")]
    signed = []
    for number, key in enumerate(keys):
        builder = (
            x509.CertificateBuilder()
            .subject_name(names[number])
            .issuer_name(names[0])
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=number == 0, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(keys[0].public_key()), critical=False)
        )
        if number:
            address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
            builder = builder.add_extension(x509.SubjectAlternativeName([address]), critical=False)
        signed.append(builder.sign(keys[0], hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    private = keys[1].private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    authority, server = folder / "ca.pem", folder / "server.pem"
    authority.write_bytes(signed[0])
    server.write_bytes(private + signed[1])
    return authority, server


@contextmanager
def _secure(certificate: Path) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *arguments: None
    told = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    told.load_cert_chain(certificate)
    server.socket = told.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def test_a_certificate_of_the_facilitys_own_authority_is_refused_with_the_reason_and_trusted_by_ca_file(tmp_path):
    authority, server = _certificates(tmp_path)
    pauses: list[float] = []
    with _secure(server) as url:
        with pytest.raises(HarvestError, match=r"not to be trusted \(.*certificate.*ca_file"):
            _ask(url, pauses)
        assert pauses == []
        assert _ask(url, root=tmp_path, ca_file=authority.name) == (200, b"{}")


@pytest.mark.parametrize(("content", "why"), [(None, "No such file"), ("no certificate", "PEM")])
def test_a_ca_file_that_cannot_be_used_is_told(tmp_path, content, why):
    if content:
        (tmp_path / "ca.pem").write_text(content)
    with pytest.raises(HarvestError, match=f"ca_file ca.pem: .*{why}"):
        _ask("https://127.0.0.1:9", root=tmp_path, ca_file="ca.pem")
