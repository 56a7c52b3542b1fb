"""Benchmark of the OAI-PMH endpoint against nginx serving the same bytes as files. Run it by hand; it is no test.

    python tests/bench/bench_oai.py [--records 100000] [--rounds 3] [--nginx /usr/sbin/nginx]

It makes up records of 2 KB, writes a store, serves it by `panfair serve`, and asks both servers over one kept
connection: a whole harvest (records/s, the server's CPU seconds), the first page against the page at 99 %, GetRecord.

It also changes one record of the store, and tells what a run then writes, copies and hashes.

Four clients ask, because a ratio is as much theirs as the servers'. `parsing` is what the common libraries do: a
connection for each request, and lxml. `raw` keeps one connection and picks the token, identifiers and datestamps out
of the bytes, the least that a harvester can do; `zipped` is the same by gzip. `thin` reads from the socket into one
buffer and looks at the token only; what is left are the servers, and there nginx does nothing but let the kernel copy
files.
"""

import argparse
import gzip
import hashlib
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median, quantiles

from lxml import etree

from panfair.builders.oai.envelope import identifier_of
from panfair.builders.oai.store import OaiSet, StoreWriter

HOST = "data.example.org"
_HEADERS = re.compile(rb"<identifier>([^<]+)</identifier><datestamp>([^<]+)</datestamp>")
_TOKEN = re.compile(rb"<resumptionToken[^>]*>([^<]+)</resumptionToken>")
_WORDS = ("tomography", "foam", "beamline", "silica", "neutron", "diffraction", "sample", "drainage", "detector")
_DC = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Record {number}</dc:title>'
    "<dc:identifier>https://doi.org/10.99999/{number}</dc:identifier><dc:description>{text}</dc:description></oai_dc:dc>"
)


def write_store(path: Path, count: int) -> None:
    """A store of `count` records whose oai_dc is 2 KB each, one per minute, in ten sets."""
    chance = Random(5)
    everything = OaiSet("openaire_data", "OpenAIRE")
    begin = datetime(2020, 1, 1, tzinfo=UTC)
    text = " ".join(chance.choice(_WORDS) for _ in range(400))
    with StoreWriter(path, HOST) as writer:
        for number in range(count):
            start = chance.randrange(1000)
            payload = _DC.format(number=number, text=text[start : start + 1780]).encode()
            sets = [everything, OaiSet(f"year:{2020 + number % 10}", str(number % 10))]
            writer.put(f"10.99999/{number}", begin + timedelta(minutes=number), sets, {"oai_dc": payload})


# ---- the two clients


class Raw:
    """HTTP/1.1 GET over one kept connection, by the standard library; headers by a regular expression."""

    def __init__(self, port: int) -> None:
        self._client = http.client.HTTPConnection("127.0.0.1", port)

    def get(self, target: str) -> bytes:
        """The body of the answer. Raises RuntimeError for any status but 200."""
        self._client.request("GET", target)
        response = self._client.getresponse()
        if response.status != 200:
            raise RuntimeError(f"{target}: {response.status}")
        return response.read()

    def take(self, body: bytes) -> str:
        """What a harvester does with a page; the answer is its resumption token, empty on the last one."""
        if len(_HEADERS.findall(body)) == 0:
            raise RuntimeError("a page without records")
        found = _TOKEN.search(body)
        return found[1].decode() if found else ""

    def close(self) -> None:
        self._client.close()


class Zipped(Raw):
    """As `Raw`, by gzip."""

    def get(self, target: str) -> bytes:
        self._client.request("GET", target, headers={"Accept-Encoding": "gzip"})
        response = self._client.getresponse()
        body = response.read()
        if response.getheader("content-encoding") != "gzip":
            raise RuntimeError(f"{target}: {response.status}, not zipped")
        return gzip.decompress(body)


class Parsing:
    """A new connection for each request, and the answer as a tree."""

    def __init__(self, port: int) -> None:
        self._base = f"http://127.0.0.1:{port}"

    def get(self, target: str) -> bytes:
        with urllib.request.urlopen(self._base + target) as response:
            return bytes(response.read())

    def take(self, body: bytes) -> str:
        root = etree.fromstring(body)
        for record in root.iter("{*}record"):
            record.findtext("{*}header/{*}identifier")
        return root.findtext(".//{*}resumptionToken") or ""

    def close(self) -> None:
        pass


