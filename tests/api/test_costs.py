"""What each operation costs in statements, and which plan the widest reads take."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.corrections.service import limits
from app.database import (
    Kind,
    Sight,
    look_as,
    look_back,
    read,
    statements_so_far,
    transaction,
    write,
)
from app.database.earth import cube_literal
from app.database.sight import SYSTEM
from app.geo.nearness import chord_of, on_unit_earth
from app.policy import Actor, Grant, Role
from community.requests.filing.following import SIMILAR
from community.requests.near.places import AROUND, FURTHER, NEAR, OF_MATTER
from community.requests.policy import seen_by
from notices.inbox.queries import INBOX
from tests.notices_of import approved
from tests.people import (
    RESIDENT,
    SECOND_STAFF,
    STAFF,
    WORKER,
    Caller,
    Person,
    account_of,
    staff_with,
)
from tests.requests_of import NEW, PLACE, file
from tests.surroundings import owner

Client = Callable[[Person], Caller]

SCATTER = """
INSERT INTO service_request
  (id, number, matter_code, account_id, channel, words_sealed, state, version, lng, lat, raw_lng,
   raw_lat, raw_crs, grid_code, near_edge, handled_by, department_code, filed_at, deadline_at,
   deadline_provisional, calendar_version)
SELECT gen_random_uuid(), 'S' || n, r.matter_code, r.account_id, r.channel, r.words_sealed,
  'dispatched', 1, r.lng + (n % 71) * 0.0007, r.lat + (n % 73) * 0.0005, 0, 0, 'wgs84',
  r.grid_code, false, r.handled_by, r.department_code, r.filed_at, r.deadline_at, false, 'x'
