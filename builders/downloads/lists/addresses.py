"""files.txt: the addresses alone, a line each, for wget.

wget takes names from addresses, and files of one name would go on in one another: it must keep the folders of the
addresses, host and all.
"""

from collections.abc import Sequence

from panfair.builders.downloads.list_kind import ListKind
from panfair.builders.downloads.placed import Placed
from panfair.builders.html.language import marked


def _addresses(files: Sequence[Placed], _name: str) -> str:
    return "".join(f"{address}\n" for address in dict.fromkeys(item.address for item in files) if address)


LISTS = (
    ListKind(
        "files.txt",
        _addresses,
        marked("addresses alone"),
        command="wget --continue --force-directories --input-file={address}",
        advice=marked("wget: saves each file in the folders of its address; it verifies nothing."),
        order=50,
    ),
)
