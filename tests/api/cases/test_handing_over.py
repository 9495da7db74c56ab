"""Handing a case over: to somebody who may work on it, and who may hold one more."""

from collections import Counter

from flask import Flask

from app.database import read, transaction, write
from community.rules.registers import forget_all
from tests.api.cases.living import Case, slug
from tests.crowd import at_once, posting
from tests.people import SECOND_WORKER, Caller, account_of

CROWD = 50
MOST = 3
TO = {"to": str(SECOND_WORKER.facts["sid"]), "reason": "轮休"}


def may_hold(most: int) -> None:
    """Say how many cases a grid worker may hold."""
    with transaction():
        write("UPDATE capacity SET most = %(most)s WHERE role = 'grid_worker'", {"most": most})
    forget_all()


def held() -> int:
    """Return how many cases the second worker holds."""
    sql = "SELECT count(*) AS n FROM service_request WHERE claimed_by = %(who)s"
    return int(read(sql, {"who": account_of(SECOND_WORKER)})[0].n)


def test_a_colleague_who_holds_enough_is_given_no_more(
    own_rules: None, resident: Caller, worker: Caller, second_worker: Caller
) -> None:
    mine, other = Case(resident), Case(resident)
    mine.done(second_worker, "claim")
    other.done(worker, "claim")
    may_hold(1)
    refused = other.step(worker, "hand-over", TO)
    assert slug(refused) == "colleague-at-capacity"
    assert refused.json["most"] == 1
    assert other.row.claimed_by != mine.row.claimed_by
    mine.done(second_worker, "settlement", {"result": "solved", "note": "已清理"})
    other.done(worker, "hand-over", TO)
    assert other.row.claimed_by == mine.row.claimed_by


def test_the_first_contact_is_kept_whoever_calls_again(
    resident: Caller, worker: Caller, second_worker: Caller
) -> None:
    case = Case(resident)
    case.done(worker, "claim")
    assert case.row.contacted_at is None
    case.done(worker, "contact", {"note": "已电话联系"})
    first = case.row.contacted_at
    case.done(worker, "hand-over", TO)
    case.done(second_worker, "contact", {"note": "已上门"})
    assert case.row.contacted_at == first > case.row.filed_at
    assert [each["note"] for each in case.entries(resident, "contact")] == ["已电话联系", "已上门"]


def test_a_case_handed_to_who_holds_it_is_not_counted_twice(
    own_rules: None, resident: Caller, second_worker: Caller
) -> None:
    case = Case(resident)
    case.done(second_worker, "claim")
    may_hold(1)
    case.done(second_worker, "hand-over", TO)
    assert held() == 1


def test_a_capacity_is_kept_even_if_fifty_hand_over_at_once(
    app: Flask, own_rules: None, resident: Caller, worker: Caller, second_worker: Caller
) -> None:
    """Fifty cases at the same instant, and the colleague claims one of their own meanwhile."""
    may_hold(1000)
    own = Case(resident)
    made = [Case(resident) for _ in range(CROWD)]
    for case in made:
        case.done(worker, "claim")
    may_hold(MOST)
    deeds = [posting(app, worker, f"{case.path}/hand-over", TO, 2) for case in made]
    answers = at_once(app, [*deeds, posting(app, second_worker, f"{own.path}/claim")])
    said = Counter("won" if each.status_code == 200 else slug(each) for each in answers)
    assert said["won"] == MOST == held(), said
    assert said["colleague-at-capacity"] + said["at-capacity"] == CROWD + 1 - MOST
