"""Those who look after the exchange see what is stuck and why, never what is in it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask

from app.database import read, transaction, write
from app.policy import Role
from app.sync.outward.commands import outbox_list, outbox_retry
from tests.exchange.outward.receiver import Receiver
from tests.exchange.outward.telling import rows, told
from tests.people import Caller, Person, account_of

Client = Callable[[Person], Caller]

OUTBOX = "/api/v1/sync/outbox"
OPERATOR, AUDITOR = Person("19999990011", verified=False), Person("19999990012", verified=False)

GRANT = """
INSERT INTO staff_grant (staff_sid, role, account_id, name_sealed, valid_from)
VALUES (%(sid)s, %(role)s, %(account)s, '\\x00', '2024-01-01') ON CONFLICT DO NOTHING
"""


@pytest.fixture
def operator(app: Flask, sign_in: Client) -> Caller:
    """Return somebody who looks after the exchange."""
    return with_role(sign_in, OPERATOR, Role.SYNC_OPERATOR)


@pytest.fixture
def auditor(app: Flask, sign_in: Client) -> Caller:
    """Return somebody who only looks."""
    return with_role(sign_in, AUDITOR, Role.AUDITOR)


def with_role(sign_in: Client, person: Person, role: Role) -> Caller:
    caller = sign_in(person)
    with transaction():
        write(GRANT, {"sid": f"TRY-{role}", "role": role, "account": account_of(person)})
    return caller


def declined(*words: str) -> UUID:
    """Tell of a subject that the district declines."""
    subject = uuid4()
    told(subject, *words)
    district = Receiver()
    district.declines = {str(subject)}
    district.sweep()
    return subject


def listed(caller: Caller, state: str, limit: int = 100) -> list[dict[str, Any]]:
    """Return all pages of a list."""
    found: list[dict[str, Any]] = []
    path = f"{OUTBOX}?state={state}&limit={limit}"
    cursor = ""
    while cursor is not None:
        page = caller.get(path + (f"&cursor={cursor}" if cursor else "")).json or {}
        found += page["items"]
        cursor = page["next"]
    return found


def test_an_operator_sees_what_waits_what_is_parked_and_what_was_sent(operator: Caller) -> None:
    sent, stuck, new = uuid4(), declined("a", "b"), uuid4()
    told(sent, "c")
    Receiver().sweep()
    told(new, "d")
    keys = {state: [e["key"] for e in listed(operator, state)] for state in ("waiting", "parked")}
    assert keys == {
        "waiting": [f"trial-{stuck}-000002", f"trial-{new}-000001"],
        "parked": [f"trial-{stuck}-000001"],
    }
    (gone,) = listed(operator, "sent")
    assert (gone["key"], gone["state"]) == (f"trial-{sent}-000001", "sent")
    assert gone["receipt"] == f"heard:trial-{sent}-000001"
    assert gone["sent_at"] is not None
    (parked,) = listed(operator, "parked")
    assert (parked["refusal"], parked["state"]) == ("422 unknown-matter", "parked")


@pytest.mark.parametrize("state", ["waiting", "parked", "sent"])
def test_pages_hold_each_event_once(operator: Caller, state: str) -> None:
    subjects = [uuid4() for _ in range(7)]
    for subject in subjects:
        told(subject, "a")
    district = Receiver()
    district.declines = set(map(str, subjects)) if state == "parked" else set()
    if state != "waiting":
        district.sweep()
    found = [event["subject_id"] for event in listed(operator, state, limit=3)]
    assert len(found) == 7
    assert set(found) == set(map(str, subjects))


def test_a_cursor_of_one_list_is_not_one_of_another(operator: Caller) -> None:
    for _ in range(3):
        told(uuid4(), "a")
    page = operator.get(f"{OUTBOX}?state=waiting&limit=1").json or {}
    answer = operator.get(f"{OUTBOX}?state=parked&cursor={page['next']}")
    assert answer.status_code == 400


def test_nobody_sees_what_is_in_it(operator: Caller) -> None:
    declined("楼道堆放杂物")
    text = operator.get(f"{OUTBOX}?state=parked").get_data(as_text=True)
    assert "楼道" not in text
    assert "payload" not in text


def test_a_parked_event_is_sent_again_when_an_operator_says_so(operator: Caller) -> None:
    subject = declined("a", "b")
    event = rows(subject)[0]
    answer = operator.post(f"{OUTBOX}/{event.id}/retry")
    assert answer.status_code == 200
    assert ((answer.json or {})["state"], (answer.json or {})["tries"]) == ("waiting", 0)
    district = Receiver()
    district.sweep()
    assert district.heard == [(str(subject), 1), (str(subject), 2)]
    entries = read(
        "SELECT deed, subject_id, account_id FROM audit_entry WHERE deed LIKE 'outbox%%'"
    )
    assert entries == [("outbox-retried", str(event.id), account_of(OPERATOR))]


def test_saying_so_again_changes_nothing_and_is_not_written_down(operator: Caller) -> None:
    """An answer that was lost is asked for again, perhaps when the event has left."""
    event = rows(declined("a"))[0]
    for _ in range(2):
        assert operator.post(f"{OUTBOX}/{event.id}/retry").status_code == 200
    Receiver().sweep()
    answer = operator.post(f"{OUTBOX}/{event.id}/retry").json or {}
    assert answer["state"] == "sent"
    assert Receiver().sweep() == 0
    assert len(read("SELECT 1 FROM audit_entry WHERE deed = 'outbox-retried'")) == 1


def test_an_event_that_is_being_sent_is_left_alone(operator: Caller) -> None:
    told(uuid4(), "a")
    (event,) = read("SELECT id, fence FROM outbox")
    operator.post(f"{OUTBOX}/{event.id}/retry")
    assert read("SELECT id, fence FROM outbox") == [event]


def test_there_is_no_retrying_what_is_not_there(operator: Caller) -> None:
    assert operator.post(f"{OUTBOX}/{uuid4()}/retry").status_code == 404


def test_an_auditor_looks_and_touches_nothing_and_a_resident_not_even_that(
    auditor: Caller, sign_in: Client
) -> None:
    event = rows(declined("a"))[0]
    assert len(listed(auditor, "parked")) == 1
    assert auditor.post(f"{OUTBOX}/{event.id}/retry").status_code == 403
    resident = sign_in(Person("19999990013", verified=False))
    assert resident.get(OUTBOX).status_code == 403
    assert resident.post(f"{OUTBOX}/{event.id}/retry").status_code == 403
    assert rows(event.subject_id)[0].parked_at is not None


def test_the_terminal_says_how_it_stands_and_what_is_parked(app: Flask) -> None:
    subject = declined("楼道", "b")
    said = app.test_cli_runner().invoke(outbox_list).output
    assert said.startswith("1 waiting, the oldest since ")
    assert "1 parked" in said
    assert f"trial-{subject}-000001  422 unknown-matter" in said
    assert "楼道" not in said
    assert "楼道" not in app.test_cli_runner().invoke(outbox_list, ["--state", "waiting"]).output


def test_the_terminal_sends_again_by_id_or_by_reason(app: Flask) -> None:
    runner = app.test_cli_runner()
    one, two, three = (rows(declined("a"))[0] for _ in range(3))
    assert "waiting" in runner.invoke(outbox_retry, [str(one.id)]).output
    assert rows(two.subject_id)[0].parked_at is not None
    said = runner.invoke(outbox_retry, ["--refusal", "422 unknown-matter"])
    assert said.output == "2 will be sent again\n"
    district = Receiver()
    district.sweep()
    assert {subject for subject, _ in district.heard} == {
        str(each.subject_id) for each in (one, two, three)
    }
    assert len(read("SELECT 1 FROM audit_entry WHERE deed = 'outbox-retried'")) == 3
    assert runner.invoke(outbox_retry, []).exit_code == 2
    assert runner.invoke(outbox_retry, [str(uuid4())]).exit_code == 1