class Thin:
    """The same, as thin as Python allows."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = bytearray(1 << 20)

    def get(self, target: str) -> memoryview:
        """The body of the answer; valid until the next call. Raises RuntimeError for any status but 200."""
        self._socket.sendall(f"GET {target} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
        view = memoryview(self._buffer)
        have = end = 0
        while not end:
            have += self._receive(view[have:])
            end = self._buffer.find(b"\r\n\r\n", 0, have) + 4
            end = 0 if end == 3 else end
        head = bytes(view[:end]).lower()
        if b" 200 " not in head[:16]:
            raise RuntimeError(f"{target}: {head[:60]!r}")
        length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
        while have < end + length:
            have += self._receive(view[have : end + length])
        return view[end : end + length]

    def take(self, body: memoryview) -> str:
        tail = bytes(body[-700:])
        return tail.rpartition(b"</resumptionToken>")[0].rpartition(b">")[2].decode()

    def _receive(self, into: memoryview) -> int:
        count = self._socket.recv_into(into)
        if count == 0:
            raise RuntimeError("the server closed the connection")
        return count

    def close(self) -> None:
        self._socket.close()


Client = Parsing | Raw | Thin


def cpu_seconds(pids: list[int]) -> float:
    """Time on a processor so far, of all threads of processes, exact where proc(5), stat, counts in hundredths."""
    spent = 0
    for task in (task for pid in pids for task in Path(f"/proc/{pid}/task").iterdir()):
        spent += int((task / "schedstat").read_text().split()[0])
    return spent / 1e9


def memory_mb(pids: list[int]) -> float:
    """Resident memory in MB."""
    pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids)
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


# ---- the two servers


_TOML = f"""\
[site]
title = "Bench"
base_url = "https://{HOST}"
contact = "a@example.org"

[[source]]
name = "made-up"
kind = "records"
path = "none.jsonl"
"""


@contextmanager
def panfair(folder: Path) -> Iterator[tuple[int, list[int]]]:
    """Port and process ids of `panfair serve` on a folder whose output holds the store."""
    port = free_port()
    settings = folder / "panfair.toml"
    settings.write_text(_TOML)
    program = [sys.executable, "-c", "from panfair.site.cli.main import main; main()"]
    with process([*program, "serve", "--config", str(settings), "--port", str(port)], port) as pid:
        yield port, [pid]


@contextmanager
def nginx(program: str, root: Path) -> Iterator[tuple[int, list[int]]]:
    """Port and process ids of an nginx with one worker over a folder."""
    port = free_port()
    settings = root.parent / "nginx.conf"
    places = "".join(f"{kind}_temp_path {root.parent}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi"))
    settings.write_text(
        f"worker_processes 1; daemon off; pid {root.parent}/nginx.pid; error_log stderr crit; "
        f"events {{ worker_connections 64; }} "
        f"http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 10000000; {places} "
        f"scgi_temp_path {root.parent}/scgi; default_type text/xml; "
        f"server {{ listen 127.0.0.1:{port}; root {root}; }} }}\n"
    )
    with process([program, "-p", str(root.parent), "-c", str(settings)], port) as pid:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        yield port, [pid, *map(int, children)]


@contextmanager
def process(command: list[str], port: int) -> Iterator[int]:
    """Runs a server until the block ends; it listens when the block begins."""
    running = subprocess.Popen(command)
    try:
        for _ in range(1200):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except ConnectionRefusedError:
                time.sleep(0.05)
        else:
            raise RuntimeError(f"{command[0]} did not start")
        time.sleep(0.2)
        yield running.pid
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(10)


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


# ---- what is measured


def harvest(client: Client, keep: Callable[[int, bytes | memoryview], object] | None = None) -> list[str]:
    """Harvests everything; the answer is the tokens of all pages but the first."""
    tokens: list[str] = []
    target = "/oai?verb=ListRecords&metadataPrefix=oai_dc"
    while True:
        body = client.get(target)
        if keep:
            keep(len(tokens), body)
        token = client.take(body)
        if not token:
            return tokens
        tokens.append(token)
        target = f"/oai?verb=ListRecords&resumptionToken={token}"


def harvest_files(client: Client, pages: int) -> None:
    for page in range(pages):
        client.take(client.get(f"/pages/{page}.xml"))


def timings(client: Client, targets: list[str]) -> list[float]:
    """Milliseconds of each request."""
    taken = []
    for target in targets:
        begin = time.perf_counter()
        client.get(target)
        taken.append((time.perf_counter() - begin) * 1000)
    return taken


def p95(values: list[float]) -> float:
    return quantiles(values, n=20)[18]


def shares(values: list[float]) -> str:
    return f"p50 {median(values):.2f} p95 {p95(values):.2f} ms"


def size_of(folder: Path) -> float:
    """The size in MB of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def measure_change(store: Path, staged: Path) -> None:
    """What one changed record costs a run: files that nobody changes are linked, all others copied and hashed."""
    began = time.process_time()
    staged.mkdir()
    shutil.copyfile(store, staged / store.name)
    for path in store.parent.glob("*-records/*"):
        (staged / path.parent.name).mkdir(exist_ok=True)
        os.link(path, staged / path.parent.name / path.name)
    with StoreWriter(staged / store.name, HOST) as writer:
        sets = [OaiSet("openaire_data", "OpenAIRE")]
        payload = _DC.format(number=7, text="changed " * 200).encode()
        writer.put("10.99999/7", datetime(2030, 1, 1, tzinfo=UTC), sets, {"oai_dc": payload})
    written = [path for path in staged.rglob("*") if path.is_file() and path.stat().st_nlink == 1]
    for path in written:
        with path.open("rb") as file:
            hashlib.file_digest(file, "sha256")
    size = sum(path.stat().st_size for path in written) / 1e6
    print(f"one changed record: {time.process_time() - began:.2f} CPU s, {size:.1f} MB written")
    shutil.rmtree(staged)


