"""A deed is written whole or not at all, and who only reads holds nothing."""

from contextlib import suppress
from typing import Any

import pytest
from flask import Flask

from app.database import apart, db, read, transaction, write
from app.errors import Conflict
from app.identity.models import AttemptCounter
from app.privacy import vault

ADD = """
INSERT INTO attempt_counter (kind, who, "window", n)
VALUES (%(kind)s, '\\x00', now(), 1) RETURNING kind
"""


def add(kind: str) -> None:
    write(ADD, {"kind": kind})


def kinds() -> list[str]:
    """Return what others see."""
    return [row.kind for row in apart("SELECT kind FROM attempt_counter ORDER BY kind")]


def test_nested_deeds_are_one_and_the_outermost_commits(app: Flask) -> None:
    with transaction() as outer:
        add("a")
        with transaction() as inner:
            assert inner is outer
            add("b")
            with transaction():
                add("c")
        assert kinds() == [], "nobody sees a part of a deed"
    assert kinds() == ["a", "b", "c"]


def _fail_at(depth: int) -> None:
    with transaction():
        add("outer")
        with transaction():
            add("inner")
            if depth == 2:
                raise Conflict
        if depth == 1:
            raise Conflict


@pytest.mark.parametrize("depth", [1, 2])
def test_a_refusal_anywhere_undoes_all_of_it(app: Flask, depth: int) -> None:
    with pytest.raises(Conflict):
        _fail_at(depth)
    assert kinds() == []
    with transaction():
        add("next")
    assert kinds() == ["next"], "the session is good for the next deed"


def _interrupted() -> None:
    with transaction():
        add("a")
        raise KeyboardInterrupt


def test_a_process_that_is_stopped_leaves_nothing(app: Flask) -> None:
    with pytest.raises(KeyboardInterrupt):
        _interrupted()
    assert kinds() == []


def test_an_inner_refusal_that_is_swallowed_leaves_no_half_of_the_inner_deed(app: Flask) -> None:
    with suppress(Exception), transaction():
        add("outer")
        with suppress(Conflict), transaction():
            add("half")
            raise Conflict
    assert "half" not in kinds()


def states() -> set[tuple[str, bool]]:
    """Return what the other connections of this database are doing."""
    sql = (
        "SELECT state, backend_xmin IS NOT NULL OR xact_start IS NOT NULL AS held"
        " FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND backend_type = 'client backend'"
    )
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        return {(row.state, row.held) for row in connection.exec_driver_sql(sql)}


def test_who_has_read_holds_no_transaction_open(app: Flask) -> None:
    read("SELECT code FROM area LIMIT 1")
    assert states() == {("idle", False)}


def test_who_writes_outside_a_deed_is_told_so(app: Flask) -> None:
    with pytest.raises(RuntimeError, match=r"outside transaction\(\)"):
        add("a")
    assert kinds() == []


def test_a_deed_reads_what_it_has_written(app: Flask) -> None:
    with transaction():
        add("a")
        assert [row.kind for row in read("SELECT kind FROM attempt_counter")] == ["a"]
    assert [row.kind for row in read("SELECT kind FROM attempt_counter")] == ["a"]


def test_a_deed_reads_the_rows_that_it_has_added(app: Flask) -> None:
    with transaction() as session:
        now: Any = read("SELECT now() AS now")[0].now
        who = vault.index("trial", "who")
        session.add(AttemptCounter(kind="a", who=who, window=now, n=1))
        assert [row.kind for row in read("SELECT kind FROM attempt_counter")] == ["a"]


def _counted_and_refused() -> None:
    with transaction():
        add("deed")
        apart(ADD, {"kind": "count"})
        raise Conflict


def test_what_is_done_apart_stays_when_the_deed_is_undone(app: Flask) -> None:
    with pytest.raises(Conflict):
        _counted_and_refused()
    assert kinds() == ["count"]


def test_a_reader_whose_connection_was_cut_reads_on(app: Flask) -> None:
    (own,) = apart("SELECT pg_backend_pid() AS pid")
    with transaction():
        write("SELECT pg_terminate_backend(%(pid)s)", {"pid": own.pid})
    (again,) = apart("SELECT pg_backend_pid() AS pid")
    assert again.pid != own.pid


def test_a_deed_whose_connection_was_cut_is_undone_and_the_next_is_done(app: Flask) -> None:
    with pytest.raises(Exception, match="terminat"), transaction():  # noqa: PT012
        add("lost")
        (own,) = read("SELECT pg_backend_pid() AS pid")
        apart("SELECT pg_terminate_backend(%(pid)s)", {"pid": own.pid})
        add("lost too")
    with transaction():
        add("next")
    assert kinds() == ["next"]
