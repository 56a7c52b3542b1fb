"""Where ISPyB is, and what its reading asks of it: rows by their keys, whoever has them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

from pydantic import Field, field_validator

from panfair.harvesters import AddingOptions
from panfair.harvesters.ispyb.columns import ASKED, Column

Row = Mapping[str, Any]


class DatabaseOptions(AddingOptions):
    """The keys of a [[source]] of kind `ispyb` that tell where the database is."""

    database: str = Field("ispyb", description="the name of the database", examples=["ispyb"])
    host: str = Field("localhost", description="where MariaDB or MySQL runs", examples=["ispyb.example.org"])
    port: int = Field(3306, ge=1, le=65535, description="its port")
    unix_socket: str | None = Field(
        None, description="its socket, where it runs on this machine", examples=["/run/mysqld/mysqld.sock"]
    )
    username: str = Field(description="the reader's account: see `panfair ispyb grants`", examples=["panfair"])
    password_env: str | None = Field(None, description="the environment variable that holds its password")
    ca_file: str | None = Field(
        None, description="certificates (PEM) by which the server is known; it is then asked over TLS only"
    )
    also: tuple[str, ...] = Field(
        (),
        description="columns that may be confidential and are published all the same: `Protein.sequence`, "
        "`BLSample.SMILES`",
        examples=[["Protein.sequence"]],
    )

    @field_validator("also")
    @classmethod
    def _may_be_asked(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := set(value) - ASKED:
            raise ValueError(f"{sorted(unknown)[0]} is none of {', '.join(sorted(ASKED))}")
        return value


class Tables(Protocol):
    """The tables of a database, as far as they may be read."""

    def columns(self, table: str) -> list[Column]:
        """The columns of a table that can be read; none where there is no such table."""

    def has(self, *names: str) -> bool:
        """Whether all these columns, each as `Table.column`, can be read."""

    def rows(self, table: str, key: str, ids: Iterable[Any]) -> list[dict[str, Any]]:
        """The rows of a table whose key is one of these, in the order of their keys; none where a column lacks."""

    def pages(self, table: str, key: str, size: int) -> Iterator[list[dict[str, Any]]]:
        """All rows of a table in pages, in the order of a key."""

    def select(self, statement: str, values: list[Any]) -> list[dict[str, Any]]:
        """The rows of a statement of ours; `{Table}` in it stands for a table's name in this schema."""
