"""Staff write, submit, approve, return, schedule, publish and withdraw, each by whom it may be."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app import clock
from app.database import db, read, transaction, write
from notices.approval.sweeps import SCHEDULE
from tests.notices_of import (
    NEW,
    PATH,
    Client,
    approved,
    codes,
    done,
    draft,
    publish,
    slug,
    submitted,
    take,
    titles,
)
from tests.people import RESIDENT, SECOND_STAFF, STAFF, Caller, bearer, staff_with

SOON = "2088-01-01T00:00:00+08:00"


def test_a_second_person_approves(sign_in: Client) -> None:
    notice = submitted(sign_in)
    alone = take(sign_in(STAFF), notice, "approval")
    assert (alone.status_code, slug(alone)) == (403, "second-person-needed")
    other = sign_in(SECOND_STAFF)
    assert slug(take(other, notice | {"version": 1}, "approval")) == "stale-version"
    ready = done(take(other, notice, "approval"))
    assert ready["state"] == "approved"
    assert slug(take(other, ready, "approval")) == "notice-step-refused"
    assert done(take(sign_in(STAFF), ready, "publication"))["state"] == "published"


def test_whoever_edited_it_is_no_second_person(sign_in: Client) -> None:
    notice = draft(sign_in)
    edited = done(take(sign_in(SECOND_STAFF), notice, "versions", {**NEW, "title": "改过"}))
    waiting = done(take(sign_in(STAFF), edited, "submission"))
    for person in (STAFF, SECOND_STAFF):
        assert slug(take(sign_in(person), waiting, "approval")) == "second-person-needed"


def both_take(app: Flask, notice: dict[str, Any], step: str) -> list[int]:
    """Let two second persons take a step at the same moment; return how they are answered."""
    third = staff_with("district_staff", area="DDHT-XQ")
    callers = [Caller(app, bearer(person)) for person in (SECOND_STAFF, third)]
    start, answers = threading.Barrier(2), []

    def one(caller: Caller) -> None:
        with app.app_context():
            start.wait()
            answers.append(take(caller, notice, step).status_code)
            db.session.remove()

    threads = [threading.Thread(target=one, args=(caller,)) for caller in callers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)


def history_of(notice: dict[str, Any]) -> list[str]:
    sql = "SELECT step FROM notice_version WHERE notice_id = %(id)s ORDER BY version"
    return [row.step for row in read(sql, {"id": notice["id"]})]


def test_two_approvers_at_once_cannot_both(app: Flask, sign_in: Client) -> None:
    """One is answered 200, the other that it has changed, or stands elsewhere by now."""
    for _ in range(5):
        notice = submitted(sign_in)
        won, lost = both_take(app, notice, "approval")
        assert won == 200
        assert lost in (409, 412)
        assert history_of(notice) == ["draft", "submit", "approve"]


def test_two_who_publish_an_emergency_at_once_publish_it_once(app: Flask, sign_in: Client) -> None:
    """Nobody approved it before: each of them is its second person, and one comes too late."""
    for _ in range(5):
        notice = draft(sign_in, priority="emergency")
        won, lost = both_take(app, notice, "publication")
        assert won == 200
        assert lost in (409, 412)
        assert history_of(notice) == ["draft", "publish"]
        about = {"id": notice["id"]}
        for table in ("notice_change", "notice_target", "cap_alert"):
            sql = f"SELECT 1 FROM {table} WHERE notice_id = %(id)s"
            assert len(read(sql, about)) == 1, table


def test_a_return_says_why_and_the_history_says_what_changed(sign_in: Client) -> None:
    notice = submitted(sign_in)
    back = done(take(sign_in(SECOND_STAFF), notice, "return", {"reason": "请写明范围"}))
    assert back["state"] == "returned"
    assert slug(take(sign_in(STAFF), back, "publication")) == "notice-step-refused"
    body = {**NEW, "body_md": "浪头镇停水。", "kind": "utilities"}
    edited = done(take(sign_in(STAFF), back, "versions", body))
    assert edited["state"] == "returned"
    done(take(sign_in(STAFF), edited, "submission"))
    steps = (sign_in(SECOND_STAFF).get(f"{PATH}/{notice['id']}/versions").json or {})["items"]
    assert [step["step"] for step in steps] == ["submit", "edit", "return", "submit", "draft"]
    assert steps[2]["reason"] == "请写明范围"
    assert set(steps[1]["changed"]) == {"body_md", "kind", "large_text", "read_aloud"}
    assert steps[1]["content"]["body_md"] == "浪头镇停水。"


def test_an_emergency_skips_the_queue_not_the_second_person(sign_in: Client) -> None:
    notice = draft(sign_in, priority="emergency")
    assert slug(take(sign_in(STAFF), notice, "publication")) == "second-person-needed"
    assert done(take(sign_in(SECOND_STAFF), notice, "publication"))["state"] == "published"
    ordinary = draft(sign_in)
    assert slug(take(sign_in(SECOND_STAFF), ordinary, "publication")) == "notice-step-refused"


def test_a_drill_says_that_it_is_one(sign_in: Client) -> None:
    words = {"title_en": "Flood", "body_en_md": "Leave."}
    notice = publish(sign_in, priority="emergency", drill=True, title="洪水", **words)
    assert (notice["title"], notice["title_en"]) == ("【演练】洪水", "[DRILL] Flood")
    for own in ({}, {"large_text": "请撤离!", "read_aloud": "请撤离。"}):
        shown = draft(sign_in, priority="emergency", drill=True, **own)
        for name in ("large_text", "read_aloud"):
            assert shown[name].startswith("【演练】"), "large print and a voice come alone"
            assert shown[name].endswith(own.get(name, ""))
    resident = sign_in(RESIDENT)
    shown = (resident.get("/api/v1/inbox").json or {})["items"][0]
    assert (shown["title"], shown["drill"]) == ("【演练】洪水", True)


def test_a_scheduled_notice_is_published_at_its_time_and_numbered_then(sign_in: Client) -> None:
    scheduled = approved(sign_in, publish_at=SOON)
    assert scheduled["state"] == "scheduled"
    publish(sign_in, title="先发的")
    assert SCHEDULE.run() == 0
    resident = sign_in(RESIDENT)
    assert titles(resident) == ["先发的"]
    with transaction():
        write("UPDATE notice SET publish_at = now() WHERE state = 'scheduled'")
    assert SCHEDULE.run() == 1
    assert titles(resident) == ["停水通知", "先发的"]
    assert SCHEDULE.run() == 0


def test_a_scheduled_notice_whose_time_is_over_is_not_published(sign_in: Client) -> None:
    approved(sign_in, publish_at=SOON, expires_at="2088-02-01T00:00:00+08:00")
    with transaction():
        write(
            "UPDATE notice SET publish_at = now() - interval '2 days',"
            " expires_at = now() - interval '1 day'"
        )
    SCHEDULE.run()
    assert read("SELECT state, publish_seq FROM notice")[0] == ("expired", None)
    assert [row.kind for row in read("SELECT kind FROM outbox")] == ["notice-not-published"]
    assert titles(sign_in(RESIDENT)) == []


def test_staff_publish_only_within_their_area(sign_in: Client) -> None:
    local = sign_in(staff_with("district_staff", area="DDHT-QY"))
    for areas in (["DDHT-XQ"], ["DDHT"], ["DDHT-QY", "DDHT-XQ"], ["NO-SUCH"]):
        answer = local.post(PATH, {**NEW, "audience": {"areas": areas}})
        assert (answer.status_code, slug(answer)) == (403, "area-not-yours"), areas
    assert local.post(PATH, {**NEW, "audience": {"areas": ["DDHT-QY"]}}).status_code == 201
    notice = publish(sign_in)
    for step, body in (
        ("", None),
        ("/versions", None),
        ("/submission", None),
        ("/approval", None),
        ("/return", {"reason": "x"}),
        ("/publication", None),
        ("/withdrawal", None),
        ("/versions", NEW),
        ("/correction", {**NEW, "change_note": "x"}),
    ):
        path = f"{PATH}/{notice['id']}{step}"
        reading = step == "" or (step == "/versions" and body is None)
        answer = local.get(path) if reading else local.post(path, body, version=4)
        assert slug(answer) == "not-found", step
    assert len((local.get(PATH).json or {})["items"]) == 1
    for caller in (sign_in(RESIDENT), sign_in(staff_with("grid_worker"))):
        assert caller.post(PATH, NEW).status_code == 403
        assert caller.get(PATH).status_code == 403


def test_a_repeat_and_a_lost_update_are_known(sign_in: Client) -> None:
    staff, key = sign_in(STAFF), "0190-a-key-of-ours"
    first, again = staff.post(PATH, NEW, key=key), staff.post(PATH, NEW, key=key)
    assert (first.json, again.headers.get("Idempotency-Replayed")) == (again.json, "true")
    notice = dict(first.json or {})
    done(take(staff, notice, "versions", {**NEW, "title": "甲"}))
    for step, body in (("versions", NEW), ("submission", None), ("withdrawal", None)):
        lost = take(staff, notice, step, body)
        assert (lost.status_code, slug(lost)) == (412, "stale-version")


def at(**later: float) -> str:
    return (clock.now() + timedelta(**later)).isoformat()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"expires_at": at(days=-1)}, "expiry-in-the-past"),
        ({"publish_at": at(days=2), "expires_at": at(days=1)}, "expiry-before-start"),
        ({"publish_at": at(days=-2)}, "start-in-the-past"),
        ({"needs_ack": True}, "answer-by-refused"),
        ({"ack_by": at(days=1)}, "answer-by-refused"),
        ({"needs_ack": True, "ack_by": at(days=3), "expires_at": at(days=2)}, "answer-by-refused"),
        ({"body_md": "[看](javascript:alert(1))"}, "link-refused"),
        ({"body_md": "[看][1]\n\n[1]: data:text/html,x"}, "link-refused"),
        ({"body_md": "<javascript:alert(1)>"}, "link-refused"),
        ({"title_en": "a", "body_en_md": "[x]( JavaScript:x)"}, "link-refused"),
        ({"title_en": "a"}, "invalid"),
        ({"body_md": "x" * 200_000}, "invalid"),
        ({"audience": {"areas": []}}, "invalid"),
        ({"audience": {"areas": ["DDHT"], "people": []}}, "invalid"),
        ({"audience": {"areas": ["DDHT"], "people": ["everybody"]}}, "invalid"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(
    sign_in: Client, changes: dict[str, Any], expected: str
) -> None:
    assert slug(sign_in(STAFF).post(PATH, {**NEW, **changes})) == expected


def test_staff_may_edit_what_is_read_aloud_and_printed_large(sign_in: Client) -> None:
    notice = draft(sign_in, large_text="停水!", read_aloud="明天停水。")
    assert (notice["large_text"], notice["read_aloud"]) == ("停水!", "明天停水。")
    made = draft(sign_in, title="GB/T 34300", body_md="# 一\n- 8:00\n- [网址](https://a.cn)\n\nA。")
    assert made["large_text"] == "一\n8:00\n网址\nA。"
    assert made["read_aloud"] == "GB/T 34300。一。8:00。网址。A。"


def test_too_long_is_said_of_the_field(sign_in: Client) -> None:
    answer = sign_in(STAFF).post(PATH, {**NEW, "body_md": "x" * 200_000})
    assert codes(answer) == {"/body_md": "length"}
