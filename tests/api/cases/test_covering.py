"""A colleague who covers goes on with what the absent one has, and is bound by what binds them."""

from collections.abc import Callable
from typing import Any

import pytest

from app.database import read, transaction, write
from community.requests.handling.handing_over import colleague
from community.requests.policy import may_work
from tests.api.cases.living import Case, rules, settled, slug
from tests.identity.test_mandates import _as_loaded as loaded
from tests.identity.test_staff import SECURITY, SYSTEM, asked, covered, period
from tests.near.test_changes import Phone
from tests.people import WORKER, Caller, Person, account_of, proved

Client = Callable[[Person], Caller]
CLERK = Person("19904100015", verified=False)
"""DD0015, at a desk elsewhere: works in Langtou only when somebody lends it."""
WORK = "/api/v1/requests/work"


@pytest.fixture
def cover(sign_in: Client) -> Callable[..., dict[str, Any]]:
    """Let somebody, by their key in the staff register, cover a colleague from today on."""
    security = proved(sign_in(SECURITY))

    def begin(by: str = "DD0015", away: Person = WORKER) -> dict[str, Any]:
        return covered(sign_in, security, away, by)

    return begin


def work_of(caller: Caller) -> list[str]:
    return [item["id"] for item in (caller.get(WORK).json or {})["items"]]


def test_who_covers_goes_on_with_what_the_colleague_has(
    resident: Caller, worker: Caller, sign_in: Client, cover: Any
) -> None:
    case = Case(resident)
    case.done(worker, "claim")
    clerk = sign_in(CLERK)
    cover()
    assert work_of(clerk) == [case.id]
    assert case.seen(clerk)["claimed_by_me"]
    assert case.done(clerk, "claim")["claimed_by_me"], "it is theirs already"
    case.done(clerk, "contact", {"note": "已电话联系"})
    case.done(clerk, "tasks", {"department": "URB", "asked": "核实", "mandatory": False})
    case.done(clerk, "settlement", {"result": "solved", "note": "已办结"})
    assert case.row.claimed_by == account_of(WORKER)
    deed = "SELECT account_id, facts FROM audit_entry WHERE deed = 'request-settle'"
    (entry,) = read(deed)
    assert entry.account_id == account_of(CLERK)
    assert entry.facts["covering"] == [str(account_of(WORKER))]


def test_when_cover_ends_so_does_the_hold(
    resident: Caller, worker: Caller, second_worker: Caller, sign_in: Client, cover: Any
) -> None:
    case = Case(resident)
    case.done(worker, "claim")
    assert slug(case.step(second_worker, "release", {"reason": "轮休"})) == "not-yours"
    begun = cover("DD0002")
    assert case.seen(second_worker)["claimed_by_me"]
    ended = proved(sign_in(SECURITY)).post(f"/api/v1/grants/{begun['id']}/revocation", version=2)
    assert ended.status_code == 200
    assert not case.seen(second_worker)["claimed_by_me"]
    assert slug(case.step(second_worker, "release", {"reason": "轮休"})) == "not-yours"


def test_a_phone_begins_its_list_anew_when_a_colleague_of_the_same_grid_is_covered(
    resident: Caller, worker: Caller, second_worker: Caller, cover: Any
) -> None:
    case = Case(resident)
    case.done(worker, "claim")
    phone = Phone(second_worker)
    assert phone.rows == {}
    cover("DD0002")
    answer = second_worker.get(f"{WORK}/changes?since={phone.since}").json or {}
    assert answer["reset"]
    assert case.id in Phone(second_worker).rows


def test_who_covers_the_handler_makes_no_return_visit(
    resident: Caller, worker: Caller, staff: Caller, cover: Any
) -> None:
    case = Case(resident)
    settled(case, worker)
    case.done(staff, "visit-wanted", {"reason": "抽查"})
    cover("DD0033")
    visit = case.step(staff, "visit", {"outcome": "settled", "note": "已核实"})
    assert slug(visit) == "own-work"


