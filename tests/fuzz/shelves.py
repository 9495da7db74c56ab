"""Requests and notices in every state, by what can be done with them next."""

import itertools
from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from werkzeug.test import TestResponse

from app import clock
from tests.people import NEIGHBOUR, RESIDENT, SECOND_STAFF, STAFF, Caller, bearer
from tests.requests_of import file

Shelves = dict[str, list[str]]

EACH = 40
SOME = 20
FEW = 5

IN_HAND = ("contact", "extend", "ask_about", "share", "hand_over")
"""What who handles a case does with it: each deed has cases of its own."""


def requests(app: Flask) -> Shelves:
    """File requests as the resident and bring them to where each deed can be done."""
    resident, neighbour, staff = (Caller(app, bearer(p)) for p in (RESIDENT, NEIGHBOUR, STAFF))

    def filed(caller: Caller = resident) -> str:
        return str(file(caller)["request"]["id"])

    def claimed() -> str:
        key = filed()
        _done(staff.post(f"/api/v1/requests/{key}/claim"))
        return key

    def settled() -> str:
        key = claimed()
        body = {"result": "solved", "note": "已清理"}
        _done(staff.post(f"/api/v1/requests/{key}/settlement", body, version=2))
        return key

    def withdrawn() -> str:
        key = filed()
        _done(resident.post(f"/api/v1/requests/{key}/withdrawal", version=1))
        return key

    shelves = {
        "requests_to_claim": _some(EACH, filed),
        "requests_to_release": _some(EACH, claimed),
        "requests_to_settle": _some(EACH, claimed),
        "requests_to_rate": _some(EACH, settled),
        "requests_to_withdraw": _some(EACH, filed),
        "requests_to_sign": _some(SOME, filed),
        "requests_to_merge": _some(SOME, filed),
        "requests_to_reopen": _some(SOME, settled),
        "requests_to_visit": _some(SOME, settled),
        **{f"requests_to_{deed}": _some(SOME, claimed) for deed in IN_HAND},
    }
    seen = [key for shelf in shelves.values() for key in shelf[:FEW]]
    others = _some(FEW, lambda: filed(neighbour))
    return {**shelves, "requests": [*seen, *_some(FEW, withdrawn), *others]}


def notices(app: Flask) -> Shelves:
    """Draft notices to the whole zone as one member of staff, publish some as another."""
    drafter, publisher = (Caller(app, bearer(person)) for person in (SECOND_STAFF, STAFF))
    numbers = itertools.count(1)

    def draft(**more: object) -> str:
        body = {
            "title": f"停水通知 {next(numbers)}",
            "body_md": "**请储水**",
            "audience": {"areas": ["DDHT"]},
        }
        return str(_done(drafter.post("/api/v1/notices", body | more))["id"])

    def submitted(**more: object) -> str:
        key = draft(**more)
        _done(drafter.post(f"/api/v1/notices/{key}/submission", version=1))
        return key

    def approved(**more: object) -> str:
        key = submitted(**more)
        _done(publisher.post(f"/api/v1/notices/{key}/approval", version=2))
        return key

    def published(**more: object) -> str:
        key = approved(**more)
        _done(publisher.post(f"/api/v1/notices/{key}/publication", version=3))
        return key

    def duty() -> str:
        by = clock.now() + timedelta(days=3)
        return published(needs_ack=True, ack_by=by.isoformat())

    drafts, ready, to_withdraw, readable = (
        _some(EACH, kind) for kind in (draft, approved, published, published)
    )
    return {
        "notices_to_submit": drafts,
        "notices_to_approve": _some(SOME, submitted),
        "notices_to_acknowledge": _some(FEW, duty),
        "notices_to_publish": ready,
        "notices_to_withdraw": to_withdraw,
        "notices_to_read": readable,
        "notices": [*drafts[:FEW], *to_withdraw[:FEW], *readable[:FEW]],
    }


def _some(count: int, made: Callable[[], str]) -> list[str]:
    return [made() for _ in range(count)]


def _done(answer: TestResponse) -> dict[str, object]:
    assert answer.status_code < 300, answer.json
    return dict(answer.json or {})
