"""SHA256SUMS and its like: the checksums of all files under the paths that download.sh and Metalink save them under."""

from collections.abc import Callable, Sequence

from panfair.builders.downloads.checksums import Checksums, checksums
from panfair.builders.downloads.list_kind import ListKind
from panfair.builders.downloads.placed import Placed
from panfair.builders.html.language import marked

_TOOLS = ("md5sum", "sha1sum", "sha256sum", "sha512sum")


def _of(tool: str) -> Callable[[Sequence[Placed], str], str]:
    def lines(files: Sequence[Placed], _name: str) -> str:
        return "".join(found.lines + "\n" for found in checksums(files) if found.tool == tool)

    return lines


LISTS = tuple(
    ListKind(
        Checksums(tool, "").file,
        _of(tool),
        marked("checksums"),
        command=f"curl -fO {{address}} && {tool} -c {{file}}",
        advice=marked("Verify what is there, whatever fetched it into these folders:"),
        order=60,
    )
    for tool in _TOOLS
)
