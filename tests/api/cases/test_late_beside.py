"""A helper, an objection, a return visit or a review that is overdue climbs, each rung once."""

from typing import Any

import pytest
from flask import Flask

from app.database import read, transaction, write
from community.requests.clock.beside import CLOCKS, Beside
from community.requests.supervision.beside import climb_beside
from tests.api.cases.beside import begun
from tests.api.cases.living import Case
from tests.crowd import at_once
from tests.people import Caller

BY_STAGE = {str(each.stage): each for each in CLOCKS}
OVERDUE = "UPDATE {table} SET due_at = now() - make_interval(days => %(days)s)"
HOUR_LATER = "UPDATE {table} SET next_rung_at = now() - interval '1 second' WHERE rung > 0"
NAMES = ["催办", "督办", "挂牌"]


def said(sql: str, stage: str, **about: Any) -> None:
    with transaction():
        write(sql.format(table=BY_STAGE[stage].table), about)


def climb() -> int:
    return climb_beside(batch=2, at_most=100)


@pytest.mark.parametrize("stage", ["help", "adjudicate", "visit"])
def test_what_is_overdue_beside_a_case_climbs_to_the_top_and_no_further(
    stage: str, resident: Caller, worker: Caller
) -> None:
    case, _ = begun(stage, resident, worker)
    assert climb() == 0
    said(OVERDUE, stage, days=30)
    version = case.row.version
    for _ in NAMES:
        assert climb() == 1
        assert climb() == 0, "whom it tells has an hour to answer"
        said(HOUR_LATER, stage)
    assert climb() == 0
    entries = case.entries(resident, "supervise")
    assert [each["facts"]["name"] for each in entries] == NAMES
    assert {each["facts"]["of"] for each in entries} == {stage}
    assert "逾期的是" in entries[0]["words"]["zh"]
    assert case.row.version == version, "nobody's step is stale for it"
    told = read("SELECT count(*) AS n FROM outbox WHERE kind = 'request-supervised'")
    assert told[0].n == 1, "the district hears of 挂牌"


def test_a_review_that_is_overdue_climbs_though_its_case_is_not_open(
    resident: Caller, staff: Caller
) -> None:
    case = Case(resident)
    case.done(staff, "declining", {"reason": "CONCLUDED", "note": "已有结论"})
    case.done(resident, "contest", {"words": "情况不同"})
    said(OVERDUE, "review", days=1)
    assert climb() == 1
    (entry,) = case.entries(resident, "supervise")
    assert (entry["facts"]["of"], entry["facts"]["tells"]) == ("review", "staff")


@pytest.mark.parametrize(
    ("stage", "path", "body"),
    [
        ("adjudicate", "adjudication", {"decision": "reject", "note": "属你单位"}),
        ("visit", "visit", {"outcome": "settled", "note": "已回访"}),
    ],
)
def test_what_was_answered_climbs_no_more(
    stage: str,
    path: str,
    body: dict[str, str],
    resident: Caller,
    worker: Caller,
    staff: Caller,
) -> None:
    case, _ = begun(stage, resident, worker)
    case.done(staff, path, body)
    said(OVERDUE, stage, days=30)
    assert climb() == 0


def test_a_limit_that_moved_since_is_only_looked_at_again(resident: Caller, worker: Caller) -> None:
    case, sql = begun("help", resident, worker)
    said("UPDATE {table} SET next_rung_at = now() - interval '1 day'", "help")
    assert climb() == 0
    row = read(sql)[0]
    assert (row.rung, row.next_rung_at) == (0, row.due_at)
    assert case.entries(resident, "supervise") == []


def test_several_workers_at_once_climb_each_rung_once(
    app: Flask, resident: Caller, worker: Caller
) -> None:
    for _ in range(7):
        begun("help", resident, worker)
    said(OVERDUE, "help", days=1)
    climbed = at_once(app, [climb] * 3)
    assert sum(climbed) + climb() == 7
    assert read("SELECT count(*) AS n FROM request_event WHERE step = 'supervise'")[0].n == 7


@pytest.mark.parametrize("kind", CLOCKS, ids=lambda kind: str(kind.stage))
def test_the_overdue_are_found_by_their_index(kind: Beside, app: Flask) -> None:
    """However many rows of old there are."""
    own = " AND ".join(each for each in kind.running.split(" AND ") if each.startswith("s."))
    sql = (
        f"EXPLAIN SELECT 1 FROM {kind.table} s"
        f" WHERE {own} AND coalesce(s.next_rung_at, s.due_at) <= now()"
        " ORDER BY coalesce(s.next_rung_at, s.due_at) LIMIT 500"
    )
    with transaction():
        write("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        plan = "\n".join(row[0] for row in write(sql))
    assert f"ix_{kind.table}_rung" in plan
