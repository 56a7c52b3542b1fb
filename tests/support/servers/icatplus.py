"""ICAT+ servers for tests: ESRF's own mock in a process of its own, and one that answers what a test tells it to."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

from support.servers.answering import answering_any
from support.serving import a_free_port

_MOCK = "pyicat_plus_pytest_plugin.servers.icatplus_server"


@contextmanager
def mock_serving(folder: Path) -> Iterator[str]:
    """The address of ESRF's mock, which answers from the JSON tables in a folder."""
    port = a_free_port()
    command = [sys.executable, "-m", _MOCK, "--port", str(port), "--icat_data_dir", str(folder)]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://localhost:{port}"
    try:
        for _ in range(1200):  # a busy machine takes its time
            try:
                urlopen(f"{url}/catalogue/investigationtypes", timeout=5).close()
                break
            except (URLError, ConnectionError):
                assert process.poll() is None, "the mock did not start"
                time.sleep(0.05)
        yield url
    finally:
        process.terminate()
        process.wait(10)


Answer = Callable[[str, dict[str, str]], tuple[int, bytes] | object]
"""Path and query to the JSON that is answered, or to a status and bytes."""


def answering(answer: Answer, asked: list[str] | None = None) -> AbstractContextManager[str]:
    """The address of a server that answers what a function says; `asked` fills with the requests."""

    def to_any(method: str, target: str, host: str) -> tuple[int, bytes, str]:
        if asked is not None:
            asked.append(f"{method} {target}")
        parts = urlsplit(target)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        said: Any = answer(f"{method} {parts.path}", query)
        status, body = said if isinstance(said, tuple) else (200, json.dumps(said).encode())
        return status, body, "application/json"

    return answering_any(to_any)
