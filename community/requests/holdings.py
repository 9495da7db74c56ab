"""What is held of a person here, what stays of it, and what closing an account does to it."""

from collections.abc import Iterable
from uuid import UUID

from app.database import read, write
from app.errors import Words
from app.policy import Actor
from app.privacy import Excused, Holding, Kept, Subject, told_to_district, vault
from app.privacy.holdings import MOST_RECORDS, Record
from community.requests import queries
from community.requests.events import NOTE
from community.requests.filing.withdrawing import withdraw
from community.requests.lifecycle import Step, StepRefused, step
from community.requests.steps_taken import standing_of
from community.requests.view import CONTACT, WORDS

ALL = MOST_RECORDS + 1

FILED = f"""
SELECT id, number, matter_code, state, channel, hotline_number, confidential, filed_at, settled_at,
  result, lng, lat, raw_lng, raw_lat, raw_crs, grid_code, mandate_id, words_sealed, contact_sealed
FROM service_request WHERE account_id = %(account)s ORDER BY id LIMIT {ALL}
"""  # noqa: S608  a number of ours
TOLD = f"""
SELECT e.request_id, e.at, e.step, e.note_sealed FROM request_event e
JOIN service_request r ON r.id = e.request_id
WHERE r.account_id = %(account)s ORDER BY e.id LIMIT {ALL}
"""  # noqa: S608  a number of ours
RATED = f"""
SELECT t.request_id, t.stars, t.reasons, t.rated_at, t.words_sealed FROM rating t
JOIN service_request r ON r.id = t.request_id WHERE r.account_id = %(account)s LIMIT {ALL}
"""  # noqa: S608  a number of ours
OPEN = """
SELECT id FROM service_request WHERE account_id = %(account)s AND settled_at IS NULL LIMIT 1000
"""
# The case stays for statistics and archives, as nobody's: no way leads from it to a person.
NOBODYS = """
UPDATE service_request SET resident_id = NULL, contact_sealed = NULL, content = NULL
WHERE account_id = %(account)s
"""
FOLLOWED = f"""
SELECT request_id, since FROM request_follow WHERE account_id = %(account)s LIMIT {ALL}
"""  # noqa: S608  a number of ours
DISTRICT = f"""
SELECT o.id, o.kind, r.number, o.told_at, o.sent_at, o.payload_sealed
FROM outbox o JOIN service_request r ON r.id = o.subject_id
WHERE o.subject_kind = 'request' AND r.account_id = %(account)s ORDER BY o.told_at LIMIT {ALL}
"""  # noqa: S608
UNFOLLOW = "DELETE FROM request_follow WHERE account_id = %(account)s"


def _filed(subject: Subject) -> Iterable[Record]:
    for row in read(FILED, {"account": subject.account_id}):
        content = row._asdict()
        words, contact = content.pop("words_sealed"), content.pop("contact_sealed")
        said = {"contact": vault.opened(CONTACT, row.id, contact)}
        yield {"words": vault.opened(WORDS, row.id, words), **said, **content}


def _told(subject: Subject) -> Iterable[Record]:
    for row in read(TOLD, {"account": subject.account_id}):
        content = row._asdict()
        sealed = content.pop("note_sealed")
        yield {**content, "note": vault.opened(NOTE, row.request_id, sealed)}


def _rated(subject: Subject) -> Iterable[Record]:
    for row in read(RATED, {"account": subject.account_id}):
        content = row._asdict()
        sealed = content.pop("words_sealed")
        yield {**content, "words": vault.opened("rating.words", row.request_id, sealed)}


def _followed(subject: Subject) -> list[Record]:
    return [row._asdict() for row in read(FOLLOWED, {"account": subject.account_id})]


def _of_the_district(subject: Subject) -> Iterable[Record]:
    return told_to_district(read(DISTRICT, {"account": subject.account_id}))


def leave(actor: Actor) -> None:
    """Withdraw what is open and may be withdrawn; what is not stays as nobody's."""
    for row in read(OPEN, {"account": actor.account_id}):
        seen = queries.one(actor, row.id)
        if seen and _may_withdraw(seen):
            withdraw(actor, row.id, seen.version)
    write(NOBODYS, {"account": actor.account_id})
    write(UNFOLLOW, {"account": actor.account_id})


def _may_withdraw(row: object) -> bool:
    try:
        step(standing_of(row), Step.WITHDRAW)
    except StepRefused:
        return False
    return True


def person_of(actor: Actor, request_id: UUID) -> UUID | None:
    """Return the resident who filed a request that is in the actor's sight."""
    row = queries.one(actor, request_id)
    if row is None or row.account_id is None:
        return None
    found = read("SELECT resident_id FROM account WHERE id = %(id)s", {"id": row.account_id})
    return found[0].resident_id if found else None


HOLDINGS = (
    Holding("requests", Words("诉求", "Requests"), ("service_request",), _filed),
    Holding("timeline", Words("办理过程", "What became of them"), ("request_event",), _told),
    Holding("followed", Words("关注的诉求", "Followed"), ("request_follow",), _followed),
    Holding(
        "requests-told",
        Words("诉求已告知区数据中心的内容", "What the district was told of them"),
        ("outbox",),
        _of_the_district,
    ),
    Holding("ratings", Words("评价", "Ratings"), ("rating",), _rated),
)

BETWEEN_UNITS = "words between units about whose duty a case is; what came of it is listed"

EXCUSED = (
    Excused(
        "request_decline", "why a case was not taken, and who decided; the timeline has all of it"
    ),
    Excused("request_objection", BETWEEN_UNITS),
    Excused("request_task", BETWEEN_UNITS),
    Excused("request_visit", "who asked back about a case, and when; the outcome is listed"),
)

KEPT = (
    Kept(
        Words(
            "已办结诉求的事项、地点、时间、结果、星级(不含文字和人)",
            "matter, place, times, result and stars of settled requests, without words and people",
        ),
        ("service_request", "request_event", "rating"),
        "机关档案管理规定 (国家档案局令第13号); GB/T 39734",
        Words("随诉求档案", "as long as the case"),
    ),
    Kept(
        Words(
            "曾任职务时经办诉求的记录(仅编号)",
            "steps of cases taken in an office once held, by ids",
        ),
        (
            *("request_decline", "request_extension", "request_objection"),
            *("request_task", "request_visit"),
        ),
        "机关档案管理规定 (国家档案局令第13号)",
        Words("随诉求档案", "as long as the case"),
    ),
)
