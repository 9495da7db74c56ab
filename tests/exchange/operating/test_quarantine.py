"""Rows that are no records: looked at with a reason, mended by a rule, or judged no matter."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from app.database import read, transaction, write
from app.privacy import vault
from app.sync.contract.kinds import Kind
from app.sync.contract.records import Reject
from app.sync.contract.stream import Field, Stream
from app.sync.inward.quarantine import put_aside as put_away
from tests.exchange.drops import District, keys_of
from tests.exchange.operating.desk import Desk
from tests.exchange.records import area, resident
from tests.people import Caller, Person, staff_with

SECRET = "口令号码"


def put_aside(desk: Desk, district: District, *rows: dict[str, object]) -> list[str]:
    """Send residents, of whom some are none, and return the names of the open rows."""
    district.drop("", True, residents=list(rows))
    assert desk.type("run", "try-out").code == 0
    return [row.digest for row in standing("open")]


def standing(status: str) -> list[Any]:
    """Return what is in quarantine in that state."""
    sql = "SELECT * FROM sync_quarantine WHERE source = 'try-out' AND status = %(status)s"
    return read(sql, {"status": status})


def deeds() -> list[tuple[str, str | None]]:
    found = read("SELECT deed, facts->>'why' AS why FROM audit_entry ORDER BY id")
    return [(row.deed, row.why) for row in found]


def accept(monkeypatch: pytest.MonkeyPatch, stream: Stream, field: str) -> None:
    """Have a field take any text from now on, as after its rule was mended."""
    lax = Kind("text", str.strip, ".*")
    fields: tuple[Field, ...] = tuple(
        replace(each, kind=lax) if each.name == field else each for each in stream.fields
    )
    monkeypatch.setitem(stream.__dict__, "fields", fields)


def test_the_list_says_why_and_not_what(desk: Desk, settled: District) -> None:
    (digest,) = put_aside(desk, settled, resident(1), resident(2, phone=SECRET))
    said = desk.type("quarantine", "list")
    why = "NOT_A_PHONE phone: not a mobile number"
    assert said.lines == [f"{digest}  try-out residents TRY-R2  {why}  1 times"]
    assert desk.type("quarantine", "list", "--source", "district").words == ""
    assert desk.type("quarantine", "list", "--stream", "points").words == ""
    assert deeds() == []


def test_the_api_says_why_in_the_language_of_who_asks(
    desk: Desk, settled: District, sign_in: Callable[[Person], Caller]
) -> None:
    put_aside(desk, settled, resident(2, phone=SECRET))
    auditor = sign_in(staff_with("auditor"))
    for headers, words in (
        ({}, "不是手机号码"),
        ({"Accept-Language": "en"}, "not a mobile number"),
    ):
        answer = auditor.get("/api/v1/sync/quarantine?status=open&limit=100", headers=headers)
        items = (answer.json or {})["items"]
        (ours,) = (each for each in items if each["source"] == "try-out")
        assert (ours["code"], ours["reason"]) == ("NOT_A_PHONE", words)
        assert SECRET not in answer.text


def test_the_list_is_as_long_as_one_wants(desk: Desk, settled: District) -> None:
    put_aside(desk, settled, *(resident(n, phone="x") for n in range(5)))
    assert len(desk.type("quarantine", "list", "--limit", "3").lines) == 3


def test_who_looks_at_a_row_says_why_and_that_is_kept(desk: Desk, settled: District) -> None:
    (digest,) = put_aside(desk, settled, resident(2, phone=SECRET))
    assert desk.type("quarantine", "show", digest).code == 2, "without a reason nobody looks"
    said = desk.type("quarantine", "show", digest, "--reason", "the sender asked")
    assert said.code == 0
    assert SECRET in said.words
    assert deeds() == [("sync.quarantine.revealed", "the sender asked")]


def test_a_look_that_cannot_be_kept_is_no_look(
    desk: Desk, settled: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    (digest,) = put_aside(desk, settled, resident(2, phone=SECRET))

    def full(*_: object, **__: object) -> None:
        raise OSError("no room for the audit trail")

    monkeypatch.setattr("app.sync.looking.audit", full)
    done = desk.app.test_cli_runner().invoke(
        args=["sync", "quarantine", "show", digest, "--reason", "x"]
    )
    assert done.exit_code != 0
    assert SECRET not in done.output


def test_a_row_whose_key_is_gone_is_no_crash(desk: Desk, settled: District) -> None:
    (digest,) = put_aside(desk, settled, resident(2, phone=SECRET))
    with transaction():
        other = vault.seal("sync_quarantine.raw", "another row", "{}")
        write("UPDATE sync_quarantine SET raw_sealed = %(raw)s", {"raw": other})
    said = desk.type("quarantine", "show", digest, "--reason", "x")
    assert said.code == 1
    assert "sealed with a key that is not here" in said.words


@pytest.mark.parametrize("command", ["show", "dismiss"])
def test_a_row_that_is_not_there_is_said_to_be_none(desk: Desk, command: str) -> None:
    said = desk.type("quarantine", command, "0" * 32, "--reason", "x")
    assert said.code == 1
    assert "no such row" in said.words
    assert deeds() == []


def test_a_mended_rule_makes_records_of_the_rows_it_kept_out(
    desk: Desk, settled: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_aside(desk, settled, resident(1), resident(2, relation="cousin"), resident(3, phone="x"))
    assert keys_of("resident") == ["TRY-R1"]
    said = desk.type("quarantine", "replay", "try-out", "residents")
    assert said.words == "0 rows are records now, 2 are still none\n"
    with monkeypatch.context() as mended:
        accept(mended, settled.named("residents"), "relation")
        said = desk.type("quarantine", "replay", "try-out", "residents")
    assert (said.code, said.words) == (0, "1 rows are records now, 1 are still none\n")
    assert keys_of("resident") == ["TRY-R1", "TRY-R2"]
    assert [row.sid for row in standing("open")] == ["TRY-R3"]
    assert [row.sid for row in standing("replayed")] == ["TRY-R2"]


def test_a_newer_record_is_not_undone_by_a_row_that_is_read_again(
    desk: Desk, settled: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was put aside in spring says nothing against what was sent in autumn."""
    put_aside(desk, settled, resident(1, ver=1, relation="cousin"))
    with transaction():  # as if the newer one had come by another way than a reading
        write("UPDATE sync_quarantine SET sid = 'TRY-R9'")
    settled.drop("", True, residents=[resident(1, ver=2, relation="child")])
    assert desk.type("run", "try-out").code == 0
    accept(monkeypatch, settled.named("residents"), "relation")
    assert desk.type("quarantine", "replay", "try-out", "residents").code == 0
    (row,) = read("SELECT relation FROM resident WHERE sid = 'TRY-R1'")
    assert row.relation == "child"