FROM service_request r, generate_series(1, 20000) n
"""


def spent(deed: Callable[[], Any]) -> int:
    before = statements_so_far()
    answer = deed()
    assert answer.status_code < 400, answer.json
    return statements_so_far() - before


@pytest.fixture
def warm(app: Flask, sign_in: Client) -> None:
    """Have the registers in memory that any process has there after its first requests."""
    sign_in(RESIDENT).get("/api/v1/inbox")
    sign_in(RESIDENT).get("/api/v1/matters")
    path = f"/api/v1/requests/{file(sign_in(RESIDENT))['request']['id']}"
    assert sign_in(WORKER).post(f"{path}/claim").status_code == 200


def test_reads_cost_the_caller_and_one_more(warm: None, sign_in: Client) -> None:
    resident, worker = sign_in(RESIDENT), sign_in(WORKER)
    lng, lat = PLACE
    for path in (
        f"/api/v1/requests?near={lng},{lat}&crs=wgs84",
        "/api/v1/requests/mine",
        "/api/v1/inbox",
        "/api/v1/inbox/unread",
    ):
        assert spent(lambda path=path: resident.get(path)) == 2, path  # type: ignore[misc]
    assert spent(lambda: worker.get("/api/v1/requests/work")) == 2
    assert spent(lambda: resident.get("/api/v1/matters")) == 1


def test_deeds_cost_what_they_write(warm: None, sign_in: Client) -> None:
    """Caller, key, request, two entries, audit, outbox, answer (two), key kept.

    The key under which words are sealed comes with the caller; a note asks whose it is.
    """
    resident, worker = sign_in(RESIDENT), sign_in(WORKER)
    assert spent(lambda: resident.post("/api/v1/requests", NEW)) == 10
    path = f"/api/v1/requests/{file(resident)['request']['id']}"
    assert spent(lambda: worker.post(f"{path}/claim")) == 8  # takes its turn for the capacity
    body = {"result": "solved", "note": "好"}
    assert spent(lambda: worker.post(f"{path}/settlement", body, version=2)) == 11
    assert spent(lambda: resident.post(f"{path}/rating", {"stars": 5})) == 11


def test_what_is_decided_on_the_way_costs_what_it_writes(warm: None, sign_in: Client) -> None:
    """Caller, key, request as it was, its key, the step, entry, audit, answer (two), key kept."""
    resident, worker, staff = sign_in(RESIDENT), sign_in(WORKER), sign_in(STAFF)
    path = f"/api/v1/requests/{file(resident)['request']['id']}"
    other = f"/api/v1/requests/{file(resident)['request']['id']}"
    sign = spent(lambda: worker.post(f"{path}/signature", version=1))
    assert spent(lambda: worker.post(f"{path}/claim")) == 8
    contact = {"note": "已联系"}
    assert spent(lambda: worker.post(f"{path}/contact", contact, version=3)) == sign + 1  # a note
    into = {"into": path.rsplit("/", 1)[-1], "reason": "同一处"}
    assert spent(lambda: staff.post(f"{other}/merge", into, version=1)) <= sign + 10
    for look in ("following", "supervised", "visits", "objections"):
        who = resident if look == "following" else staff
        cost = spent(lambda who=who, look=look: who.get(f"/api/v1/requests/{look}"))  # type: ignore[misc]
        assert cost == 2, look


def test_the_books_of_the_exchange_cost_the_caller_and_one_more(
    app: Flask, sign_in: Client
) -> None:
    operator = sign_in(staff_with("sync_operator"))
    books = ("runs", "batches", "quarantine", "holds", "drift", "outbox", "reports", "freshness")
    for book in books:
        assert spent(lambda book=book: operator.get(f"/api/v1/sync/{book}")) == 2, book  # type: ignore[misc]
    assert spent(lambda: operator.get("/api/v1/corrections")) == 2


def test_asking_for_a_correction_costs_what_it_writes(warm: None, sign_in: Client) -> None:
    """Caller, key, whose record, record, ticket, audit, outbox, the ticket shown, key kept."""
    limits.get()  # in memory after the first correction
    resident = sign_in(RESIDENT)
    body = {"field": "relation", "wanted": "other", "reason": "写错了"}
    assert spent(lambda: resident.post("/api/v1/me/corrections", body)) == 9


def test_publishing_costs_the_same_for_any_number_of_readers(sign_in: Client) -> None:
    """Caller, key, notice, who wrote it, two looks for anybody, audience and number, targets …"""
    spent_on = []
    for area in ("DDHT", "DDHT-XQ-LT-C03-G2"):
        notice = approved(sign_in, audience={"areas": [area]})
        path = f"/api/v1/notices/{notice['id']}/publication"
        other = sign_in(SECOND_STAFF)
        spent_on.append(spent(lambda path=path, other=other: other.post(path, version=3)))  # type: ignore[misc]
    assert spent_on[0] == spent_on[1] <= 20
    assert read("SELECT count(*) AS n FROM notice_target")[0].n == 2


def test_nearby_walks_the_index_in_order_of_distance(warm: None) -> None:
    with transaction():
        write("SET LOCAL statement_timeout = '120s'")
        write(SCATTER)
    here = cube_literal(on_unit_earth(*PLACE))
    params = {"here": here, "reach": chord_of(20_000), "limit": 21, "chord": 1e-6, "after": _ZERO}
    account = account_of(RESIDENT)
    for kind in (Kind.RESIDENT, Kind.NOBODY, Kind.BEYOND, Kind.STAFF):
        sight = Sight(kind, account, account)
        for further in ("", FURTHER):
            plan = explain(NEAR.format(conditions=further), params, sight)
            assert "Order By: (place <-> " in plan
            assert "Index Only Scan using ix_service_request_shown_place" in plan
            assert "Filter: (state" not in plan, "a condition of a policy was added"
        about = params | {"matter": "HEAT-COLD"}
        for sql in (NEAR.format(conditions=OF_MATTER), SIMILAR):
            plan = explain(sql, about, sight)
            assert "ix_service_request_open_matter_place" in plan
    everywhere = Grant(Role.DISTRICT_STAFF, "DDHT")
    staff = seen_by(Actor(uuid.uuid4(), uuid.uuid4(), 1, (everywhere,)))
    plan = explain(AROUND.format(conditions=""), params | staff, Sight(Kind.STAFF, account))
    assert "ix_service_request_open_spot" in plan
    with transaction():  # so many go with a trigger each: not in the time of any other clearing
        write("SET LOCAL statement_timeout = '120s'")
        write("DELETE FROM service_request")


def test_an_inbox_reads_one_index_range_for_each_area(app: Flask) -> None:
    with transaction():
        write(
            "INSERT INTO notice_target (place, seq, notice_id, people, priority, pinned,"
            " expires_at) SELECT 'DDHT', n, gen_random_uuid(), 1, 0, false, 'infinity'"
            " FROM generate_series(1, 5000) n"
        )
    nobody = {"posts": [], "premises": [], "resident": _ZERO, "me": _ZERO}
    params = {"places": ["DDHT", "DDHT-XQ"], **nobody}
    plan = explain(INBOX.format(pinned=""), params | {"before": 10**9, "limit": 21})
    assert "pk_notice_target" in plan


_ZERO = "00000000-0000-0000-0000-000000000000"


def explain(sql: str, params: dict[str, Any], sight: Sight = SYSTEM) -> str:
    with owner() as connection:
        connection.execute("VACUUM (ANALYZE) service_request, notice_target")
    token = look_as(sight)
    try:
        return "\n".join(str(row[0]) for row in read(f"EXPLAIN {sql}", params))
    finally:
        look_back(token)
