"""Whatever people write reaches the server as they wrote it."""

import numpy as np
import pyarrow as pa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.database import read, transaction, write
from app.database.bulk import copy_in
from app.sync.inward.tuples import LENGTH, WHOLE, laid

SIGNS = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
TEXT = st.text(SIGNS, max_size=8)
AWKWARD = st.text(st.sampled_from("\\Nnrt.x\"'\n\r\t,\x1f丹"), min_size=1, max_size=6)
CELL = st.none() | TEXT | AWKWARD
NUMBER = st.integers(-(2**63), 2**63 - 1)
ROW = st.tuples(CELL, NUMBER, st.booleans(), CELL, st.binary(max_size=4))

TAKEN = """
CREATE TEMP TABLE taken (place int, a text, n bigint, mark bytea, yes boolean, c text, b bytea)
ON COMMIT DROP
"""


@settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(ROW, max_size=6), st.integers(0, 3))
def test_rows_of_any_values_come_out_as_they_went_in(
    app: Flask, table: list[tuple[str | None, int, bool, str | None, bytes]], begin: int
) -> None:
    first, last = (pa.array([row[n] for row in table], pa.string()).slice(begin) for n in (0, 3))
    table = table[begin:]
    columns = [
        np.arange(len(table), dtype=LENGTH),
        first,
        np.array([row[1] for row in table], WHOLE),
        np.full(len(table), b"\xff\x00\x01", "V3"),
        np.array([row[2] for row in table], bool),
        last,
        pa.array([row[4] for row in table], pa.binary()),
    ]
    with app.app_context(), transaction():
        write(TAKEN)
        names = ["place", "a", "n", "mark", "yes", "c", "b"]
        taken = copy_in("taken", names, [laid(columns)])
        found = read("SELECT a, n, yes, c, b, mark FROM taken ORDER BY place")
    assert taken == len(table)
    assert [(row.a, row.n, row.yes, row.c, bytes(row.b)) for row in found] == table
    assert {bytes(row.mark) for row in found} <= {b"\xff\x00\x01"}
