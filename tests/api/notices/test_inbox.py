"""Notices reach the people of an area, and nobody else; each reader keeps their own inbox."""

from typing import Any

import pytest

from app.database import read
from notices.approval.sweeps import EXPIRY
from tests.notices_of import (
    NEW,
    Client,
    approved,
    codes,
    done,
    draft,
    expire,
    publish,
    publish_draft,
    slug,
    take,
    titles,
    unread,
)
from tests.people import NEIGHBOUR, NEWCOMER, RESIDENT, STAFF, Caller

INBOX = "/api/v1/inbox"


def items(caller: Caller, query: str = "") -> list[dict[str, Any]]:
    return list((caller.get(f"{INBOX}{query}").json or {})["items"])


def test_who_lives_there_sees_it_unread_and_reads_it(sign_in: Client) -> None:
    notice, resident = publish(sign_in), sign_in(RESIDENT)
    assert (unread(resident), titles(resident)) == (1, ["停水通知"])
    full = resident.get(f"{INBOX}/{notice['id']}").json
    assert full is not None
    assert full["body_html"] == "<p><strong>11 月 25 日</strong> 停水。</p>\n"
    assert full["large_text"] == "11 月 25 日 停水。"
    assert full["read_aloud"] == "停水通知。11 月 25 日 停水。"
    for _ in range(2):
        assert resident.post(f"{INBOX}/{notice['id']}/read").status_code == 204
    assert unread(resident) == 0
    assert titles(resident) == ["停水通知"]
    reach = read("SELECT grid_code, channel, residents FROM notice_reach")
    assert [tuple(row) for row in reach] == [("DDHT-XQ-LT-C03-G2", "read", 1)]


def test_who_lives_elsewhere_never_sees_it(sign_in: Client) -> None:
    notice, neighbour = publish(sign_in), sign_in(NEIGHBOUR)
    newcomer = sign_in(NEWCOMER)
    for caller in (neighbour, newcomer):
        assert (unread(caller), titles(caller)) == (0, [])
        assert items(caller, "/search?words=停水") == []
        for path in ("", "/read", "/acknowledgement"):
            ask = caller.post if path else caller.get
            assert slug(ask(f"{INBOX}/{notice['id']}{path}")) == "not-found"


def test_a_withdrawn_notice_leaves_every_inbox(sign_in: Client) -> None:
    notice, resident = publish(sign_in), sign_in(RESIDENT)
    done(take(sign_in(STAFF), notice, "withdrawal"))
    assert (unread(resident), titles(resident)) == (0, [])
    assert slug(resident.get(f"{INBOX}/{notice['id']}")) == "not-found"
    assert items(resident, "/search?words=停水") == []


def test_an_expired_notice_leaves_the_inbox_and_can_be_found_again(sign_in: Client) -> None:
    notice = publish(sign_in, expires_at="2090-01-01T00:00:00+08:00")
    expire(notice)
    resident = sign_in(RESIDENT)
    for _ in range(2):  # before the sweep has seen it, and after
        assert (unread(resident), titles(resident)) == (0, [])
        assert [item["id"] for item in items(resident, "/search?words=停水")] == [notice["id"]]
        assert [item["id"] for item in items(resident, "/search")] == [notice["id"]]
        assert resident.get(f"{INBOX}/{notice['id']}").status_code == 200
        EXPIRY.run()
    shown = sign_in(STAFF).get(f"/api/v1/notices/{notice['id']}").json or {}
    assert shown["state"] == "expired"
    assert read("SELECT count(*) AS n FROM notice_target")[0].n == 0


def test_a_notice_to_two_of_my_areas_is_one(sign_in: Client) -> None:
    publish(sign_in, audience={"areas": ["DDHT", "DDHT-XQ", "DDHT-XQ-LT", "DDHT"]})
    resident = sign_in(RESIDENT)
    assert (unread(resident), len(titles(resident))) == (1, 1)


