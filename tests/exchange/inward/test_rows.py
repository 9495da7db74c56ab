"""Whatever people write reaches the server as they wrote it."""

import pyarrow as pa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.database import read, transaction, write
from app.database.bulk import copy_in, copy_text
from app.sync.inward import rows

SIGNS = st.characters(exclude_categories=["Cs"], exclude_characters="\x00\x1f")
TEXT = st.text(SIGNS, min_size=1, max_size=8)
AWKWARD = st.text(st.sampled_from("\\Nnrt.x\"'\n\r\t,丹"), min_size=1, max_size=6)
CELL = st.none() | TEXT | AWKWARD


@settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(CELL, CELL, st.binary(max_size=4)), max_size=6), st.integers(0, 3))
def test_rows_of_any_text_come_out_as_they_went_in(
    app: Flask, table: list[tuple[str | None, str | None, bytes]], begin: int
) -> None:
    parts = [[row[place] for row in table] for place in (0, 1)]
    first, second = (pa.array(part, pa.string()).slice(begin) for part in parts)
    table = table[begin:]
    number = pa.array(range(len(table)), pa.int64())
    columns = [number, first, rows._bytes([row[2] for row in table]), second]
    with app.app_context(), transaction():
        write("CREATE TEMP TABLE taken (place bigint, a text, b bytea, c text) ON COMMIT DROP")
        taken = copy_in("taken", ["place", "a", "b", "c"], rows._written(columns, [first, second]))
        found = read("SELECT a, c, b FROM taken ORDER BY place")
    assert taken == len(table)
    assert [(row.a, row.c, bytes(row.b)) for row in found] == table


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(TEXT | AWKWARD)
def test_a_text_that_is_written_by_itself_comes_out_as_it_went_in(app: Flask, text: str) -> None:
    with app.app_context(), transaction():
        write("CREATE TEMP TABLE taken (a text) ON COMMIT DROP")
        copy_in("taken", ["a"], [(copy_text(text) + "\n").encode()])
        ((found,),) = read("SELECT a FROM taken")
    assert found == text
