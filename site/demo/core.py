"""The demo's live core: filled with the made-up facility, served beside the public site, with accounts to try.

The accounts' passwords are made at random and kept in a file of the demo's folder that only its owner can read.
"""

import os
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from datetime import time as clock_time
from pathlib import Path

import uvicorn

from panfair.ontologies.errors import ServeError
from panfair.site.catalogue.accounts.sign_in import hash_password
from panfair.site.catalogue.app.app import create_core
from panfair.site.catalogue.errors import AlreadyThere
from panfair.site.catalogue.ingest.files import ingest
from panfair.site.catalogue.settings import read_settings
from panfair.site.catalogue.store.database import Store
from panfair.site.catalogue.store.entries import UserEntry
from panfair.site.http.protocol import BoundedHttp

READER_ENV = "PANFAIR_DEMO_READER"
_PASSWORDS = "passwords.txt"
_ACCOUNTS = {"reader": "lister", "curator": "administrator", "beamline": None, "db/person0": None}
"""The accounts that can sign in: the harvester's, a curator's, an instrument scientist's, and one of a visitor."""
_LOOKED_AFTER = "EX07"
"""The instrument of the instrument scientist."""
_WITHDRAWN = ("visitors would not believe that these data are made up", "the made-up beam was someone else's")
_STARTS_WITHIN = 20.0


def fill(folder: Path, today: date) -> None:
    """The core of the demo's folder, filled anew from its dump; ingesting again changes nothing."""
    settings = read_settings(folder / "catalogue.toml")
    moment = datetime.combine(today, clock_time(), UTC)  # the day, so that the same day gives the same bytes
    passwords = _passwords(folder)
    with Store(settings.database) as store:
        report = ingest(store, folder / "catalogue.yaml", moment)
        if report.failed:
            raise ServeError(f"the demo's catalogue could not be filled: {report.failed[0]}")
        with store.writing() as writer:
            for name in ("reader", "curator", "beamline"):
                writer.put_user(UserEntry(name=name, full_name=f"{name.capitalize()} (made up)"))
        with store.accounts() as accounts:
            for name, right in _ACCOUNTS.items():
                accounts.set_password(name, hash_password(passwords[name]))
                if right:
                    accounts.set_right(name, right, True)
            accounts.set_scientist(accounts.row_of("beamline"), _LOOKED_AFTER, True)
    os.environ[READER_ENV] = passwords["reader"]


def withdraw_two(folder: Path, today: date) -> None:
    """Takes the first two public sessions of the demo out of the public."""
    settings = read_settings(folder / "catalogue.toml")
    moment = datetime.combine(today, clock_time(), UTC)
    with Store(settings.database) as store:
        for row, reason in enumerate(_WITHDRAWN, start=1):
            with suppress(AlreadyThere), store.writing() as writer:
                writer.withdraw("investigation", row, reason, moment)


def free_port(wanted: int) -> int:
    """The port that is wanted when nobody has it, else one that is free."""
    for port in (wanted, 0):
        with socket.socket() as probe, suppress(OSError, OverflowError):
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise ServeError("no port of this machine is free for the demo's live core")


def _passwords(folder: Path) -> dict[str, str]:
    path = folder / _PASSWORDS
    path.touch(mode=0o600)
    known = dict(line.split(" ", 1) for line in path.read_text(encoding="utf-8").splitlines())
    if known.keys() >= _ACCOUNTS.keys():
        return known
    found = {name: secrets.token_urlsafe(12) for name in _ACCOUNTS} | known
    path.write_text("".join(f"{name} {password}\n" for name, password in found.items()), encoding="utf-8")
    return found


@contextmanager
def serving(folder: Path, port: int) -> Iterator[None]:
    """While it lasts the demo's core answers on a port of this machine. Raises ServeError when it cannot."""
    app = create_core(read_settings(folder / "catalogue.toml"))
    # Told its protocol, asyncio turns off the delay that small answers would wait for.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        listener.close()
        raise ServeError(f"cannot listen on 127.0.0.1:{port}: {error.strerror}; choose another --port") from error
    server = uvicorn.Server(
        uvicorn.Config(
            app, log_config=None, access_log=False, server_header=False, proxy_headers=False, http=BoundedHttp
        )
    )
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    begun = time.monotonic()
    while not server.started:
        if not thread.is_alive() or time.monotonic() - begun > _STARTS_WITHIN:
            raise ServeError("the demo's live core did not start")
        time.sleep(0.02)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()
