"""A database that is down, slow or different is told in words, never with anybody's data."""

import socket
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import make_url

from app.sync.connectors.frontend import dialect_of
from app.sync.connectors.frontend.session import session
from app.sync.connectors.frontend.settings import read_settings
from app.sync.connectors.protocol import SourceAway, SourceRefused
from tests.exchange.frontend.clocked import NOON
from tests.exchange.frontend.relay import dying_line
from tests.exchange.frontend.residents import Residents, Taken, config_of, reader
from tests.exchange.frontend.servers import Server

FAST = {"timeout": "1s"}


def _tcp(server: Server) -> None:
    if (make_url(server.url).host or "/").startswith("/"):
        pytest.skip("this server is not reached over TCP")


def test_nobody_listens(server: Server) -> None:
    """No server: the source is away, and the next run finds it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(SourceAway):
        Taken().read(reader(server, server.url_of(port=port)))


def test_somebody_listens_and_says_nothing(server: Server) -> None:
    """A dead machine behind a live address is given up within seconds."""
    with socket.create_server(("127.0.0.1", 0)) as mute, pytest.raises(SourceAway):
        Taken().read(reader(server, server.url_of(port=mute.getsockname()[1]), FAST))


def test_the_line_dies_in_the_middle_of_a_query(residents: Residents) -> None:
    """A server that stands still holds up a reading for as long as it may, and no longer."""
    _tcp(residents.server)
    word = b"DECLARE" if residents.server.kind == "postgresql" else b"FROM `t_rkxx`"
    with dying_line(residents.server.port, word) as port:
        source = reader(residents.server, residents.server.url_of(port=port), FAST)
        with pytest.raises(SourceAway):
            Taken().read(source)


def test_a_query_that_takes_too_long_is_given_up(server: Server) -> None:
    """A statement has its time; a view that computes for half a minute does not hold us up."""
    slow = "pg_sleep(30)::text" if server.kind == "postgresql" else "SLEEP(30)"
    server.do(
        "CREATE TABLE t (ryid varchar(9), bb int, gxsj timestamp NULL)",
        "INSERT INTO t VALUES ('A', 1, '2026-01-01 00:00:00')",
        f"CREATE VIEW t_rkxx AS SELECT ryid, bb, {slow} AS xm, gxsj FROM t",
    )
    with pytest.raises(SourceAway):
        Taken().read(reader(server, options=FAST))


def _kill(server: Server, connection: Any) -> None:
    if server.kind == "postgresql":
        server.admin(f"SELECT pg_terminate_backend({connection.info.backend_pid})")
    else:
        server.admin(f"KILL {connection.thread_id()}")


def test_a_connection_that_is_killed_leaves_what_was_read(residents: Residents) -> None:
    """Pages stand for themselves: those before the fault are kept, the rest comes the next time."""
    config = config_of(residents.server)
    database, _ = read_settings(config, dialect_of(config.kind))
    with session(database) as held:
        _kill(residents.server, held.connection)
        with pytest.raises(SourceAway):
            held.clock()
    for number in range(4):
        residents.put(f"R{number}", changed=NOON - timedelta(days=number + 1))
    taken = Taken()
    taken.read(residents.reader(), size=2, most=1)
    assert taken.read(residents.reader(), size=2) == ["R1", "R0"]


@pytest.mark.parametrize(
    ("stream", "code"),
    [
        ({"table": "t_nobody"}, "NO_SUCH_TABLE"),
        ({"table": "nowhere.t_rkxx"}, "NO_SUCH_TABLE"),
        ({"columns": {"sid": "ryid", "ver": "bb", "name": "mz"}}, "NO_SUCH_COLUMN"),
        ({"changed": "mz"}, "NO_SUCH_COLUMN"),
    ],
)
def test_what_is_not_there_is_refused_by_name(
    residents: Residents, stream: dict[str, Any], code: str
) -> None:
    """Settings that do not fit the database are a matter for people, not for another try."""
    with pytest.raises(SourceRefused) as refused:
        Taken().read(reader(residents.server, **stream))
    assert refused.value.code == code


def test_an_account_without_rights_is_refused(residents: Residents) -> None:
    """Who may not read the table is told so."""
    with (
        residents.server.reader() as url,
        pytest.raises(SourceRefused, match=r"NO_ACCESS|NO_SUCH_TABLE"),
    ):
        Taken().read(reader(residents.server, url))


def test_a_reader_may_do_nothing_but_read(residents: Residents) -> None:
    """Even an account that may write cannot, in a session that reads."""
    config = config_of(residents.server)
    database, _ = read_settings(config, dialect_of(config.kind))
    with session(database) as held, pytest.raises(database.dialect.faults.drivers):
        held.connection.cursor().execute("DELETE FROM t_rkxx")


def _wrong_key(residents: Residents) -> None:
    next(residents.reader().fetch("residents", ["310101199001011234"]), None)


def _wrong_place(residents: Residents) -> None:
    place = {"changed": "2026-01-01T00:00:00", "sid": "310101199001011234"}
    list(residents.reader(changed="mz").pages("residents", place, 10))


@pytest.mark.parametrize("deed", [_wrong_key, _wrong_place])
def test_no_refusal_repeats_a_value(
    residents: Residents, deed: Callable[[Residents], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words, causes and contexts of what is raised hold neither keys nor the password."""
    residents.server.do("DROP TABLE t_rkxx")
    with pytest.raises(SourceRefused) as refused:
        deed(residents)
    told: BaseException | None = refused.value
    while told is not None:
        assert "310101199001011234" not in repr(told)
        told = told.__cause__ or (None if told.__suppress_context__ else told.__context__)
