"""From output/www to an object store: what differs is sent, and one small object says which site stands there.

`panfair-state/stands.json` names the list of what stands and, while an upload lasts, the list of what is coming; it is
changed by a conditional write, so that of two uploads one stops. What an upload that was killed may have touched is
what these two lists tell differently: the next one writes it anew. The store is never asked what it holds.
"""

import gzip
import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

import orjson

from panfair.builders.sitewide.hosting import ruled, s3_rules
from panfair.ontologies.errors import UploadError
from panfair.site.config.settings import Config
from panfair.site.state.manifest import digests_below
from panfair.site.state.staging import digest_of
from panfair.site.upload.objects import Objects, StaleError
from panfair.site.upload.plan import Phase, Step, plan

POINTER = "panfair-state/stands.json"
_LISTS = "panfair-state/"
_CONNECTIONS = 16


@dataclass
class Uploaded:
    """What an upload did."""

    written: int = 0
    deleted: int = 0
    refused: list[str] = field(default_factory=list)
    """Files that the store does not take, such as those with names that are too long for it."""


def upload(config: Config, everything: bool = False, step: Callable[[int], None] = lambda done: None) -> Uploaded:
    """Brings the store to what stands in output/www; nothing is sent that stands there.

    `everything`: the store is asked what it holds, all is written, and what is not of the site is deleted. `step` hears
    how many steps were taken.

    Raises UploadError; then the next upload finishes this one.
    """
    to = config.publish.to
    if to is None:
        raise UploadError('[publish] to names no store: to = "s3://my-bucket"')
    store = Objects(to, config.publish.endpoint, _CONNECTIONS)
    wanted = local_files(config.output)
    if "index.html" not in wanted:
        raise UploadError(f"nothing is published in {config.output} yet; nothing was sent")
    pointer, tag = _pointer(store)
    if everything:
        names = [name for name in store.names() if not name.startswith(_LISTS)]
        standing, uncertain = dict.fromkeys(names, ""), frozenset[str]()
    else:
        standing, uncertain = _standing(store, pointer)
    steps = list(plan(standing, wanted, uncertain))
    done = Uploaded()
    if not steps and not pointer.get("coming"):
        return done
    held = dict(wanted)
    try:
        list_coming = _keep(store, wanted)
        tag = store.replace(POINTER, _said(stands=pointer.get("stands"), coming=list_coming), tag)
        _take(store, config.output / "www", steps, held, done, step)
    except StaleError:
        raise
    except UploadError:
        _take_away(store, steps, standing)
        raise
    list_standing = list_coming if held == wanted else _keep(store, held)
    store.replace(POINTER, _said(stands=list_standing), tag)
    old = {pointer.get("stands"), pointer.get("coming"), list_coming} - {list_standing, None}
    store.delete([f"{_LISTS}{name}.gz" for name in old if name])
    return done


def local_files(output: Path) -> dict[str, str]:
    """The sha256 of each published file by its path below www/, from the manifest or, without one, from the files."""
    try:
        found = digests_below(output, "www")
    except (OSError, ValueError):
        files = (path for path in sorted((output / "www").rglob("*")) if path.is_file())
        found = {str(path.relative_to(output)): digest_of(path)[0] for path in files}
    return {path.removeprefix("www/"): digest for path, digest in found.items()}


def _take_away(store: Objects, steps: list[Step], standing: dict[str, str]) -> None:
    """Where something closed and nothing can be written: deletes all that differs, as any of it may name it."""
    if any(one.phase is Phase.TAKE_AWAY for one in steps):
        store.delete([one.path for one in steps if one.path in standing])


def _take(
    store: Objects,
    www: Path,
    steps: list[Step],
    held: dict[str, str],
    done: Uploaded,
    step: Callable[[int], None],
) -> None:
    """Takes the steps, phase by phase; `held` loses what the store would not take."""
    rules, taken = s3_rules(), 0

    def write(path: str) -> UploadError | None:
        rule: dict[str, Any] = ruled(path, rules)
        try:
            store.write(path, www / path, {"ContentType": rule["content_type"], "CacheControl": rule["cache_control"]})
        except UploadError as error:
            return error
        except OSError as error:
            return UploadError(f"{path}: {error.strerror}")
        return None

    with ThreadPoolExecutor(_CONNECTIONS) as pool:
        for _, same in groupby(steps, key=lambda one: one.phase):
            phase = list(same)
            writes = [one.path for one in phase if not one.delete]
            lost = []
            for path, error in zip(writes, pool.map(write, writes), strict=True):
                taken += 1
                step(taken)
                if error is None:
                    done.written += 1
                    continue
                done.refused.append(str(error))
                held.pop(path, None)
                lost.append(path)
            # An older object under a refused name may show what closed: rather none than that one.
            gone = [one.path for one in phase if one.delete] + lost
            store.delete(gone)
            done.deleted += len(gone) - len(lost)
            taken += len(gone) - len(lost)
            step(taken)
            if lost and len(lost) == len(writes) and len(lost) > 1:
                raise UploadError(f"{done.refused[-1]}; {len(lost)} files in a row were refused, so the upload stopped")


def _pointer(store: Objects) -> tuple[dict[str, str], str | None]:
    found = store.read(POINTER)
    if found is None:
        return {}, None
    try:
        said = orjson.loads(found[0])
        return {name: value for name, value in said.items() if isinstance(value, str)}, found[1]
    except (ValueError, AttributeError):
        return {}, found[1]


def _standing(store: Objects, pointer: dict[str, str]) -> tuple[dict[str, str], frozenset[str]]:
    """What the store is known to hold, and of which paths an upload that was killed may have written any version.

    Raises UploadError when that cannot be known: what closed in the meantime might stay.
    """
    if not pointer:
        if next(store.names(), None) is not None:
            raise UploadError(
                f"{store.name} holds objects, and nothing that says they are of this site; name an empty bucket or "
                "prefix, or let `panfair upload --all` replace all that is there"
            )
        return {}, frozenset()
    lists = {name: _listed(store, pointer[name]) for name in ("stands", "coming") if name in pointer}
    if None in lists.values():
        raise UploadError(f"{store.name}: the list of what stands there is lost; `panfair upload --all` sends all anew")
    standing, coming = lists.get("stands") or {}, lists.get("coming")
    if coming is None:
        return standing, frozenset()
    return standing, frozenset(path for path in {*standing, *coming} if standing.get(path) != coming.get(path))


def _listed(store: Objects, name: str) -> dict[str, str] | None:
    """A list of files, or None when it is lost."""
    found = store.read(f"{_LISTS}{name}.gz")
    if found is None:
        return None
    try:
        files = orjson.loads(gzip.decompress(found[0]))
        return {str(path): str(digest) for path, digest in files.items()}
    except (OSError, EOFError, ValueError, AttributeError):
        return None


def _keep(store: Objects, files: dict[str, str]) -> str:
    """Writes a list of files under the name that its content gives it; that name."""
    body = orjson.dumps(files, option=orjson.OPT_SORT_KEYS)
    name = hashlib.sha256(body).hexdigest()[:32]
    path = f"{_LISTS}{name}.gz"
    found = store.read(path)
    store.replace(path, gzip.compress(body, 6, mtime=0), found[1] if found else None)
    return name


def _said(stands: str | None, coming: str | None = None) -> bytes:
    return orjson.dumps({name: value for name, value in (("stands", stands), ("coming", coming)) if value})
