"""Requests a second for small files: our file server, Starlette's StaticFiles and nginx, asked by the same client.

    python tests/bench/bench_serve.py [--seconds 3] [--connections 8]

Only the ratios mean something: the client shares the machine with the servers. nginx is left out where it is absent.
"""

import argparse
import asyncio
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import time
from multiprocessing.process import BaseProcess
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import uvicorn
from starlette.staticfiles import StaticFiles

from panfair.site.files.site import StaticSite
from panfair.site.serve.middleware import SiteMiddleware
from support.serving import a_free_port, ask

_PAGES = 500


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--connections", type=int, default=8)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        output = Path(temporary) / "output"
        paths = _write(output)
        for name, start in (("panfair", _ours), ("StaticFiles", _starlette), ("nginx", _nginx)):
            for zipped in (False, True):
                port = a_free_port()
                process = start(output, port)
                if process is None:
                    continue
                try:
                    _wait(port, paths[0])
                    rate = asyncio.run(_measure(port, paths, options.connections, options.seconds, zipped))
                    print(f"{name:12} {'gzip' if zipped else 'plain':6} {rate:8.0f} requests/s")
                finally:
                    process.terminate()
                    process.join() if isinstance(process, BaseProcess) else process.wait()


def _write(output: Path) -> list[str]:
    """Pages of 20 kB, and what stands beside them."""
    for number in range(_PAGES):
        folder = output / "www" / "doi" / "10.99999" / f"example-{number}"
        folder.mkdir(parents=True)
        words = " ".join(f"word{(number * 7 + place) % 997}" for place in range(2600))
        (folder / "index.html").write_text(f"<!doctype html><title>{number}</title><p>{words}</p>")
        (folder / "linkset.json").write_text('{"linkset": []}')
    return [f"/doi/10.99999/example-{number}/" for number in range(_PAGES)]


def _run(app, port: int) -> None:
    uvicorn.run(app, host="127.0.0.1", port=port, log_config=None, access_log=False, lifespan="off")


async def _nothing(scope, receive, send) -> None:
    raise AssertionError("only files are asked for")


def _ours(output: Path, port: int) -> BaseProcess:
    return _process(SiteMiddleware(_nothing, StaticSite(output, "https://data.example.org")), port)


def _starlette(output: Path, port: int) -> BaseProcess:
    return _process(StaticFiles(directory=output / "www", html=True), port)


def _process(app, port: int) -> BaseProcess:
    process = multiprocessing.get_context("fork").Process(target=_run, args=(app, port))
    process.start()
    return process


def _nginx(output: Path, port: int) -> subprocess.Popen | None:
    program = shutil.which("nginx", path="/usr/sbin:" + os.environ.get("PATH", ""))
    if program is None:
        return None
    folder = output.parent
    main = folder / "nginx.conf"
    user = "user root;" if os.geteuid() == 0 else ""
    main.write_text(
        f"{user} daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;\n"
        f"events {{}} http {{ access_log off; keepalive_requests 9999999; gzip on; gzip_min_length 600;\n"
        f"server {{ listen 127.0.0.1:{port}; default_type text/html; root {output}/www; index index.html; }} }}\n"
    )
    return subprocess.Popen([program, "-p", str(folder), "-c", str(main)], stderr=subprocess.DEVNULL)


def _wait(port: int, path: str) -> None:
    for _ in range(200):
        try:
            assert ask(f"http://127.0.0.1:{port}", path).status == 200
            return
        except ConnectionRefusedError:
            time.sleep(0.05)
    raise RuntimeError("the server did not start")


async def _measure(port: int, paths: list[str], connections: int, seconds: float, zipped: bool) -> float:
    encoding = "Accept-Encoding: gzip\r\n" if zipped else ""
    requests = [f"GET {path} HTTP/1.1\r\nHost: example\r\n{encoding}\r\n".encode() for path in paths]
    end = time.perf_counter() + seconds
    done = 0

    async def client(first: int) -> None:
        nonlocal done
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        number = first
        while time.perf_counter() < end:
            writer.write(requests[number % len(requests)])
            await _answer(reader)
            number += 1
            done += 1
        writer.close()

    begun = time.perf_counter()
    await asyncio.gather(*(client(place * 61) for place in range(connections)))
    return done / (time.perf_counter() - begun)


async def _answer(reader: asyncio.StreamReader) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    assert head.startswith(b"http/1.1 200")
    if b"transfer-encoding: chunked" in head:
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    else:
        length = int(head.split(b"content-length: ")[1].split(b"\r\n")[0])
        await reader.readexactly(length)


if __name__ == "__main__":
    main()
