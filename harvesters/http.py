"""What carries one request to a catalogue's REST interface and its answer back, for harvesters.

Status and body come back whatever the status is, because catalogues say what is wrong in the body. What passes by
itself (a gateway's 502, a busy server's 429, a lost connection) is tried again a few times, with growing pauses.
"""

import logging
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from itertools import count

import httpx2
from pydantic import Field

from panfair.harvesters import Context, SourceOptions
from panfair.ontologies.errors import HarvestError


class RemoteOptions(SourceOptions):
    """The keys of every [[source]] that is asked over the network."""

    ca_file: str | None = Field(
        None,
        description="certificates (PEM) of your facility's own authority, trusted besides the usual ones",
        examples=["facility-ca.pem"],
    )
    retry_minutes: float = Field(
        10,
        ge=0,
        le=1440,
        description="for so long a harvest that has read something waits for a catalogue that is restarting",
    )


Send = Callable[[str, str, dict[str, str], dict[str, str] | bytes | None], tuple[int, bytes]]
"""Method, path, query and what is sent (a form, or JSON as bytes) to status and body.

Raises HarvestError when the server cannot be reached, or fails again and again.
"""

_ATTEMPTS = 4
_FIRST_PAUSE = 1.0  # seconds; each next one is twice as long
_PASSING = frozenset({429, 502, 503, 504})
_LONGEST_PAUSE = 120.0  # seconds, whatever Retry-After says
_MOST_BYTES = 256 * 2**20
_TIMEOUT = httpx2.Timeout(300, connect=20)  # a large query takes ICAT minutes

# The HTTP library tells each address at INFO, and ICAT's family has session ids in addresses.
logging.getLogger("httpx2").setLevel(logging.WARNING)


@contextmanager
def open_sender(
    options: RemoteOptions,
    url: str,
    context: Context,
    bearer: Callable[[], str | None] = lambda: None,
    sleep: Callable[[float], None] = time.sleep,
    *,
    accept: str = "application/json",
    patient: Callable[[], bool] = lambda: False,
) -> Iterator[Send]:
    """A way to send requests to paths below `url` (the empty path: to `url` itself).

    With `Authorization: Bearer` when `bearer` gives a token. While `patient` says that something would be lost by
    giving up, a server that starts (a page of HTML instead of an answer, no connection) is waited for.
    """
    base = url.rstrip("/")
    if not base.startswith(("http://", "https://")):
        raise HarvestError(
            f"{options.name}: `url` is no address; it should look like https://catalogue.example.org/icat"
        )
    agent = f"panfair/{version('panfair')} (+mailto:{context.contact})"
    with httpx2.Client(
        timeout=_TIMEOUT, headers={"User-Agent": agent}, follow_redirects=False, verify=_trusted(options, context)
    ) as client:

        def send(
            method: str, path: str, query: dict[str, str], sent: dict[str, str] | bytes | None
        ) -> tuple[int, bytes]:
            headers = {"Accept": accept}
            if token := bearer():
                headers["Authorization"] = f"Bearer {token}"
            if isinstance(sent, bytes):
                headers["Content-Type"] = "application/json"
            problem, waited = "", 0.0
            for attempt in count():
                pause = _FIRST_PAUSE * 2 ** min(attempt, _ATTEMPTS)
                try:
                    request = client.build_request(
                        method,
                        f"{base}/{path}" if path else base,
                        params=query or None,
                        data=sent if isinstance(sent, dict) else None,
                        content=sent if isinstance(sent, bytes) else None,
                        headers=headers,
                    )
                    status, answer, wait = _answer(client, request, options.name)
                except httpx2.HTTPError as error:
                    if reason := _distrust(error):
                        raise HarvestError(
                            f"{options.name}: its certificate is not to be trusted ({reason}); where your facility has "
                            "an authority of its own, name its certificates in `ca_file`"
                        ) from None
                    # The error's own words hold the address, which holds the session.
                    problem = type(error).__name__
                else:
                    starting = status in (404, 500) and answer.lstrip()[:1] == b"<"
                    if status not in _PASSING and not (starting and patient()):
                        return status, answer
                    problem, pause = f"answered {status}", wait if wait is not None else pause
                pause = min(pause, _LONGEST_PAUSE)
                if attempt + 1 >= _ATTEMPTS and not (patient() and waited + pause <= 60 * options.retry_minutes):
                    break
                sleep(pause)
                waited += pause
            raise HarvestError(
                f"{options.name}: the catalogue failed {attempt + 1} times ({problem}); what came before the last "
                "checkpoint is kept, run `panfair harvest` again to go on"
            ) from None

        yield send


def _trusted(options: RemoteOptions, context: Context) -> ssl.SSLContext | bool:
    """Whose certificates are trusted: the usual authorities', and those in the source's `ca_file`."""
    if options.ca_file is None:
        return True
    try:
        trusted = ssl.create_default_context()
        trusted.load_verify_locations(context.root / options.ca_file)
    except OSError as error:  # OpenSSL's are such, too
        reason = "no certificates in PEM form" if isinstance(error, ssl.SSLError) else error.strerror
        raise HarvestError(f"{options.name}: ca_file {options.ca_file}: {reason}; nothing was read") from None
    return trusted


def _distrust(error: BaseException | None) -> str | None:
    """Why a server's certificate was refused, in OpenSSL's words; None where that was not the matter."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return error.verify_message
        error = error.__cause__ or error.__context__
    return None


def _answer(client: httpx2.Client, request: httpx2.Request, name: str) -> tuple[int, bytes, float | None]:
    """Status, body, and the seconds that the server asks to wait, if it does."""
    response = client.send(request, stream=True)
    try:
        if response.is_redirect:
            raise HarvestError(f"{name}: the catalogue has moved (status {response.status_code}); write its new `url`")
        body = bytearray()
        for piece in response.iter_bytes():
            body += piece
            if len(body) > _MOST_BYTES:
                raise HarvestError(f"{name}: an answer is larger than {_MOST_BYTES // 2**20} MiB; lower page_size")
        return response.status_code, bytes(body), _pause(response.headers.get("Retry-After", ""))
    finally:
        response.close()


def _pause(retry_after: str) -> float | None:
    """The seconds that a Retry-After asks for, as a number or as a moment (RFC 9110, 10.2.3), or None."""
    if retry_after.isdecimal():
        return float(retry_after)
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - datetime.now(UTC)).total_seconds())
