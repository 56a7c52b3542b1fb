"""Addresses in a text that lead into a facility's own machines: recognised, and taken out.

Absolute paths (POSIX, Windows, UNC, `file:`, also percent-encoded or escaped), homes, `host:/path`, and addresses of
hosts that only the facility reaches or of its logbooks. Left alone: web addresses, units (`m/s`, `/s/mm²`), DOIs,
fractions, formulas, and the paths inside NeXus files (`/entry/instrument/detector`).

Why by rules and not by a list of roots: a path that is missed tells people's and experiments' names, one too many
costs a reader some words. What begins at the root and is none of the above counts as a path.
"""

import re
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from panfair.ontologies.units import spellings

WITHHELD = "(server path withheld)"
WITHHELD_ADDRESS = "(internal address withheld)"

_BODY = r"(?:\\\ |[^\s\"'<>|;,`]|,(?![\s/])|(?<=\w)'(?=\w))"
_BEFORE = r"(?<![^\s\"'(\[{<=,;:|>`@\\])"
_SEEN = re.compile(
    r"(?P<url>\b(?P<scheme>[A-Za-z][A-Za-z0-9+.-]{1,15}):/{2,3}" + _BODY + r"+)"
    r"|(?P<file>\bfile:[/\\]" + _BODY + r"+)"
    r"|(?P<windows>(?<![A-Za-z0-9])[A-Za-z]:[\\/](?!/)(?:[^\\/:*?\"<>|\r\n]{1,80}\\{1,2})*" + _BODY + r"*)"
    r"|(?P<unc>(?<![\w\\])\\\\{1,3}[\w.$-]+\\{1,2}(?:[^\\/:*?\"<>|\r\n]{1,80}\\{1,2})*" + _BODY + r"+)"
    r"|(?P<escaped>(?:\\/[^\s/\\\"',;]+){2,})"
    r"|(?P<encoded>(?:%2[Ff](?:(?!%2[Ff])[^\s/\"',;&]){1,100}){2,})"
    r"|(?P<home>" + _BEFORE + r"(?:~[\w.-]*|\$\{?HOME\}?|%(?:USERPROFILE|HOMEPATH|APPDATA)%)[/\\]" + _BODY + r"+)"
    r"|(?P<remote>\b[\w.-]+@[\w.-]+:[/~]" + _BODY + r"+)"
    r"|(?P<posix>" + _BEFORE + r"/{1,2}(?=[^\s/])" + _BODY + r"+)"
)
_QUOTED = re.compile(r"(?P<quote>[\"'`])(?P<path>(?:/|~/|[A-Za-z]:\\|\\\\|file:)[^\"'`\n]+)(?P=quote)")
_TRAIL = ".,:;!?)]}*"
_USUAL_ROOTS = (
    "afs app apps archive asap3 beamline beamlines beegfs bigdata bliss buffer cds ceph cluster cvmfs cifs das data "
    "data1 data2 data3 data_policy dev dfs diskless dls eos etc experiment experiments export exports fs gpfs group "
    "groups home home1 home2 homes lsdf lustre media mnt mntdirect mount nas net network nfs nobackup opt p pnfs "
    "private proc project projects public raid raw root run scratch sdf segfs sf shared sls software srv staff "
    "storage store swdev sys system tape tmp tmp_14_days u user users usr var visitor volume volumes volumes1 work "
    "workspace"
)
_ROOTS = frozenset(_USUAL_ROOTS.split())
_NEXUS = re.compile(
    r"(?i)(?:NX\w+|(?:entry|raw_data|scan|process\w*|exchange|measurement|instrument|sample|detector|monitor|"
    r"control|beam|user|title)[_\d]*|\d+\.\d+)"
)
_ENDING = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,5}$")
_ELEMENTS = (
    "H|He|Li|Be|B|C|N|O|F|Ne|Na|Mg|Al|Si|P|S|Cl|Ar|K|Ca|Sc|Ti|V|Cr|Mn|Fe|Co|Ni|Cu|Zn|Ga|Ge|As|Se|Br|Kr|Rb|Sr|Y|Zr|"
    "Nb|Mo|Tc|Ru|Rh|Pd|Ag|Cd|In|Sn|Sb|Te|I|Xe|Cs|Ba|La|Ce|Pr|Nd|Pm|Sm|Eu|Gd|Tb|Dy|Ho|Er|Tm|Yb|Lu|Hf|Ta|W|Re|Os|Ir|"
    "Pt|Au|Hg|Tl|Pb|Bi|Po|At|Rn|Th|Pa|U|Np|Pu"
)
_FORMULA = re.compile(rf"(?:(?:{_ELEMENTS})[\d.]*)+(?:\([\d.]+\s?(?:nm|Å|A)?\))?")
_NOT_FOR_READERS = "file smb cifs nfs afp sftp scp ssh rsync tango hdfs gsiftp ldap telnet vnc"
_CLOSED_SCHEMES = frozenset(_NOT_FOR_READERS.split())
_PRIVATE_HOST = re.compile(
    r"(?i)(?:localhost|127\.\S*|10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|172\.(?:1[6-9]|2\d|3[01])\.\d+\.\d+|\[?::1\]?|[^.]*"
    r"|.*\.(?:local|localdomain|lan|intern|internal|intranet|corp|home|private)|(?:.*\.)?(?:intranet|intra)\..*)"
)
_LOG_HOST = re.compile(
    r"(?i)(?:[a-z\d]+-)?(?:e-?log|e-?log-?book|sci-?log|log-?book|logs?)(?:-?(?:server|srv|host|db))?\d*"
)
_LOG_STEP = re.compile(r"(?i)(?:e-?log|e?logbook|scilog|log-book)s?")