def test_pages_are_newest_first_without_loss_or_repeat(sign_in: Client) -> None:
    for number in range(5):
        publish(sign_in, title=f"第 {number} 号")
    resident = sign_in(RESIDENT)
    for path in ("", "/search"):
        seen: list[str] = []
        cursor: str | None = ""
        while cursor is not None:
            page = resident.get(f"{INBOX}{path}?limit=2{cursor}").json or {}
            seen += [item["title"] for item in page["items"]]
            cursor = f"&cursor={page['next']}" if page["next"] else None
        assert seen == [f"第 {number} 号" for number in (4, 3, 2, 1, 0)]


def test_what_is_pinned_can_be_asked_for_alone(sign_in: Client) -> None:
    publish(sign_in, title="防汛须知", pinned=True)
    publish(sign_in)
    resident = sign_in(RESIDENT)
    assert titles(resident, "?pinned=true") == ["防汛须知"]
    assert titles(resident) == ["停水通知", "防汛须知"]


def test_putting_aside_reads_what_was_shown_but_never_an_emergency(sign_in: Client) -> None:
    publish(sign_in)
    publish(sign_in, title="洪水预警", priority="emergency", needs_ack=True, ack_by=LATER)
    resident = sign_in(RESIDENT)
    shown = items(resident)[0]["seq"]
    publish(sign_in, title="后来的")
    for _ in range(2):
        assert resident.post(f"{INBOX}/aside", {"upto": shown}).status_code == 204
    states = {item["title"]: (item["read"], item["acked_at"]) for item in items(resident)}
    assert states == {"停水通知": (True, None), "洪水预警": (False, None), "后来的": (False, None)}
    assert unread(resident) == 2
    assert read("SELECT count(*) AS n FROM notice_receipt")[0].n == 0
    resident.post(f"{INBOX}/aside", {"upto": 2**53 - 1})  # nobody can put aside what is to come
    publish(sign_in, title="更后来的")
    assert unread(resident) == 2


LATER = "2089-01-01T00:00:00+08:00"


def test_an_acknowledgement_is_given_once_and_counted_once(sign_in: Client) -> None:
    notice = publish(sign_in, needs_ack=True, ack_by=LATER)
    resident = sign_in(RESIDENT)
    for _ in range(2):
        answer = resident.post(f"{INBOX}/{notice['id']}/acknowledgement")
        assert answer.status_code == 204
    assert items(resident)[0]["acked_at"] is not None
    reach = read("SELECT channel, residents FROM notice_reach ORDER BY channel")
    assert [tuple(row) for row in reach] == [("ack", 1), ("read", 1)]
    other = publish(sign_in)
    refused = resident.post(f"{INBOX}/{other['id']}/acknowledgement")
    assert slug(refused) == "acknowledgement-not-asked"


def test_a_hundred_stand_for_a_hundred_or_more(sign_in: Client) -> None:
    publish(sign_in)
    seed_targets(150)
    assert unread(sign_in(RESIDENT)) == 100


def seed_targets(count: int) -> None:
    from app.database import transaction, write

    with transaction():
        write(
            "INSERT INTO notice_target (place, seq, notice_id, people, priority, pinned,"
            " expires_at) SELECT 'DDHT', 1000 + n, gen_random_uuid(), 1, 0, false, 'infinity'"
            " FROM generate_series(1, %(n)s) n",
            {"n": count},
        )


def test_search_finds_words_within_sentences_of_either_language(sign_in: Client) -> None:
    publish(sign_in, title_en="Water off", body_en_md="From **8:00** in Langtou.")
    publish(sign_in, title="防汛须知", body_md="请远离河道。停 水")
    resident = sign_in(RESIDENT)
    for words, expected in (
        ("停水", ["停水通知"]),
        ("水通", ["停水通知"]),
        ("河道", ["防汛须知"]),
        ("langtou", ["停水通知"]),
        ("Water off", ["停水通知"]),
        ("off water", []),
        ("燃气", []),
    ):
        assert titles(resident, f"/search?words={words}") == expected, words
    assert codes(resident.get(f"{INBOX}/search?words=水")) == {"/words": "length"}


