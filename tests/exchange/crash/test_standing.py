"""How things stand is told by all that is there: whatever changes in a column is seen."""

from collections.abc import Mapping

import pytest

from app.database import read, transaction, write
from app.privacy import SealBroken
from app.sync import Stream
from tests.exchange.crash.readings import Readings
from tests.exchange.crash.records import SOURCE
from tests.exchange.crash.standing import NAMES, OURS, standing

COLUMNS = """
SELECT column_name AS name, data_type AS kind FROM information_schema.columns
WHERE table_schema = current_schema() AND table_name = %(table)s ORDER BY ordinal_position
"""
BY_CHANCE = {"id", "first_batch", "last_batch", "deleted_at"}
OTHERWISE = {
    "text": "coalesce({}, '') || 'x'",
    "bigint": "{} + 1",
    "date": "coalesce({}, '2024-01-01') + 1",
    "bytea": "'\\x00'::bytea",
    "ARRAY": "{} || 'x'::text",
    "uuid": "(SELECT a.id FROM account a WHERE a.id <> {} AND a.phone_index IS NOT NULL LIMIT 1)",
}
TABLES = {table: ours.replace("%%", "%") for table, ours in OURS.items()}
TABLES |= {f"src_{name}": f"source = '{SOURCE}' AND deleted_at IS NULL" for name in NAMES}
TABLES["sync_code"] = f"source = '{SOURCE}'"


class Undone(Exception):
    """Takes back what was tried."""


@pytest.mark.parametrize("table", TABLES)
def test_whatever_changes_in_a_column_is_seen(
    readings: Readings, streams: Mapping[str, Stream], table: str
) -> None:
    assert readings.run()[0] == 0
    before, unseen = standing(streams), []
    assert read(f"SELECT FROM {table} WHERE {TABLES[table].replace('%', '%%')}", {})
    for column in read(COLUMNS, {"table": table}):
        if column.name not in BY_CHANCE and not seen(streams, before, table, column):
            unseen.append(column.name)
    assert not unseen


def seen(
    streams: Mapping[str, Stream], before: object, table: str, column: tuple[str, str]
) -> bool:
    """Tell whether it is seen that one row of a table has something else in a column."""
    name, kind = column
    one = f"ctid = (SELECT ctid FROM {table} WHERE {TABLES[table]} ORDER BY 1 LIMIT 1)"
    sql = f"UPDATE {table} SET {name} = {OTHERWISE[kind].format(name)} WHERE {one}"
    try:
        with transaction():
            write(sql.replace("%", "%%"), {})
            if standing(streams) == before:
                return False
            raise Undone
    except (Undone, SealBroken):
        return True