def measure(store: Path, root: Path, program: str, records: int, rounds: int) -> None:
    chance = Random(7)
    numbers = [chance.randrange(records) for _ in range(2000)]
    with panfair(store.parent.parent) as (port, pids), nginx(program, root) as (nginx_port, nginx_pids):
        first = Thin(port)
        tokens = harvest(first, lambda page, body: (root / "pages" / f"{page}.xml").write_bytes(body))
        for number in set(numbers):
            (root / "records" / f"{number}.xml").write_bytes(first.get(_record(number)))
        first.close()
        before = memory_mb(pids)
        for turn in range(rounds):
            print(f"round {turn + 1}, load {os.getloadavg()[0]:.2f}")
            for kind in (Parsing, Raw, Zipped, Thin):
                ours, theirs = kind(port), (Raw if kind is Zipped else kind)(nginx_port)
                compare(kind.__name__.lower(), ours, theirs, pids, nginx_pids, tokens, numbers, records)
                ours.close()
                theirs.close()
        print(f"memory of panfair: {before:.0f} MB after the first harvest, {memory_mb(pids):.0f} MB at the end")


def compare(
    name: str, ours: Client, theirs: Client, pids: list[int], nginx_pids: list[int], tokens: list[str],
    numbers: list[int], records: int,
) -> None:  # fmt: skip
    """One round of one client, printed."""
    harvest_files(theirs, len(tokens) + 1)  # nginx's files into memory
    spent, begin = cpu_seconds(pids), time.perf_counter()
    harvest(ours)
    rate, cpu = records / (time.perf_counter() - begin), (cpu_seconds(pids) - spent) * 100_000 / records
    spent, begin = cpu_seconds(nginx_pids), time.perf_counter()
    harvest_files(theirs, len(tokens) + 1)
    floor, floor_cpu = (
        records / (time.perf_counter() - begin),
        (cpu_seconds(nginx_pids) - spent) * 100_000 / records,
    )
    spent = cpu_seconds(pids)
    first = timings(ours, ["/oai?verb=ListRecords&metadataPrefix=oai_dc"] * 200)
    first_cpu = cpu_seconds(pids) - spent
    deep = timings(ours, [f"/oai?verb=ListRecords&resumptionToken={tokens[int(len(tokens) * 0.99) - 1]}"] * 200)
    deep_cpu = cpu_seconds(pids) - spent - first_cpu
    single = timings(ours, [_record(number) for number in numbers])
    files = timings(theirs, [f"/records/{number}.xml" for number in numbers])
    print(
        f"  {name}\n"
        f"    harvest    {rate:9,.0f} records/s, server CPU {cpu:.2f} s per 100,000; "
        f"nginx {floor:9,.0f}, {floor_cpu:.2f} s; ratio {rate / floor:.2f}\n"
        f"    page       first {shares(first)}; at 99 % {shares(deep)}; ratio {median(deep) / median(first):.2f}, "
        f"of server CPU {deep_cpu / first_cpu:.2f}\n"
        f"    GetRecord  {shares(single)}; nginx {shares(files)}; ratio of p95 {p95(single) / p95(files):.2f}"
    )


def _record(number: int) -> str:
    identifier = identifier_of(HOST, f"10.99999/{number}")
    return f"/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier={identifier}"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--records", type=int, default=100_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--nginx", default=shutil.which("nginx") or "/usr/sbin/nginx")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "root"
        for name in ("pages", "records"):
            (root / name).mkdir(parents=True)
        Path(folder).chmod(0o755)  # nginx's worker may be another user
        store = Path(folder) / "site" / "output" / "oai.sqlite"
        store.parent.mkdir(parents=True)
        began = time.process_time()
        write_store(store, chosen.records)
        size = size_of(store.parent)
        print(f"store of {chosen.records:,} records: {time.process_time() - began:.1f} CPU s, {size:.0f} MB")
        measure_change(store, Path(folder) / "staged")
        measure(store, root, chosen.nginx, chosen.records, chosen.rounds)


if __name__ == "__main__":
    main()
