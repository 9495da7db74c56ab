"""What was done for a resident stands in the district's table, once."""

import json
import threading
from collections.abc import Mapping
from typing import Any

import pytest

from app.settings.section import ConfigRefused, Section
from app.sync.outward.frontend import FrontEndOut, configured
from app.sync.outward.protocol import Declined, Undelivered
from app.sync.outward.transports import KINDS
from tests.exchange.frontend.servers import Server, rows_of

KEY = "service_request-0190-000001"
ENVELOPE = json.dumps(
    {"key": KEY, "kind": "request.accepted", "subject_kind": "service_request", "seq": 1},
    ensure_ascii=False,
).encode()
COLUMNS = {"key": "WYBS", "envelope": "NR", "kind": "LX", "seq": "XH"}


def _section(server: Server, url: str | None = None, **settings: Any) -> Section:
    told: Mapping[str, Any] = {
        "kind": server.kind,
        "url_env": "OUT_DB",
        "table": "T_BJJG",
        "columns": COLUMNS,
        **settings,
    }
    return Section("out", told, {"OUT_DB": url or server.url})


def _quoted(server: Server, words: str) -> str:
    return words if server.kind == "postgresql" else words.replace('"', "`")


@pytest.fixture
def out(server: Server) -> FrontEndOut:
    """Return the way into the district's table of outcomes."""
    server.do(
        _quoted(
            server,
            'CREATE TABLE "T_BJJG" ("WYBS" varchar(100) PRIMARY KEY, "NR" text NOT NULL,'
            ' "LX" varchar(20), "XH" int, "SJ" timestamp DEFAULT CURRENT_TIMESTAMP, "LSH" int)',
        )
    )
    return configured(_section(server))


def _told(server: Server) -> list[tuple[Any, ...]]:
    return rows_of(server, _quoted(server, 'SELECT "WYBS", "NR", "LX", "XH" FROM "T_BJJG"'))


def test_an_outcome_sent_twice_stands_there_once(server: Server, out: FrontEndOut) -> None:
    """The same key again is the same outcome: same receipt, one row, the first one."""
    receipt = out.send(KEY, ENVELOPE)
    assert out.send(KEY, ENVELOPE) == receipt
    assert configured(_section(server)).send(KEY, ENVELOPE) == receipt
    assert _told(server) == [(KEY, ENVELOPE.decode(), "request.accepted", 1)]


def test_another_outcome_under_a_key_waits_for_a_person(server: Server, out: FrontEndOut) -> None:
    """What stands there under the key is not what we say: no receipt for it, and no second try."""
    out.send(KEY, ENVELOPE)
    other = json.dumps({**json.loads(ENVELOPE), "kind": "request.settled"}).encode()
    with pytest.raises(Declined) as declined:
        out.send(KEY, other)
    assert declined.value.reason == "key-reused"
    assert [row[1] for row in _told(server)] == [ENVELOPE.decode()]


def test_an_envelope_that_the_table_writes_otherwise_is_the_same(server: Server) -> None:
    """A column of JSON keeps no blanks and no order, and hands back what it reads."""
    server.do(
        _quoted(
            server,
            'CREATE TABLE "T_BJJG" ("WYBS" varchar(100) PRIMARY KEY, "NR" json NOT NULL,'
            ' "LX" varchar(20), "XH" int)',
        )
    )
    out = configured(_section(server))
    receipt = out.send(KEY, ENVELOPE)
    assert out.send(KEY, ENVELOPE) == receipt
    with pytest.raises(Declined):
        out.send(KEY, ENVELOPE.replace(b"accepted", b"settled"))


def test_outcomes_sent_by_several_at_once_stand_there_once_each(
    server: Server, out: FrontEndOut
) -> None:
    """Two workers that both believe an outcome to be theirs do not make two of it."""
    keys = [f"{KEY}{n}" for n in range(3)]
    receipts: list[str] = []
    lanes = [
        threading.Thread(target=lambda: receipts.extend(out.send(key, ENVELOPE) for key in keys))
        for _ in range(4)
    ]
    for lane in lanes:
        lane.start()
    for lane in lanes:
        lane.join()
    assert sorted(receipts) == sorted(f"{server.kind}:{key}" for key in keys for _ in range(4))
    assert sorted(row[0] for row in _told(server)) == keys


def test_an_outcome_that_does_not_fit_waits_for_a_person(server: Server, out: FrontEndOut) -> None:
    """Too long for its column now is too long tomorrow."""
    long = json.dumps({**json.loads(ENVELOPE), "kind": "request." + "x" * 40}).encode()
    with pytest.raises(Declined) as declined:
        out.send(KEY, long)
    assert "xxx" not in declined.value.reason
    assert _told(server) == []


@pytest.mark.parametrize("envelope", [b"\xff", b"[]", b'{"kind": "k"}'])
def test_an_envelope_without_what_the_columns_tell_waits_for_a_person(
    out: FrontEndOut, envelope: bytes
) -> None:
    """It is a fault of ours that no other try mends."""
    with pytest.raises(Declined):
        out.send(KEY, envelope)


def test_without_a_unique_key_nothing_is_sent(server: Server) -> None:
    """Where a repeat would stand there twice, we wait until the district has mended its table."""
    words = 'CREATE TABLE "T_BJJG" ("WYBS" varchar(100), "NR" text, "LX" varchar(20), "XH" int)'
    server.do(_quoted(server, words))
    out = configured(_section(server))
    with pytest.raises(Undelivered, match="no unique key on WYBS"):
        out.send(KEY, ENVELOPE)
    server.do(_quoted(server, 'CREATE UNIQUE INDEX u ON "T_BJJG" ("WYBS")'))
    assert out.send(KEY, ENVELOPE)


def test_another_unique_key_in_the_way_is_no_receipt(server: Server, out: FrontEndOut) -> None:
    """A clash that is not about our key means that the outcome is not there."""
    server.do(_quoted(server, 'CREATE UNIQUE INDEX u ON "T_BJJG" ("XH")'))
    out.send(KEY, ENVELOPE)
    with pytest.raises(Undelivered, match="another unique key"):
        out.send("service_request-0191-000001", ENVELOPE)


def test_no_database_or_no_table_keeps_the_outcome(server: Server, out: FrontEndOut) -> None:
    """What is wrong over there says nothing about the outcome: it is tried again."""
    with pytest.raises(Undelivered):
        configured(_section(server, server.url_of(port=1))).send(KEY, ENVELOPE)
    with pytest.raises(Undelivered):
        configured(_section(server, table="T_NOWHERE")).send(KEY, ENVELOPE)
    with server.reader(_quoted(server, 'SELECT ON "T_BJJG"')) as url, pytest.raises(Undelivered):
        configured(_section(server, url)).send(KEY, ENVELOPE)


@pytest.mark.parametrize(
    "settings",
    [
        {"columns": {"key": "WYBS"}},
        {"columns": {**COLUMNS, "payload": "X"}},
        {"columns": {"key": "W; DROP", "envelope": "NR"}},
        {"table": "a.b.c"},
        {"url_env": "NOWHERE"},
        {"late_commit": "10m"},
    ],
)
def test_settings_that_mean_nothing_are_refused(server: Server, settings: dict[str, Any]) -> None:
    """At the start, not at the first outcome."""
    with pytest.raises(ConfigRefused):
        configured(_section(server, **settings))


def test_the_ways_out_know_this_one() -> None:
    """A source's [out] may name the databases."""
    assert {"postgresql", "mysql"} <= KINDS.keys()
