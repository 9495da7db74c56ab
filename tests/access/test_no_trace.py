"""What is done in one area leaves no trace in what staff and residents of another are answered.

Not a word, and not a number either: a count, an order, a page's end, an ETag. Everybody is asked
every read before and after; for whom it lies elsewhere, each answer is the same to the byte.
"""

import re
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from app.database import read, transaction, write
from tests.access.answers import Question, operations
from tests.access.cast import GRID, Cast
from tests.access.test_canaries import foreign
from tests.access.things import forget_tries
from tests.requests_of import file
from tests.wall.rows import Somebody, guarded, plant

READS = [each for each in operations() if each.method == "GET"]

EVERYBODYS = {
    "requests.list_near": "where open cases are, rounded, is everybody's to see",
    "requests.list_clusters": "how many there are in a cell of the map, as well",
    "requests.list_similar": "cases like one's own nearby, as everybody sees them",
}
"""Reads that show everybody what is near a place, wherever they live."""

FLEETING = re.compile(r'"(instance|since)":"[^"]*"')
"""An answer's own number, and from which moment on to ask for changes: of the whole platform."""

PLANTED = sorted(
    {
        *("mandate", "guardianship", "in_person_proof", "reveal", "correction", "rating"),
        *("request_event", "request_visit", "request_decline", "request_task"),
        *("request_objection", "request_extension", "notice_visit", "household_share", "consent"),
        *("outbox", "stored_file", "notice_receipt", "holdings_export", "sign_in_session"),
        *("push_subscription", "network_identity", "account_password", "authenticator"),
    }
)
PLACED = {"in_person_proof": "area_code", "notice_visit": "grid_code"}


Heard = dict[str, tuple[int, str, str | None]]


@pytest.fixture
def questions(app: Flask, cast: Cast) -> list[Question]:
    """Return every read that names nothing by its id."""
    every = [Question(app, cast, each, made=False) for each in READS if each.name not in EVERYBODYS]
    return [question for question in every if not question.names_a_thing]


def heard(questions: list[Question], who: str) -> Heard:
    """Return what somebody is answered by every one of them."""
    found: Heard = {}
    for question in questions:
        answer = question.answer(who)
        body = FLEETING.sub("", answer.get_data(as_text=True))
        found[question.operation.name] = (answer.status_code, body, answer.headers.get("ETag"))
    forget_tries()
    return found


def happens(cast: Cast) -> None:
    """Have much happen in the grid of the cast: a case, and a row of its filer in every table."""
    account = cast.accounts["resident@own"]
    request = UUID(file(cast.callers["resident@own"])["request"]["id"])
    about = {"account": account}
    resident = read("SELECT resident_id FROM account WHERE id = %(account)s", about)[0].resident_id
    session = read("SELECT id FROM sign_in_session WHERE account_id = %(account)s", about)[0].id
    me = Somebody(account, resident, session, request)
    with transaction():
        for name in PLANTED:
            key = plant(name, me)
            if name in PLACED:
                named = " AND ".join(f"{each} = %({each})s" for each in key)
                sql = f"UPDATE {name} SET {PLACED[name]} = %(place)s WHERE {named}"
                write(sql, {**key, "place": GRID})
        write("UPDATE service_request SET rung = 1, next_rung_at = now()")


def test_who_works_or_lives_elsewhere_is_answered_as_if_nothing_had_happened(
    cast: Cast, questions: list[Question]
) -> None:
    assert set(PLANTED) <= set(guarded())
    elsewhere = [who for who, _ in cast if "in" in foreign(who) and "@" in who]
    assert len(elsewhere) > 5
    before = {who: heard(questions, who) for who in elsewhere}
    happens(cast)
    traces: list[Any] = []
    for who in elsewhere:
        after = heard(questions, who)
        traces += [(who, name) for name in after if after[name] != before[who][name]]
    assert traces == []


@pytest.mark.parametrize(
    ("who", "reads"),
    [
        ("grid_worker@in", {"requests.list_work", "requests.list_around"}),
        ("district_staff@over", {"requests.list_supervised", "requests.list_objections"}),
        ("desk_clerk@in", {"real_name.list_proofs", "requests.list_around"}),
        ("resident@own", {"requests.list_mine", "family.list_guardianships"}),
    ],
)
def test_who_works_or_lives_there_hears_of_it(
    cast: Cast, questions: list[Question], who: str, reads: set[str]
) -> None:
    """Or the silence elsewhere would mean nothing."""
    before = heard(questions, who)
    happens(cast)
    after = heard(questions, who)
    assert reads <= {name for name in after if after[name] != before[name]}