def come_in(desk: Desk, district: District, *rows: dict[str, object]) -> None:
    """Have the changes of some residents read, whatever comes of them."""
    district.drop("", False, residents=list(rows))
    assert desk.type("run", "try-out").code == 0


def test_what_is_older_than_a_row_that_was_put_aside_does_not_close_it(
    desk: Desk, settled: District
) -> None:
    """The newest of its key is still missing here, whatever else comes late."""
    come_in(desk, settled, resident(1, ver=9, phone="x"))
    come_in(desk, settled, resident(1, ver=8))
    assert [row.ver for row in standing("open")] == [9]
    come_in(desk, settled, resident(1, ver=9))
    assert standing("open") == []
    assert [row.ver for row in standing("superseded")] == [9]


@pytest.mark.parametrize("news", [{}, {"op": "D"}], ids=["mended", "deleted"])
@pytest.mark.parametrize("ver", [1, 2], ids=["with the same version", "with a new one"])
def test_a_row_that_is_told_again_after_it_was_mended_stays_closed(
    desk: Desk, settled: District, news: dict[str, object], ver: int
) -> None:
    """Feeds overlap and files are read again: what is mended is not opened by that."""
    come_in(desk, settled, resident(1, ver=1, phone="x"))
    come_in(desk, settled, resident(1, ver=ver, **news))
    (before,) = standing("superseded")
    come_in(desk, settled, resident(1, ver=1, phone="x"), resident(2))
    (after,) = standing("superseded")
    assert (after.times, after.closed_at) == (2, before.closed_at)
    assert standing("open") == []
    come_in(desk, settled, resident(1, ver=1, phone="x"), resident(1, ver=3, phone="y"))
    assert [(row.ver, row.closed_at) for row in standing("open")] == [(3, None)]


def test_a_row_that_is_news_under_an_old_version_is_open(desk: Desk, settled: District) -> None:
    """A source that forgets to count spoils a record: that must not go unseen."""
    come_in(desk, settled, resident(1, ver=1))
    come_in(desk, settled, resident(1, ver=1, phone="x"))
    assert [row.ver for row in standing("open")] == [1]


def test_a_row_that_comes_after_what_mended_it_is_closed_at_once(
    desk: Desk, settled: District
) -> None:
    come_in(desk, settled, resident(1, ver=2))
    come_in(desk, settled, resident(1, ver=1, phone="x"))
    (row,) = standing("superseded")
    assert row.closed_at
    assert standing("open") == []


def test_a_row_that_is_put_aside_again_is_no_record(desk: Desk, settled: District) -> None:
    """A code stays taken however often its second holder is read again, and that stays said."""
    areas = [area("TRY-G", None) | {"sid": f"TRY-G{n}"} for n in (1, 2)]
    for row in areas:
        settled.drop("", False, areas=[row])
        assert desk.type("run", "try-out").code == 0
    said = desk.type("quarantine", "replay", "try-out", "areas")
    assert said.words == "0 rows are records now, 1 are still none\n"
    assert [(r.sid, r.ver, r.code, r.times) for r in standing("open")] == [
        ("TRY-G2", 1, "CODE_REUSED", 2)
    ]


