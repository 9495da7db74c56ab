"""Rows that are no records: looked at with a reason, mended by a rule, or judged no matter."""

from collections.abc import Callable

import pytest

from app.database import read, transaction, write
from app.privacy import vault
from tests.exchange.drops import District, keys_of
from tests.exchange.operating.aside import accept, come_in, put_aside, standing
from tests.exchange.operating.desk import Desk
from tests.exchange.records import resident
from tests.people import Caller, Person, staff_with

SECRET = "口令号码"


def deeds() -> list[tuple[str, str | None]]:
    found = read("SELECT deed, facts->>'why' AS why FROM audit_entry ORDER BY id")
    return [(row.deed, row.why) for row in found]


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
