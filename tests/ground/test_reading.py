"""Cursors are kept for what is read again and again, and are never in the way."""

from datetime import date
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from flask import Flask

from app.database import read
from app.database.reading import ROWS, STATEMENTS, _own

VALUE = "SELECT %(value)s AS value"


@pytest.mark.parametrize("value", [7, "七", None, True, 2.5, uuid4(), date(2026, 1, 1), [1, 2]])
def test_a_statement_is_read_again_with_whatever_it_is_given(app: Flask, value: Any) -> None:
    read(VALUE, {"value": 1})
    cursor = _own.cursors[VALUE][0]
    assert read(VALUE, {"value": value})[0].value == value
    assert read(VALUE, {"value": 1})[0].value == 1
    assert _own.cursors[VALUE][0] is cursor


def test_a_thread_keeps_the_cursors_that_it_used_last(app: Flask) -> None:
    first = "SELECT 0 AS n"
    for n in range(2 * STATEMENTS):
        assert read(f"SELECT {n} AS n")[0].n == n
        read(first)
    assert len(_own.cursors) == STATEMENTS
    assert first in _own.cursors
    assert "SELECT 1 AS n" not in _own.cursors


def test_a_long_answer_is_not_kept(app: Flask) -> None:
    series = "SELECT n FROM generate_series(1, %(most)s) n"
    for most in (1, ROWS, ROWS + 1):
        assert len(read(series, {"most": most})) == most
        assert (series in _own.cursors) is (most <= ROWS)


def test_a_refused_statement_is_read_again(app: Flask) -> None:
    share = "SELECT 6 / %(by)s::int AS share"
    assert read(share, {"by": 2})[0].share == 3
    with pytest.raises(psycopg.errors.DivisionByZero):
        read(share, {"by": 0})
    assert read(share, {"by": 3})[0].share == 2


def test_a_cursor_goes_with_its_connection(app: Flask) -> None:
    mine = "SELECT pg_backend_pid() AS pid"
    pid = read(mine)[0].pid
    assert _own.connection is not None
    _own.connection.close()
    assert read(mine)[0].pid != pid
    assert {kept[0].connection for kept in _own.cursors.values()} == {_own.connection}
