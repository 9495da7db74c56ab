"""Places are found anew when a notice is published, and still lie within the publisher's area."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from app.database import read, transaction, write
from notices.approval.sweeps import SCHEDULE
from tests.notices_of import PATH, Client, done, slug, submitted, take, titles
from tests.people import RESIDENT, STAFF, Caller, Person, account_of, staff_with

SOON = "2088-01-01T00:00:00+08:00"
MOVE = "UPDATE resident SET household_sid = %(home)s WHERE sid = 'R00000001'"
FAR = """
SELECT h.sid FROM household h JOIN address ad ON ad.sid = h.address_sid
JOIN area a ON a.code = ad.grid_code WHERE 'DDHT-QY' = ANY(a.path) ORDER BY h.sid LIMIT 1
"""
TOLD = "SELECT kind, subject_id FROM outbox WHERE kind = 'notice-not-published'"


@contextmanager
def moved_far() -> Iterator[None]:
    """Let RESIDENT live in another zone for a while."""
    with transaction():
        write(MOVE, {"home": read(FAR)[0].sid})
    try:
        yield
    finally:
        with transaction():
            write(MOVE, {"home": "H0000001"})


def local() -> Person:
    """Return staff of the zone in which RESIDENT lives, and of no other."""
    return staff_with("district_staff", area="DDHT-XQ")


def approved_here(sign_in: Client, **changes: Any) -> dict[str, Any]:
    """Return a notice to RESIDENT by name, approved by staff of the zone."""
    who = str(read("SELECT id FROM resident WHERE sid = 'R00000001'")[0].id)
    notice = submitted(sign_in, audience={"residents": [who]}, **changes)
    return done(take(sign_in(local()), notice, "approval"))


def shown(sign_in: Client, notice: dict[str, Any]) -> dict[str, Any]:
    return dict(sign_in(STAFF).get(f"{PATH}/{notice['id']}").json or {})


def nothing_went_out(caller: Caller) -> None:
    assert titles(caller) == []
    for table in ("notice_target", "delivery_campaign"):
        assert read(f"SELECT 1 FROM {table}") == []


def test_who_moved_out_of_the_publishers_area_is_not_written_to_by_them(sign_in: Client) -> None:
    notice = approved_here(sign_in)
    with moved_far():
        answer = take(sign_in(local()), notice, "publication")
        assert (answer.status_code, slug(answer)) == (403, "area-not-yours")
        assert shown(sign_in, notice)["state"] == "approved"
        nothing_went_out(sign_in(RESIDENT))
        done(take(sign_in(STAFF), notice, "publication"))  # of the whole district
        assert titles(sign_in(RESIDENT)) == ["停水通知"]


def due() -> None:
    with transaction():
        write("UPDATE notice SET publish_at = now() WHERE state = 'scheduled'")


def returned(sign_in: Client, notice: dict[str, Any]) -> None:
    """Say that it went back with its reason, and that the district was told."""
    assert shown(sign_in, notice)["state"] == "returned"
    steps = (sign_in(STAFF).get(f"{PATH}/{notice['id']}/versions").json or {})["items"]
    assert (steps[0]["step"], steps[0]["reason"]) == ("return", "area-not-yours")
    assert [str(row.subject_id) for row in read(TOLD)] == [notice["id"]]
    nothing_went_out(sign_in(RESIDENT))


def test_a_scheduled_notice_goes_back_when_its_places_left_the_approvers_area(
    sign_in: Client,
) -> None:
    notice = approved_here(sign_in, publish_at=SOON)
    due()
    with moved_far():
        assert SCHEDULE.run() == 1
        returned(sign_in, notice)
    assert SCHEDULE.run() == 0


@pytest.mark.parametrize(
    ("ends", "stands"),
    [
        (
            "UPDATE staff_grant SET valid_to = current_date - 1 WHERE account_id = %(id)s",
            "UPDATE staff_grant SET valid_to = NULL WHERE account_id = %(id)s",
        ),
        (
            "UPDATE account SET suspended_at = now() WHERE id = %(id)s",
            "UPDATE account SET suspended_at = NULL WHERE id = %(id)s",
        ),
    ],
)
def test_a_scheduled_notice_goes_back_when_who_approved_it_has_left(
    sign_in: Client, ends: str, stands: str
) -> None:
    notice = approved_here(sign_in, publish_at=SOON)
    about = {"id": account_of(local())}
    with transaction():
        write(ends, about)
    try:
        due()
        assert SCHEDULE.run() == 1
        returned(sign_in, notice)
    finally:
        with transaction():
            write(stands, about)


def test_a_scheduled_notice_whose_approver_may_still_goes_out_and_nobody_is_told(
    sign_in: Client,
) -> None:
    approved_here(sign_in, publish_at=SOON)
    due()
    assert SCHEDULE.run() == 1
    assert titles(sign_in(RESIDENT)) == ["停水通知"]
    assert read(TOLD) == []