def without_paths(text: str) -> tuple[str, int]:
    """The text with words in place of each path or internal address, and how many there were.

    >>> without_paths("python /home/ada/scan.py, 5 m/s at /entry/sample")
    ('python (server path withheld), 5 m/s at /entry/sample', 1)
    >>> without_paths("see https://example.org/a/b and file:///data/x.h5")
    ('see https://example.org/a/b and (server path withheld)', 1)
    """
    if not may_hold_path(text):
        return text, 0
    count = 0

    def quoted(found: re.Match[str]) -> str:
        nonlocal count
        if not _is_path(found["path"]):
            return found[0]
        count += 1
        return f"{found['quote']}{WITHHELD}{found['quote']}"

    def plain(found: re.Match[str]) -> str:
        nonlocal count
        body, tail = _parted(found[0])
        words = _instead(found, body)
        count += words is not None
        return found[0] if words is None else words + tail

    text = _QUOTED.sub(quoted, text)
    return _SEEN.sub(plain, text), count


def may_hold_path(text: str) -> bool:
    """Whether a text has a sign without which there is no path: soon seen, for most have none."""
    return "/" in text or "\\" in text or "%2" in text


def is_rooted(name: str) -> bool:
    """Whether a file's or dataset's name begins at the root of a machine, and not in its own folder.

    >>> is_rooted("/data/x/a.h5"), is_rooted("C:/x/a.h5"), is_rooted("x/a.h5"), is_rooted("file:/x/a.h5")
    (True, True, False, True)
    """
    return bool(re.match(r"(?i)/|\\\\|[a-z]:[\\/]|file:|~[\w.-]*/", name))


def steps_of(path: str) -> list[str]:
    """The steps of a path of any kind, without its root: drive, host and share signs are none.

    >>> steps_of("file:///data/x/a.h5"), steps_of("C:\\\\Users\\\\x.dat")
    (['data', 'x', 'a.h5'], ['Users', 'x.dat'])
    """
    plain = re.sub(r"(?i)^(?:file:/*(?:localhost/)?|[a-z]:(?=[\\/])|~[\w.-]*(?=/))", "", path)
    return [step for step in re.split(r"[\\/]+", plain) if step not in {"", "."}]


def _parted(text: str) -> tuple[str, str]:
    """A path, and the signs behind it that belong to the sentence."""
    body = text.rstrip(_TRAIL)
    return body, text[len(body) :]


def _instead(found: re.Match[str], body: str) -> str | None:
    if found["url"] is not None:
        return _in_place_of_address(body, found["scheme"].casefold())
    if found["posix"] is not None:
        return WITHHELD if _is_path(body) else None
    if found["encoded"] is not None:
        return WITHHELD if _is_path(unquote(body)) else None
    if found["escaped"] is not None:
        return WITHHELD if _is_path(body.replace("\\/", "/")) else None
    return WITHHELD


def _in_place_of_address(address: str, scheme: str) -> str | None:
    """What stands for an address of a closed kind, host or page; None: it may stay."""
    if scheme in _CLOSED_SCHEMES:
        return WITHHELD if scheme == "file" else WITHHELD_ADDRESS
    if scheme not in {"http", "https", "ftp", "ftps", "ws", "wss"}:
        return None  # `scan.h5://entry/data`, `doi://…`, `s3://…`
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return None
    if _PRIVATE_HOST.fullmatch(host) or _LOG_HOST.fullmatch(host.split(".")[0]):
        return WITHHELD_ADDRESS
    if any(_LOG_STEP.fullmatch(step) for step in parts.path.split("/")):
        return WITHHELD_ADDRESS
    query = unquote(f"{parts.query} {parts.fragment}")
    inside = any(_rooted_in_a_server(found[0]) for found in re.finditer(r"(?<![\w/.])/[^\s&;,]+", query))
    return WITHHELD_ADDRESS if inside else None


def _rooted_in_a_server(path: str) -> bool:
    steps = [step for step in path.split("/") if step]
    return len(steps) > 1 and steps[0].casefold() in _ROOTS


@lru_cache(maxsize=10_000)
def _is_path(text: str) -> bool:
    """Whether what begins with a slash (or is any other absolute path) is one of a server."""
    if not text.startswith("/"):
        return True
    steps = [step for step in text.split("/") if step]
    if len(steps) < 2:
        return False
    if steps[0].casefold() in _ROOTS or text.startswith("//"):
        return True
    if not any(any(c.isalpha() for c in step) for step in steps):
        return False
    endings = any(_ENDING.search(step) for step in steps)
    if _NEXUS.fullmatch(steps[0]) and not endings:
        return False
    if all(_FORMULA.fullmatch(step) for step in steps):
        return False
    return endings or not all(_is_unit(step) for step in steps)


def _is_unit(step: str) -> bool:
    plain = re.sub(r"[-−^*]*[\d²³]+$", "", step.strip("()"))
    return bool(re.fullmatch(r"\d+(?:\.\d+)?%?(?:BW|bw)?", step)) or plain in spellings()[0]
