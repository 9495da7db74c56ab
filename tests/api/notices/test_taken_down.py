"""What is over can still be taken down: what was wrong in it is found nowhere any more."""

from typing import Any
from uuid import UUID

import orjson
from lxml import etree

from app.database import read, transaction, write
from notices.approval.sweeps import EXPIRY, SCHEDULE
from notices.feeds.writing import ATOM, TOMBSTONES
from tests.api.notices.test_attachments import with_files
from tests.notices_of import PATH, Client, done, expire, publish, publish_draft, slug, take, titles
from tests.people import RESIDENT, SECOND_STAFF, STAFF, Caller

INBOX = "/api/v1/inbox"
LATER = "2090-01-01T00:00:00+08:00"
CHANNELS = "SELECT channel FROM delivery_campaign WHERE notice_id = %(id)s AND over"


def over(sign_in: Client, notice: dict[str, Any]) -> dict[str, Any]:
    """Let a notice expire, and return it as staff are shown it then."""
    expire(notice)
    EXPIRY.run()
    shown = done(sign_in(STAFF).get(f"{PATH}/{notice['id']}"))
    assert shown["state"] == "expired"
    return shown


def steps(notice: dict[str, Any]) -> list[str]:
    about = {"id": notice["id"]}
    sql = "SELECT step FROM notice_change WHERE notice_id = %(id)s ORDER BY seq"
    return [row.step for row in read(sql, about)]


def test_what_is_over_is_withdrawn_from_search_pages_and_feeds(
    sign_in: Client, nobody: Caller
) -> None:
    notice, (key,) = with_files(sign_in, expires_at=LATER)
    notice, resident = publish_draft(sign_in, notice), sign_in(RESIDENT)
    page = f"/n/{notice['root_id']}"
    file, shown = f"{page}/attachments/{key}", f"{INBOX}/{notice['id']}"
    resident.post(f"{shown}/read")
    notice = over(sign_in, notice)
    assert titles(resident, "/search?words=停水") == ["停水通知"]
    assert (nobody.get(file).status_code, resident.get(shown).status_code) == (200, 200)

    gone = done(take(sign_in(STAFF), notice, "withdrawal"))
    assert gone["state"] == "withdrawn"
    assert gone["ended_at"] > notice["ended_at"]
    for search in ("/search", "/search?words=停水"):
        assert titles(resident, search) == []
    assert slug(resident.get(shown)) == "not-found"
    assert nobody.get(file).status_code == 404
    said = nobody.get(page).text
    assert "已撤回" in said
    assert "/attachments/" not in said
    assert "11 月 25 日" not in said
    atom = etree.fromstring(nobody.get("/feeds/DDHT-XQ/notices.atom").data)
    assert atom.find(f"{{{ATOM}}}entry") is None
    (entry,) = atom.findall(f"{{{TOMBSTONES}}}deleted-entry")
    assert entry.get("ref") == f"urn:uuid:{notice['root_id']}"
    assert orjson.loads(nobody.get("/feeds/DDHT-XQ/notices.json").data)["items"] == []


def test_taking_it_down_is_a_change_like_any_other_and_receipts_stay(sign_in: Client) -> None:
    notice, resident = publish(sign_in, expires_at=LATER), sign_in(RESIDENT)
    resident.post(f"{INBOX}/{notice['id']}/read")
    notice = over(sign_in, notice)
    seen = {"If-None-Match": resident.get(INBOX).headers["ETag"]}
    gone = done(take(sign_in(STAFF), notice, "withdrawal"))
    assert steps(notice) == ["publish", "expire", "withdraw"]
    assert resident.get(INBOX, headers=seen).status_code == 200, "a poll hears of it"
    assert read("SELECT 1 FROM notice_target UNION ALL SELECT 1 FROM notice_target_past") == []
    assert read("SELECT count(*) AS n FROM notice_receipt")[0].n == 1
    history = done(sign_in(STAFF).get(f"{PATH}/{notice['id']}/versions"))["items"]
    assert [step["step"] for step in history][:2] == ["withdraw", "expire"]
    assert [row.channel for row in read(CHANNELS, {"id": notice["id"]})] == ["webhook"]
    assert slug(take(sign_in(STAFF), gone, "withdrawal")) == "notice-step-refused"


def test_an_alert_that_is_over_leaves_the_feed_and_is_not_ended_twice(
    sign_in: Client, nobody: Caller
) -> None:
    """Whoever follows alerts has dropped it at its own time: a Cancel would be news of nothing."""
    notice = publish(sign_in, priority="emergency", expires_at=LATER)
    with transaction():
        write("UPDATE cap_alert SET expires_at = now() - interval '1 minute'")
    notice = over(sign_in, notice)
    assert "停水通知" in nobody.get("/feeds/DDHT-XQ/alerts.atom").text
    done(take(sign_in(STAFF), notice, "withdrawal"))
    assert [row.kind for row in read("SELECT kind FROM cap_alert")] == ["Alert"]
    assert "停水通知" not in nobody.get("/feeds/DDHT-XQ/alerts.atom").text


def test_an_alert_that_outlives_its_notice_is_ended_with_it(
    sign_in: Client, nobody: Caller
) -> None:
    """An alert counts for ten minutes at least, however soon the notice is over."""
    notice = over(sign_in, publish(sign_in, priority="emergency", expires_at=LATER))
    done(take(sign_in(STAFF), notice, "withdrawal"))
    assert [row.kind for row in read("SELECT kind FROM cap_alert ORDER BY id")] == [
        "Alert",
        "Cancel",
    ]
    feed = nobody.get("/feeds/DDHT-XQ/alerts.atom").text
    assert ("Alert: 停水通知" in feed, "Cancel: 停水通知" in feed) == (True, True)


def test_what_missed_its_time_unpublished_is_withdrawn_as_a_draft_is(sign_in: Client) -> None:
    """Nobody has seen it: no poll and no system is told, and its files go."""
    notice, (key,) = with_files(sign_in, publish_at=LATER, expires_at="2090-02-01T00:00:00+08:00")
    notice = done(take(sign_in(STAFF), notice, "submission"))
    done(take(sign_in(SECOND_STAFF), notice, "approval"))
    with transaction():
        write(
            "UPDATE notice SET publish_at = now() - interval '2 days',"
            " expires_at = now() - interval '1 day'"
        )
    SCHEDULE.run()
    notice = done(sign_in(STAFF).get(f"{PATH}/{notice['id']}"))
    assert (notice["state"], notice["publish_seq"]) == ("expired", None)
    assert done(take(sign_in(STAFF), notice, "withdrawal"))["state"] == "withdrawn"
    assert steps(notice) == []
    assert read(CHANNELS, {"id": notice["id"]}) == []
    uses = "SELECT 1 FROM file_use WHERE file_id = %(key)s"
    assert read(uses, {"key": UUID(key)}) == []
