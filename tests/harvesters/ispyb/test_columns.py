"""The table of columns names all that is read, and nothing that must not be; the grants are made from it."""

import re

import pytest

from panfair.harvesters.ispyb.columns import ASKED, columns, columns_read, never_read
from panfair.harvesters.ispyb.grants import grants
from panfair.ontologies import nexus


def test_no_column_that_is_never_read_is_read():
    read = {(one.table.casefold(), one.column.casefold()) for one in columns()}
    tables = {table for table, _column in read}
    for table, column, _why in never_read():
        assert (table.casefold(), column.casefold()) not in read
        if column == "*":
            assert table.casefold() not in tables


@pytest.mark.parametrize("word", ["comment", "path", "directory", "barcode", "operator", "login", "email", "person",
                                  "command", "environment", "token", "message"])  # fmt: skip
def test_no_column_is_read_that_is_called_like_what_must_not_be(word):
    assert [one.name for one in columns() if word in one.column.casefold()] == []


def test_sequences_and_ligands_are_read_only_where_the_operator_names_them():
    read = {one.name for found in columns_read().values() for one in found}
    assert not read & ASKED
    asked = {one.name for found in columns_read(["Protein.sequence"]).values() for one in found}
    assert asked - read == {"Protein.sequence"}


@pytest.mark.parametrize("flavour", ["DLS", "ESRF"])
def test_the_grants_name_every_column_that_is_read_and_no_other(flavour):
    granted = set()
    for line in grants("ispyb", "panfair@10.0.0.%", flavour):
        found = re.fullmatch(r"GRANT SELECT \((.*)\) ON `ispyb`\.`(\w+)` TO 'panfair'@'10\.0\.0\.%';", line)
        granted |= {f"{found[2]}.{name}" for name in re.findall(r"`(\w+)`", found[1])}
    assert granted == {one.name for found in columns_read(flavour=flavour).values() for one in found}


@pytest.mark.parametrize("account", ["a'b@%", "panfair@%'; DROP", ""])
def test_a_name_that_sql_would_read_as_something_else_is_refused(account):
    with pytest.raises(ValueError, match="no name"):
        list(grants("ispyb", account, "DLS"))


def test_a_parameter_of_an_esrf_name_has_the_unit_that_the_esrf_gives_it():
    wrong = {}
    for column in columns():
        known = nexus.icat_parameter(column.becomes.format(shell="overall")) if column.is_parameter else None
        if known is not None and known.unit and known.unit != column.unit:
            wrong[column.name] = (column.unit, known.unit)
    assert wrong == {}
