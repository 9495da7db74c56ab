"""Every table that holds people's rows is guarded by the server, or says here why it is not."""

import re

from flask import Flask
from sqlalchemy import Column, Table, Uuid

from app.database import Model, read
from app.privacy import Pii

KEYED = (Pii.PERSONAL, Pii.SENSITIVE, Pii.SECRET)
NAMES_SOMEBODY = re.compile(r"(^|_)(account|resident|household|session)(_id)?$|_by$|^subject$")

MIRROR = "the exchange fills it by COPY, which the server refuses for a guarded table"
UNGUARDED = {
    "src_addresses": MIRROR,
    "src_correction_answers": MIRROR,
    "src_enterprises": MIRROR,
    "src_residents": MIRROR,
    "src_staff": MIRROR,
    "notice": "what is published is everybody's to read; it names who of the staff wrote it",
}
"""Names may only leave this list: one that is guarded fails, and so does one that holds nobody."""

GUARDED = """
SELECT c.relname AS name, c.relforcerowsecurity AS forced,
  (SELECT array_agg(p.cmd || ' ' || p.qual) FROM pg_policies p
   WHERE p.schemaname = 'public' AND p.tablename = c.relname AND p.permissive = 'PERMISSIVE'
     AND p.cmd <> 'INSERT' AND p.roles = '{public}') AS reach
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relrowsecurity
"""


def names_somebody(column: Column[object]) -> bool:
    return column.info["pii"] in KEYED or (
        NAMES_SOMEBODY.search(column.name) is not None and isinstance(column.type, Uuid)
    )


def of_people(table: Table) -> bool:
    return any(names_somebody(column) for column in table.columns) or table.name == "household"


def test_every_table_of_people_is_guarded_or_says_why_not(app: Flask) -> None:
    guarded = {row.name for row in read(GUARDED)}
    people = {table.name for table in Model.metadata.sorted_tables if of_people(table)}
    open_ = people - guarded
    assert open_ - set(UNGUARDED) == set(), "guard it (app/database/migrations/rows.py)"
    assert set(UNGUARDED) - open_ == set(), "guarded by now, or nobody's: take it off the list"
    assert all(len(why.split()) > 5 for why in UNGUARDED.values())


def test_whoever_owns_a_guarded_table_is_bound_and_no_policy_lets_everybody_pass(
    app: Flask,
) -> None:
    for row in read(GUARDED):
        assert row.forced, row.name
        assert row.reach, f"{row.name} is closed to everybody: a mistake, or no table of ours"
        for each in row.reach:
            assert "linli_sees_all()" in each, (row.name, each)
            assert " true" not in each.lower(), (row.name, each)