def test_a_row_that_is_put_aside_for_another_fault_is_no_record(
    desk: Desk, settled: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled.drop("", False, areas=[area("TRY-G", None)])
    assert desk.type("run", "try-out").code == 0
    row = area("TRY-G", None) | {"sid": "TRY-H", "level": "hamlet", "op": "U"}
    settled.drop("", False, areas=[row])
    assert desk.type("run", "try-out").code == 0
    accept(monkeypatch, settled.named("areas"), "level")
    said = desk.type("quarantine", "replay", "try-out", "areas")
    assert said.words == "0 rows are records now, 1 are still none\n"
    assert standing("replayed") == []
    assert {row.code for row in standing("open")} == {"NOT_A_CHOICE", "CODE_REUSED"}


@pytest.mark.parametrize("raw", ['{"sid": "TRY-R1", "n": 1e300}', '{"sid": "TRY-R1"}', "{}", "["])
def test_what_was_put_aside_as_a_whole_is_not_tried(
    desk: Desk, settled: District, raw: str
) -> None:
    """It may look like a record, as a number that no table can hold does; it was none."""
    whole = Reject("TRY-R1", "NUMBER_NOT_EXACT", "", raw)
    with transaction():
        put_away("try-out", settled.named("residents"), [whole])
    come_in(desk, settled, resident(2, phone="x"))
    said = desk.type("quarantine", "replay", "try-out", "residents")
    assert said.code == 0, said.words
    assert sorted((row.code, row.times) for row in standing("open")) == [
        ("NOT_A_PHONE", 2),
        ("NUMBER_NOT_EXACT", 1),
    ]
    assert standing("replayed") == []


def test_a_row_whose_key_is_gone_does_not_keep_the_others_from_being_tried(
    desk: Desk, settled: District
) -> None:
    put_aside(desk, settled, resident(2, phone="x"))
    with transaction():
        other = vault.seal("sync_quarantine.raw", "another row", "{}")
        write("UPDATE sync_quarantine SET raw_sealed = %(raw)s", {"raw": other})
    come_in(desk, settled, resident(3, phone="x"))
    assert desk.type("quarantine", "replay", "try-out", "residents").code == 0
    assert sorted((row.sid, row.times) for row in standing("open")) == [
        ("TRY-R2", 1),
        ("TRY-R3", 2),
    ]


def test_rows_of_different_columns_are_read_again_as_they_came(
    desk: Desk, settled: District
) -> None:
    come_in(desk, settled, resident(1, phone="x"))
    come_in(desk, settled, resident(2, phone="x", op="U"))
    said = desk.type("quarantine", "replay", "try-out", "residents")
    assert said.words == "0 rows are records now, 2 are still none\n"
    assert sorted((row.sid, row.times) for row in standing("open")) == [
        ("TRY-R1", 2),
        ("TRY-R2", 2),
    ]
    assert standing("replayed") == []


def test_a_stream_that_nobody_knows_is_named(desk: Desk) -> None:
    said = desk.type("quarantine", "replay", "try-out", "nonsense")
    assert (said.code, said.words) == (1, "Error: nobody knows the stream nonsense\n")


def test_what_is_dismissed_is_neither_replayed_nor_opened_again(
    desk: Desk, settled: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    (digest,) = put_aside(desk, settled, resident(2, relation="cousin"))
    said = desk.type("quarantine", "dismiss", digest, "--reason", "a test row of theirs")
    assert said.code == 0
    assert deeds() == [("sync.quarantine.dismissed", "a test row of theirs")]
    settled.drop("sent again", True, residents=[resident(2, relation="cousin")])
    assert desk.type("run", "try-out").code == 0
    assert desk.type("quarantine", "list").words == ""
    accept(monkeypatch, settled.named("residents"), "relation")
    said = desk.type("quarantine", "replay", "try-out", "residents")
    assert said.words == "0 rows are records now, 0 are still none\n"
    assert keys_of("resident") == []
    assert [row.times for row in standing("dismissed")] == [2]


def test_a_closed_row_is_not_closed_again(desk: Desk, settled: District) -> None:
    """A row that is a record by now was a matter after all: its history stays as it is."""
    (digest,) = put_aside(desk, settled, resident(2, relation="cousin"))
    put_aside(desk, settled, resident(2))
    assert [row.digest for row in standing("superseded")] == [digest]
    said = desk.type("quarantine", "dismiss", digest, "--reason", "x")
    assert said.code == 1
    assert [row.digest for row in standing("superseded")] == [digest]
    assert deeds() == []