def test_search_finds_the_words_of_a_notice_and_those_of_its_large_print(sign_in: Client) -> None:
    publish(sign_in, title="检修", body_md="明早六点起停水。", large_text="请提前储水")
    resident = sign_in(RESIDENT)
    for words in ("六点起停水", "提前储水"):
        assert titles(resident, f"/search?words={words}") == ["检修"], words


@pytest.mark.parametrize(
    ("markdown", "forbidden"),
    [
        ("<script>alert(1)</script>", "<script"),
        ("![x](http://a/b.png)", "<img"),
        ('<a href="http://a" onclick="x()">x</a>', "<a"),
    ],
)
def test_markdown_becomes_safe_html(sign_in: Client, markdown: str, forbidden: str) -> None:
    notice = publish(sign_in, body_md=markdown)
    assert forbidden not in notice["body_html"].replace("&lt;", "‹")


def test_numbers_are_given_in_order_of_change(sign_in: Client) -> None:
    first = publish(sign_in)
    publish(sign_in)
    done(take(sign_in(STAFF), first, "withdrawal"))
    publish(sign_in)
    rows = read("SELECT seq, step FROM notice_change ORDER BY seq")
    assert [row.step for row in rows] == ["publish", "publish", "withdraw", "publish"]
    assert [row.seq for row in rows] == [1, 2, 3, 4]


def test_a_correction_is_unread_again_and_takes_the_place_of_what_was_wrong(
    sign_in: Client,
) -> None:
    notice, resident = publish(sign_in), sign_in(RESIDENT)
    resident.post(f"{INBOX}/{notice['id']}/read")
    body = {**NEW, "title": "停水通知(更正)", "change_note": "时间改为 9:00"}
    corrected = done(take(sign_in(STAFF), notice, "correction", body))
    assert (corrected["revision"], corrected["root_id"]) == (2, notice["id"])
    again = take(sign_in(STAFF), notice, "correction", body)
    assert (again.status_code, slug(again)) == (409, "notice-correction-open")
    assert (unread(resident), titles(resident)) == (0, ["停水通知"])  # until it is published
    publish_draft(sign_in, corrected)
    assert (unread(resident), titles(resident)) == (1, ["停水通知(更正)"])
    assert items(resident)[0]["change_note"] == "时间改为 9:00"
    assert slug(resident.get(f"{INBOX}/{notice['id']}")) == "not-found"
    shown = sign_in(STAFF).get(f"/api/v1/notices/{notice['id']}").json or {}
    assert shown["state"] == "superseded"
    steps = sign_in(STAFF).get(f"/api/v1/notices/{corrected['id']}/versions").json or {}
    assert steps["items"][-1]["step"] == "correct"
    assert set(steps["items"][-1]["changed"]) == {"title", "read_aloud", "change_note"}


def test_a_correction_takes_the_place_of_what_expired_while_it_was_written(
    sign_in: Client,
) -> None:
    """Or what was wrong would be found beside it."""
    notice, resident = publish(sign_in, expires_at=LATER), sign_in(RESIDENT)
    body = {**NEW, "title": "停水通知(更正)", "change_note": "改为明天"}
    corrected = done(take(sign_in(STAFF), notice, "correction", body))
    expire(notice)
    EXPIRY.run()
    assert titles(resident, "/search?words=停水") == ["停水通知"]
    publish_draft(sign_in, corrected)
    assert titles(resident, "/search?words=停水") == titles(resident) == ["停水通知(更正)"]
    assert slug(resident.get(f"{INBOX}/{notice['id']}")) == "not-found"


def test_nothing_but_what_is_published_can_be_corrected(sign_in: Client) -> None:
    body = {**NEW, "change_note": "x"}
    for notice in (draft(sign_in), approved(sign_in)):
        answer = take(sign_in(STAFF), notice, "correction", body)
        assert slug(answer) == "notice-step-refused"
