"""The GRANT statements for a reader's account: exactly the columns that are read, and nothing more.

ISPyB's own read-only roles are no such list: the one "without personal data" of the community shows operators, lab
contacts and tokens.
"""

import re
from collections.abc import Iterable, Iterator

from panfair.harvesters.ispyb.columns import Flavour, columns_read

_NAME = re.compile(r"[\w$.%-]+")


def grants(database: str, account: str, flavour: Flavour, also: Iterable[str] = ()) -> Iterator[str]:
    """The statements, a line a table. Raises ValueError for a name that SQL would read as something else.

    >>> list(grants("ispyb", "panfair@%", "ESRF"))[-1]
    "GRANT SELECT (`ctfId`, `motionCorrectionId`, `estimatedResolution`, `estimatedDefocus`, `ccValue`) \
ON `ispyb`.`CTF` TO 'panfair'@'%';"
    """
    user, _, host = account.partition("@")
    for name in (database, user, host or "%"):
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name of a database or an account")
    for table, read in columns_read(also, flavour).items():
        names = ", ".join(f"`{column.column}`" for column in read)
        yield f"GRANT SELECT ({names}) ON `{database}`.`{table}` TO '{user}'@'{host or '%'}';"
