"""What is held of a person here, and what closing an account does to it."""

from app.database import read, write
from app.errors import Words
from app.policy import Actor
from app.privacy import Excused, Holding, Kept, Subject
from app.privacy.holdings import Record

READ = """
SELECT c.seq, c.read_at, c.acked_at, n.title FROM notice_receipt c
LEFT JOIN notice n ON n.publish_seq = c.seq
WHERE c.account_id = %(account)s ORDER BY c.seq LIMIT 5000
"""
FORGET_STATE = "DELETE FROM inbox_state WHERE account_id = %(account)s"
FORGET_READ = "DELETE FROM notice_receipt WHERE account_id = %(account)s AND acked_at IS NULL"


def _read(subject: Subject) -> list[Record]:
    return [row._asdict() for row in read(READ, {"account": subject.account_id})]


def leave(actor: Actor) -> None:
    """Forget what somebody has read; what they acknowledged stays, as nobody's."""
    write(FORGET_STATE, {"account": actor.account_id})
    write(FORGET_READ, {"account": actor.account_id})


HOLDINGS = (
    Holding(
        "notices-read",
        Words("读过的通知", "Notices read"),
        ("notice_receipt", "inbox_state"),
        _read,
    ),
)

KEPT = (
    Kept(
        Words("须签收通知的签收时间(仅编号)", "when a notice was acknowledged, by ids only"),
        ("notice_receipt",),
        "突发事件应对法 (2024 修订)",
        Words("随通知", "as long as the notice"),
    ),
)

EXCUSED = (Excused("notice_version", "what members of staff did to a notice in their office"),)