def test_who_covers_whoever_asked_for_more_time_does_not_grant_it(
    own_rules: None, resident: Caller, worker: Caller, staff: Caller, cover: Any
) -> None:
    limit = {"stage": "settle", "count": 5, "unit": "working_days", "pausable": False}
    more = {"extension_count": 2, "extension_unit": "working_days", "extension_by": "staff"}
    rules("matter_limit", sid="T", legal_basis="b", valid_from="2024-01-01", **limit, **more)
    case = Case(resident)
    case.done(worker, "claim")
    case.done(worker, "extension", {"count": 1, "because": "complex", "note": "需要多方"})
    cover("DD0033")
    grant = {"decision": "grant", "note": "同意"}
    assert slug(case.step(staff, "extension/decision", grant)) == "not-yours"


def test_who_covers_whoever_is_complained_about_is_recused(
    resident: Caller, worker: Caller, staff: Caller, cover: Any
) -> None:
    case = Case(resident)
    settled(case, worker)
    complaint = Case(resident, complaint_about={"request": case.id})
    assert complaint.row.against_account == account_of(WORKER)
    assert slug(worker.get(complaint.path)) == "not-found"
    assert staff.get(complaint.path).status_code == 200
    cover("DD0033")
    assert slug(staff.get(complaint.path)) == "not-found"
    around = staff.get("/api/v1/requests/around?near=124.35,40.04&crs=wgs84&radius=20000")
    assert complaint.id not in [item["id"] for item in (around.json or {})["items"]]


def test_cover_that_has_ended_lends_nothing(sign_in: Client, cover: Any, resident: Caller) -> None:
    cover()
    with transaction():
        write("UPDATE added_grant SET valid_from = valid_from - 9, valid_to = valid_from")
    assert slug(sign_in(CLERK).get(WORK)) == "role-not-allowed"


COLLEAGUES = ("DD0001", "DD0002", "DD0015", "DD0021", "DD0033")
CASE = """
SELECT r.*, a.path AS grid_path FROM service_request r JOIN area a ON a.code = r.grid_code
WHERE r.id = %(id)s
"""


def test_the_rule_for_a_colleague_and_for_the_actor_agree(
    resident: Caller, worker: Caller, staff: Caller, sign_in: Client, cover: Any
) -> None:
    """By the register, by a grant for a time, by cover; whoever is complained about."""
    own, units = Case(resident), Case(resident, matter="HEAT-COLD")
    rows = [read(CASE, {"id": case.id})[0] for case in (own, units)]
    accounts = [None, account_of(WORKER), account_of(CLERK)]
    told = [
        Told(row, account, unit)
        for row in rows
        for account in accounts
        for unit in (None, row.department_code or "URB")
    ]
    found = agreeing(told)
    cover()  # DD0015 stands in for the worker
    grant = {"staff": "DD0033", "role": "grid_worker", "area_code": "DDHT-XQ-LT-C03"}
    system, security = proved(sign_in(SYSTEM)), proved(sign_in(SECURITY))
    added = asked(system, "/api/v1/grants", grant | {"reason": "支援社区"} | period())
    approved = security.post(f"/api/v1/grants/{added['id']}/approval", version=1)
    assert approved.status_code == 200
    more = agreeing(told)
    assert {sid for sid, _ in found} < {sid for sid, _ in more}
    assert {("DD0015", 0), ("DD0033", 0)} <= more


class Told:
    """A case as it would be if somebody were complained about in it."""

    def __init__(self, row: Any, account: Any, unit: str | None) -> None:
        self.__dict__.update(row._asdict())
        self.against_account, self.against_department = account, unit


def agreeing(told: list[Told]) -> set[tuple[str, int]]:
    """Return who may work on which, after seeing that both rules say so."""
    found = set()
    for sid in COLLEAGUES:
        actor = loaded(Person(f"199041000{sid[-2:]}", verified=False))
        for n, row in enumerate(told):
            other = colleague(row, sid)
            assert (other is not None) == may_work(actor, row), (sid, n)
            found |= {(sid, n)} if other else set()
    return found
