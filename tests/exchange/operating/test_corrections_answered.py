"""A correction is over when the record says what was asked for, or when its owner has answered."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.corrections.sweeps import correction_sweeps
from app.database import read, transaction, write
from tests.exchange.drops import District, Told, one
from tests.exchange.inward.telling import gone, tell
from tests.exchange.records import resident
from tests.people import WORKER, Caller, Person, bearer

ASKED = {
    "stream": "residents",
    "record": "TRY-R1",
    "field": "name",
    "wanted": "试行仁",
    "reason": "户口本上是这个字",
}
Ask = Callable[..., str]


@pytest.fixture
def worker(app: Flask) -> Caller:
    """Return a grid worker of the sample."""
    return Caller(app, bearer(WORKER))


@pytest.fixture
def ask(settled: District, worker: Caller) -> Ask:
    """Return the way to ask about a made-up resident, who is in the register."""
    tell(settled, "residents", resident(1))

    def asked(**changes: str) -> str:
        answer = worker.post("/api/v1/corrections", ASKED | changes)
        assert answer.status_code == 201, answer.json
        return str((answer.json or {})["id"])

    return asked


def sweep(district: District) -> None:
    """Do what the worker does with corrections, once."""
    for each in correction_sweeps(lambda: district.streams):
        each.run()


def shown(caller: Caller, key: str) -> dict[str, Any]:
    return dict(caller.get(f"/api/v1/corrections/{key}").json or {})


def state(caller: Caller, key: str) -> str:
    return str(shown(caller, key)["state"])


def answer(district: District, key: str, words: str, reason: str = "", ver: int = 1) -> Any:
    """Have the owner answer a ticket."""
    row = {"sid": key, "ver": ver, "answer": words, "reason": reason}
    told = Told({"correction_answers": [[row]]}, note=f"{key} {ver}")
    return district.hear(told)["correction_answers"].counts


def deeds() -> list[str]:
    return [row.deed for row in read("SELECT deed FROM audit_entry ORDER BY id")]


def test_a_record_that_says_so_now_closes_the_ticket(
    settled: District, worker: Caller, ask: Ask
) -> None:
    """The owner need not answer: they did what was asked."""
    ticket = ask()
    sweep(settled)
    assert state(worker, ticket) == "asked"
    tell(settled, "residents", resident(1, ver=2, name="试行仁"))
    sweep(settled)
    found = shown(worker, ticket)
    assert (found["state"], found["answer"], found["overdue"]) == ("corrected", None, False)
    assert found["answered_at"] >= found["asked_at"]
    sweep(settled)
    assert deeds() == ["correction-asked", "correction-corrected"]


def test_asking_changes_nothing_of_the_register(
    settled: District, worker: Caller, ask: Ask
) -> None:
    """What the district owns stays as the district has it until the district says otherwise."""
    tables = ("src_residents", "resident")
    rows = [f"SELECT md5(string_agg(t::text, ',' ORDER BY sid)) FROM {table} t" for table in tables]
    tell(settled, "residents", resident(1))
    before = [one(each) for each in rows]
    ticket = ask(field="name", wanted="试行仁")
    sweep(settled)
    assert state(worker, ticket) == "asked"
    assert [one(each) for each in rows] == before


@pytest.mark.parametrize("name", ["试行人", "试行任"])
def test_a_record_that_says_something_else_does_not(
    settled: District, worker: Caller, ask: Ask, name: str
) -> None:
    ticket = ask()
    tell(settled, "residents", resident(1, ver=2, name=name, relation="child"))
    sweep(settled)
    assert state(worker, ticket) == "asked"


def test_a_record_that_is_gone_does_not(settled: District, worker: Caller, ask: Ask) -> None:
    ticket = ask()
    tell(settled, "residents", gone("TRY-R1", 2))
    sweep(settled)
    assert state(worker, ticket) == "asked"


def test_a_page_that_began_before_and_was_committed_after_is_seen(
    settled: District, worker: Caller, ask: Ask
) -> None:
    """A large page takes minutes; who asks meanwhile still sees the old record."""
    ticket = ask()
    tell(settled, "residents", resident(1, ver=2, name="试行仁"))
    with transaction():
        write(
            "UPDATE sync_batch SET at = at - interval '10 minutes' WHERE id ="
            " (SELECT last_batch FROM src_residents WHERE sid = 'TRY-R1')"
        )
    sweep(settled)
    assert state(worker, ticket) == "corrected"


def test_what_is_asked_in_the_open_is_compared_as_well(
    settled: District, worker: Caller, ask: Ask
) -> None:
    """A field that is not sealed is a field like any other, one that was empty too."""
    spouse = ask(field="relation", wanted="spouse")
    tell(settled, "residents", resident(2, phone=""))
    phone = ask(record="TRY-R2", field="phone", wanted="1999998 7777")
    tell(settled, "residents", resident(1, ver=2, relation="spouse"))
    tell(settled, "residents", resident(2, ver=2, phone="19999987777"))
    sweep(settled)
    assert (state(worker, spouse), state(worker, phone)) == ("corrected", "corrected")


def test_an_answered_field_may_be_asked_about_again(
    settled: District, worker: Caller, ask: Ask
) -> None:
    first = ask()
    answer(settled, first, "declined", "户籍底册如此")
    second = ask()
    assert (state(worker, first), state(worker, second)) == ("declined", "asked")


@pytest.mark.parametrize("words", ["corrected", "declined"])
def test_the_owner_answers_with_words(
    settled: District, worker: Caller, ask: Ask, words: str
) -> None:
    ticket = ask()
    assert answer(settled, ticket, words, "户籍底册如此")["inserted"] == 1
    found = shown(worker, ticket)
    assert (found["state"], found["answer"]) == (words, "户籍底册如此")
    assert found["answered_at"] is not None
    assert deeds() == ["correction-asked", f"correction-{words}"]
    stored = read("SELECT c::text FROM correction c")[0][0]
    assert "户籍底册如此" not in stored


def test_an_answer_without_words_is_an_answer(settled: District, worker: Caller, ask: Ask) -> None:
    ticket = ask()
    answer(settled, ticket, "declined")
    assert (state(worker, ticket), shown(worker, ticket)["answer"]) == ("declined", None)


def test_the_owner_may_change_their_mind(settled: District, worker: Caller, ask: Ask) -> None:
    """The newest answer counts, and an old one that comes late says nothing."""
    ticket = ask()
    answer(settled, ticket, "declined", "查无此事", ver=2)
    answer(settled, ticket, "corrected", ver=3)
    answer(settled, ticket, "declined", "查无此事", ver=2)
    found = shown(worker, ticket)
    assert (found["state"], found["answer"]) == ("corrected", None), "words of a past answer"


def test_words_that_come_after_the_record_are_kept(
    settled: District, worker: Caller, ask: Ask
) -> None:
    """The record is often faster than the letter about it."""
    ticket = ask()
    tell(settled, "residents", resident(1, ver=2, name="试行仁"))
    sweep(settled)
    answer(settled, ticket, "corrected", "已更正")
    found = shown(worker, ticket)
    assert (found["state"], found["answer"]) == ("corrected", "已更正")


def test_an_answer_to_a_ticket_that_nobody_knows_harms_nobody(
    settled: District, worker: Caller, ask: Ask
) -> None:
    ticket = ask()
    counts = answer(settled, "018f6d2e-7c1a-7b3e-9a52-2f1de6c3a0ff", "declined")
    assert (counts["inserted"], state(worker, ticket)) == (1, "asked")


def test_an_answer_of_no_known_kind_is_put_aside(
    settled: District, worker: Caller, ask: Ask
) -> None:
    ticket = ask()
    assert answer(settled, ticket, "perhaps")["bad"] == 1
    assert state(worker, ticket) == "asked"


def test_an_answer_after_the_limit_is_an_answer_and_nothing_is_told_any_more(
    settled: District, worker: Caller, ask: Ask
) -> None:
    late, in_time = ask(), ask(field="relation", wanted="child")
    answer(settled, in_time, "declined")
    with transaction():
        write("UPDATE correction SET due_at = now() - interval '1 day' WHERE state = 'asked'")
    sweep(settled)
    answer(settled, late, "declined")
    sweep(settled)
    told = read("SELECT subject_id FROM outbox WHERE kind = 'correction-overdue'")
    assert [str(row.subject_id) for row in told] == [late]
    assert (shown(worker, late)["state"], shown(worker, late)["overdue"]) == ("declined", True)
    assert not shown(worker, in_time)["overdue"]


def test_who_asked_sees_the_answer_and_nobody_else(
    app: Flask, settled: District, worker: Caller, ask: Ask
) -> None:
    ticket = ask()
    answer(settled, ticket, "declined", "户籍底册如此")
    other = Caller(app, bearer(Person("second_worker", verified=False)))
    assert other.get(f"/api/v1/corrections/{ticket}").status_code == 404


def test_an_answer_of_a_source_that_does_not_own_the_record_closes_nothing(
    settled: District, worker: Caller, ask: Ask
) -> None:
    ticket = ask()
    with transaction():
        write("UPDATE correction SET source = 'another'")
    assert answer(settled, ticket, "declined", "与我无关")["inserted"] == 1
    assert (state(worker, ticket), deeds()) == ("asked", ["correction-asked"])
