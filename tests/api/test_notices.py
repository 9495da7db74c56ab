"""Notices reach the people of an area, and nobody else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app import clock
from app.database import read
from tests.people import (
    NEIGHBOUR,
    NEWCOMER,
    RESIDENT,
    SECOND_STAFF,
    STAFF,
    Caller,
    Person,
    staff_with,
)

Client = Callable[[Person], Caller]

NEW: dict[str, Any] = {
    "title": "停水通知",
    "body_md": "**11 月 25 日** 停水。",
    "area_codes": ["DDHT-XQ"],
}


def slug(answer: Any) -> str:
    return str(answer.json["type"]).rsplit(":", 1)[-1]


def publish(sign_in: Client, **changes: Any) -> dict[str, Any]:
    drafted = sign_in(STAFF).post("/api/v1/notices", {**NEW, **changes})
    assert drafted.status_code == 201, drafted.json
    path = f"{drafted.headers['Location']}/publication"
    published = sign_in(SECOND_STAFF).post(path, version=1)
    assert published.status_code == 200, published.json
    return dict(published.json or {})


def unread(caller: Caller) -> int:
    return int((caller.get("/api/v1/inbox/unread").json or {})["unread"])


def titles(caller: Caller) -> list[str]:
    return [item["title"] for item in (caller.get("/api/v1/inbox").json or {})["items"]]


def test_who_lives_there_sees_it_unread_and_reads_it(sign_in: Client) -> None:
    notice, resident = publish(sign_in), sign_in(RESIDENT)
    assert (unread(resident), titles(resident)) == (1, ["停水通知"])
    full = resident.get(f"/api/v1/inbox/{notice['id']}").json
    assert full is not None
    assert full["body_html"] == "<p><strong>11 月 25 日</strong> 停水。</p>\n"
    for _ in range(2):
        assert resident.post(f"/api/v1/inbox/{notice['id']}/read").status_code == 204
    assert unread(resident) == 0
    assert titles(resident) == ["停水通知"]


def test_who_lives_elsewhere_never_sees_it(sign_in: Client) -> None:
    notice, neighbour = publish(sign_in), sign_in(NEIGHBOUR)
    newcomer = sign_in(NEWCOMER)
    for caller in (neighbour, newcomer):
        assert (unread(caller), titles(caller)) == (0, [])
        assert slug(caller.get(f"/api/v1/inbox/{notice['id']}")) == "not-found"
        assert slug(caller.post(f"/api/v1/inbox/{notice['id']}/read")) == "not-found"


def test_a_second_person_publishes(sign_in: Client) -> None:
    staff = sign_in(STAFF)
    drafted = staff.post("/api/v1/notices", NEW)
    path = f"{drafted.headers['Location']}/publication"
    assert slug(staff.post(path, version=1)) == "second-person-needed"
    other = sign_in(SECOND_STAFF)
    assert slug(other.post(path, version=2)) == "stale-version"
    assert other.post(path, version=1).status_code == 200
    assert slug(other.post(path, version=2)) == "notice-step-refused"


def test_staff_publish_only_within_their_area(sign_in: Client) -> None:
    local = sign_in(staff_with("district_staff", area="DDHT-QY"))
    for areas in (["DDHT-XQ"], ["DDHT"], ["DDHT-QY", "DDHT-XQ"], ["NO-SUCH"]):
        answer = local.post("/api/v1/notices", {**NEW, "area_codes": areas})
        assert (answer.status_code, slug(answer)) == (403, "area-not-yours"), areas
    assert local.post("/api/v1/notices", {**NEW, "area_codes": ["DDHT-QY"]}).status_code == 201
    notice = publish(sign_in)
    assert slug(local.get(f"/api/v1/notices/{notice['id']}")) == "not-found"
    assert len((local.get("/api/v1/notices").json or {})["items"]) == 1


def test_a_withdrawn_notice_leaves_every_inbox(sign_in: Client) -> None:
    notice, resident = publish(sign_in), sign_in(RESIDENT)
    path = f"/api/v1/notices/{notice['id']}/withdrawal"
    assert sign_in(STAFF).post(path, version=2).status_code == 200
    assert (unread(resident), titles(resident)) == (0, [])
    assert slug(resident.get(f"/api/v1/inbox/{notice['id']}")) == "not-found"


def test_an_expired_notice_leaves_the_inbox_and_can_be_found_again(
    sign_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    past = clock.now() - timedelta(days=1)
    with monkeypatch.context() as then:
        then.setattr(clock, "now", lambda: past)
        soon = (past + timedelta(hours=1)).isoformat()
        notice = publish(sign_in, expires_at=soon)
    resident = sign_in(RESIDENT)
    assert (unread(resident), titles(resident)) == (0, [])
    assert resident.get(f"/api/v1/inbox/{notice['id']}").status_code == 200
    refused = sign_in(STAFF).post("/api/v1/notices", {**NEW, "expires_at": soon})
    assert slug(refused) == "expiry-in-the-past"


def test_a_notice_to_two_of_my_areas_is_one(sign_in: Client) -> None:
    publish(sign_in, area_codes=["DDHT", "DDHT-XQ", "DDHT-XQ-LT", "DDHT"])
    resident = sign_in(RESIDENT)
    assert (unread(resident), len(titles(resident))) == (1, 1)


def test_pages_are_newest_first_without_loss_or_repeat(sign_in: Client) -> None:
    for number in range(5):
        publish(sign_in, title=f"第 {number} 号")
    resident = sign_in(RESIDENT)
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = resident.get(f"/api/v1/inbox?limit=2{cursor}").json or {}
        seen += [item["title"] for item in page["items"]]
        cursor = f"&cursor={page['next']}" if page["next"] else None
    assert seen == [f"第 {number} 号" for number in (4, 3, 2, 1, 0)]


@pytest.mark.parametrize(
    ("markdown", "forbidden"),
    [
        ("<script>alert(1)</script>", "<script"),
        ("[x](javascript:alert(1))", 'href="javascript'),
        ("![x](http://a/b.png)", "<img"),
        ('<a href="http://a" onclick="x()">x</a>', "<a"),
    ],
)
def test_markdown_becomes_safe_html(sign_in: Client, markdown: str, forbidden: str) -> None:
    notice = publish(sign_in, body_md=markdown)
    assert forbidden not in notice["body_html"].replace("&lt;", "‹")


def test_numbers_are_given_in_order(sign_in: Client) -> None:
    for _ in range(3):
        publish(sign_in)
    rows = read("SELECT publish_seq FROM notice ORDER BY published_at")
    assert [row.publish_seq for row in rows] == [1, 2, 3]
