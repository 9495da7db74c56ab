"""What the district will never take is given up by a person, and what comes after it leaves."""

import json
from uuid import UUID, uuid4

import pytest
from flask import Flask

from app.database import read, transaction, write
from app.sync.outward.commands import outbox_give_up, outbox_list
from app.sync.outward.delivery import delivery_sweep
from tests.exchange.outward.receiver import Receiver
from tests.exchange.outward.telling import rows, told
from tests.exchange.outward.test_operators import (
    OPERATOR,
    OUTBOX,
    Client,
    auditor,
    declined,
    listed,
    operator,
)
from tests.exchange.outward.test_upkeep import keep_up
from tests.people import Caller, account_of, proved

__all__ = ["auditor", "operator"]

BODY = {"because": "told_otherwise"}


class Keeping(Receiver):
    """A district that keeps the envelopes."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[dict[str, object]] = []

    def send(self, key: str, envelope: bytes) -> str:
        receipt = super().send(key, envelope)
        self.kept.append(json.loads(envelope))
        return receipt


def path(event_id: UUID) -> str:
    return f"{OUTBOX}/{event_id}/giving-up"


def given_up(app: Flask, subject: UUID, seq: int) -> None:
    """Give up one event of a subject, as an operator types it."""
    event = rows(subject)[seq - 1]
    words = [str(event.id), "--because", "not_theirs"]
    done = app.test_cli_runner().invoke(outbox_give_up, words)
    assert done.output == f"trial-{subject}-{seq:06d} is given up\n"


def test_what_comes_after_it_leaves_and_says_what_is_missing(operator: Caller) -> None:
    """The receiver sees a gap, and in the next envelope that nothing is missing by mistake."""
    subject = declined("a", "b", "c")
    answer = proved(operator).post(path(rows(subject)[0].id), json=BODY)
    assert answer.status_code == 200, answer.json
    shown = answer.json or {}
    assert (shown["state"], shown["given_up_because"]) == ("given_up", "told_otherwise")
    assert (shown["parked_at"], shown["due_at"], shown["sent_at"]) == (None, None, None)
    assert shown["refusal"] == "422 unknown-matter", "why it was parked is still known"
    district = Keeping()
    district.sweep()
    assert district.heard == [(str(subject), 2), (str(subject), 3)]
    assert [each.get("given_up") for each in district.kept] == [[1], None]
    entries = read("SELECT deed, facts, account_id FROM audit_entry WHERE deed LIKE 'outbox%%'")
    facts = {"seq": 1, "because": "told_otherwise"}
    assert entries == [("outbox-given-up", facts, account_of(OPERATOR))]


def test_several_in_a_row_are_told_of_together(app: Flask) -> None:
    subject = declined("a", "b")
    given_up(app, subject, 1)
    refusing = Receiver()
    refusing.declines = {str(subject)}
    refusing.sweep()
    given_up(app, subject, 2)
    told(subject, "c", "d")
    district = Keeping()
    district.sweep()
    assert district.heard == [(str(subject), 3), (str(subject), 4)]
    assert [each.get("given_up") for each in district.kept] == [[1, 2], None]


def test_it_is_the_end_of_it(operator: Caller) -> None:
    """Neither a retry nor a night's upkeep brings it back."""
    subject = declined("a")
    event = rows(subject)[0]
    caller = proved(operator)
    for _ in range(2):
        assert caller.post(path(event.id), json=BODY).status_code == 200
    again = caller.post(f"{OUTBOX}/{event.id}/retry").json or {}
    assert again["state"] == "given_up"
    keep_up()
    assert delivery_sweep(Receiver).run() == 0
    assert rows(subject)[0].due_at is None
    assert len(read("SELECT FROM audit_entry WHERE deed = 'outbox-given-up'")) == 1


@pytest.mark.parametrize("state", ["waiting", "sent"])
def test_only_what_is_parked_is_given_up(operator: Caller, state: str) -> None:
    subject = uuid4()
    told(subject, "a")
    if state == "sent":
        Receiver().sweep()
    answer = proved(operator).post(path(rows(subject)[0].id), json=BODY)
    assert (answer.status_code, (answer.json or {})["state"]) == (409, state)
    assert (answer.json or {})["type"].endswith("outcome-not-parked")
    assert rows(subject)[0].given_up_at is None


def test_it_needs_a_proof_a_reason_and_an_operator(
    operator: Caller, auditor: Caller, sign_in: Client
) -> None:
    event = rows(declined("a"))[0]
    unproved = operator.post(path(event.id), json=BODY)
    assert (unproved.status_code, (unproved.json or {})["type"][-14:]) == (403, "step-up-needed")
    assert proved(operator).post(path(event.id), json={}).status_code == 422
    assert proved(operator).post(path(event.id), json={"because": "so"}).status_code == 422
    assert proved(operator).post(path(uuid4()), json=BODY).status_code == 404
    assert proved(auditor).post(path(event.id), json=BODY).status_code == 403
    assert rows(event.subject_id)[0].parked_at is not None


def test_it_is_listed_and_counted(app: Flask, operator: Caller) -> None:
    first, second = declined("a", "b"), declined("a")
    given_up(app, first, 1)
    given_up(app, second, 1)
    keys = [each["key"] for each in listed(operator, "given_up", limit=1)]
    assert keys == [f"trial-{second}-000001", f"trial-{first}-000001"]
    assert not listed(operator, "parked")
    assert [each["key"] for each in listed(operator, "waiting")] == [f"trial-{first}-000002"]
    said = app.test_cli_runner().invoke(outbox_list, ["--state", "given_up"]).output
    assert "0 parked, 2 given up" in said
    assert "not_theirs" in said


def test_its_payload_goes_after_ninety_days_and_its_number_never_comes_again(app: Flask) -> None:
    subject, young = declined("a"), declined("a")
    for each in (subject, young):
        given_up(app, each, 1)
    let_days_pass(subject, 91)
    keep_up()
    assert rows(subject)[0].payload_sealed is None
    assert rows(young)[0].payload_sealed
    let_days_pass(subject, 1097)
    keep_up()
    told(subject, "b")
    assert [row.seq for row in rows(subject)] == [1, 2]
    Receiver().sweep()
    keep_up()
    assert [row.seq for row in rows(subject)] == [2]


def let_days_pass(subject: UUID, days: int) -> None:
    with transaction():
        write(
            "UPDATE outbox SET given_up_at = now() - make_interval(days => %(days)s)"
            " WHERE subject_id = %(subject)s",
            {"days": days, "subject": subject},
        )


def test_the_terminal_gives_up_only_what_is_parked(app: Flask) -> None:
    subject = uuid4()
    told(subject, "a")
    runner = app.test_cli_runner()
    words = [str(rows(subject)[0].id), "--because", "overtaken"]
    assert runner.invoke(outbox_give_up, words).exit_code == 1
    assert runner.invoke(outbox_give_up, [str(uuid4()), *words[1:]]).exit_code == 1
    assert runner.invoke(outbox_give_up, words[:1]).exit_code == 2
    listing = runner.invoke(args=["sync", "outbox", "list"])
    assert listing.output.startswith("1 waiting"), "as the documentation has it"
