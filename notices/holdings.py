"""What is held of a person here, and what closing an account does to it."""

from collections.abc import Iterable
from typing import Any

from app.database import read, write
from app.errors import Words
from app.policy import Actor
from app.privacy import Excused, Holding, Kept, Subject, vault
from app.privacy.holdings import MOST_RECORDS, Record
from notices.audience.people import People, words_of

ALL = MOST_RECORDS + 1

READ = f"""
SELECT c.seq, c.read_at, c.acked_at, n.title FROM notice_receipt c
LEFT JOIN notice n ON n.publish_seq = c.seq
WHERE c.account_id = %(account)s ORDER BY c.seq LIMIT {ALL}
"""  # noqa: S608  a number of ours
ASIDE = """
SELECT read_upto, places, people, matters FROM inbox_state WHERE account_id = %(account)s
"""
CHANNELS = """
SELECT 'web-push' AS channel, id, made_at, device_sealed, NULL::bytea AS openid_sealed
FROM push_subscription WHERE account_id = %(account)s
UNION ALL
SELECT 'wechat', id, made_at, NULL, openid_sealed FROM wechat_link WHERE account_id = %(account)s
"""
PREFERENCES = """
SELECT refused, quiet_from, quiet_until, changed_at FROM notice_preference
WHERE account_id = %(account)s
"""
VISITS = f"""
SELECT made_at, absences, outcome, done_at FROM notice_visit
WHERE resident_id = %(resident)s ORDER BY id LIMIT {ALL}
"""  # noqa: S608  a number of ours

# What was acknowledged stays, as nobody's: that the district told of it must be provable.
FORGET = (
    "DELETE FROM live_ticket WHERE account_id = %(account)s",
    "DELETE FROM inbox_state WHERE account_id = %(account)s",
    "DELETE FROM notice_receipt WHERE account_id = %(account)s AND acked_at IS NULL",
    "DELETE FROM push_subscription WHERE account_id = %(account)s",
    "DELETE FROM wechat_link WHERE account_id = %(account)s",
    "DELETE FROM notice_preference WHERE account_id = %(account)s",
)


def _read(subject: Subject) -> list[Record]:
    about = {"account": subject.account_id}
    aside = [_aside(row) for row in read(ASIDE, about)]
    return [*aside, *(row._asdict() for row in read(READ, about))]


def _aside(row: Any) -> Record:
    """Return up to which number all was put aside, and as whom: unknown where it is long ago."""
    there = zip(row.places, row.people, strict=True) if row.places is not None else ()
    return {
        "all_read_upto": row.read_upto,
        "as_whom": [{"place": place, "people": words_of(People(bits))} for place, bits in there],
        "matters": row.matters,
    }


def _channels(subject: Subject) -> Iterable[Record]:
    for row in read(CHANNELS, {"account": subject.account_id}):
        yield {
            "channel": row.channel,
            "made_at": row.made_at,
            "device": vault.opened("push.device", row.id, row.device_sealed),
            "wechat": vault.opened("wechat.openid", row.id, row.openid_sealed),
        }


def _preferences(subject: Subject) -> list[Record]:
    return [row._asdict() for row in read(PREFERENCES, {"account": subject.account_id})]


def _visits(subject: Subject) -> list[Record]:
    return [row._asdict() for row in read(VISITS, {"resident": subject.resident_id})]


def leave(actor: Actor) -> None:
    """Forget what somebody has read, and the ways by which they were told."""
    for statement in FORGET:
        write(statement, {"account": actor.account_id})


HOLDINGS = (
    Holding(
        "notices-read",
        Words("读过的通知", "Notices read"),
        ("notice_receipt", "inbox_state"),
        _read,
    ),
    Holding(
        "notice-channels",
        Words("通知渠道", "Ways of being told"),
        ("push_subscription", "wechat_link"),
        _channels,
    ),
    Holding(
        "notice-preferences",
        Words("通知偏好与免打扰时段", "What one wants to be told of, and quiet hours"),
        ("notice_preference",),
        _preferences,
    ),
    Holding(
        "notice-visits",
        Words("因未确认通知而上门走访", "Visits about notices that were not acknowledged"),
        ("notice_visit",),
        _visits,
    ),
)

KEPT = (
    Kept(
        Words("须签收通知的签收时间(仅编号)", "when a notice was acknowledged, by ids only"),
        ("notice_receipt",),
        "突发事件应对法 (2024 修订)",
        Words("随通知", "as long as the notice"),
    ),
    Kept(
        Words("因未确认通知而上门走访的记录(仅编号)", "visits about notices, by ids only"),
        ("notice_visit",),
        "突发事件应对法 (2024 修订)",
        Words("办结后一年", "a year after they are done"),
    ),
    Kept(
        Words("曾任职务时拟写、签发通知的记录(仅编号)", "notices written in an office once held"),
        ("notice", "notice_version"),
        "机关档案管理规定 (国家档案局令第13号)",
        Words("随通知", "as long as the notice"),
    ),
)

EXCUSED = (
    Excused("notice_version", "what members of staff did to a notice in their office"),
    Excused("text_ledger", "that a text went to a phone of the register; by keyed index, no name"),
    Excused("webhook_endpoint", "an address of an organisation, not of a person"),
    Excused("wechat_token", "what lets the district's own app in at WeChat"),
)
