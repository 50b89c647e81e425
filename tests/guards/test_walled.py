"""Every table that names an organisation, or hangs on one that does, is behind the second wall or has its reason."""

import pytest

from app import walled
from app.tables import metadata

INSIDE = {*walled.BY_COLUMN, *walled.BY_PARENT}
PARENTS = {parent for parent, _ in walled.BY_PARENT.values()}
POLICIES = "SELECT tablename, policyname, cmd, permissive, roles::text, qual, with_check FROM pg_policies ORDER BY 1"
FENCED = "SELECT relname FROM pg_class WHERE relrowsecurity"


def test_no_table_that_names_an_organisation_is_forgotten():
    naming = {name for name, table in metadata.tables.items() if "organisation_code" in table.columns}
    assert naming == {*walled.BY_COLUMN} | {name for name in walled.OUTSIDE if name in naming}
    hanging = {
        table.name
        for table in metadata.tables.values()
        if any(key.column.table.name in PARENTS for key in table.foreign_keys)
    }
    assert hanging <= INSIDE | set(walled.OUTSIDE)
    assert not INSIDE & set(walled.OUTSIDE)


def test_no_walled_row_can_be_of_no_organisation():
    for name in walled.BY_COLUMN:
        assert not metadata.tables[name].c.organisation_code.nullable, name
    for name, (_, column) in walled.BY_PARENT.items():
        assert not metadata.tables[name].c[column].nullable, name


@pytest.mark.parametrize("_store", ["postgresql"], indirect=True)
def test_the_database_has_the_wall_that_the_list_describes(db):
    found = {row.tablename: row for row in db.connection().exec_driver_sql(POLICIES)}
    assert set(found) == INSIDE == set(db.connection().exec_driver_sql(FENCED).scalars())
    for name, row in found.items():
        assert (row.policyname, row.cmd, row.permissive, row.roles, row.with_check) == (
            "within_scope", "ALL", "PERMISSIVE", "{debtor_returns_bound}", None,
        ), name  # fmt: skip
        words = row.qual.replace("\n", " ")
        if name in walled.BY_PARENT:
            parent, column = walled.BY_PARENT[name]
            assert f"FROM {parent}" in words and f"{parent}.id" in words and f"{name}.{column}" in words
        else:
            assert "(organisation_code)::text = ANY" in words
            assert "current_setting('debtor_returns.scope'::text, true)" in words
