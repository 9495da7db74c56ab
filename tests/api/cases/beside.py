"""Cases beside which another clock runs: a helper's, an objection's, a return visit's."""

from collections.abc import Callable

from tests.api.cases.living import Case, settled
from tests.people import Caller


def helped(case: Case, worker: Caller) -> str:
    case.done(worker, "claim")
    body = {"department": "HOU", "asked": "请核查", "mandatory": True}
    case.done(worker, "tasks", body)
    return "SELECT asked_at AS began, * FROM request_task"


def objected(case: Case, worker: Caller) -> str:
    body = {"clause": "HOU-1", "propose": "HOU", "reason": "不属我单位"}
    case.done(worker, "objection", body)
    return "SELECT asked_at AS began, * FROM request_objection"


def visited(case: Case, worker: Caller) -> str:
    settled(case, worker)
    return "SELECT opened_at AS began, * FROM request_visit"


BEGINNINGS: dict[str, Callable[[Case, Caller], str]] = {
    "help": helped,
    "adjudicate": objected,
    "visit": visited,
}


def begun(stage: str, resident: Caller, worker: Caller) -> tuple[Case, str]:
    """File a case and bring it there; return it, and SQL that finds the row of that clock."""
    case = Case(resident)
    sql = BEGINNINGS[stage](case, worker)
    if stage == "visit":
        case.done(resident, "rating", {"stars": 1})
    return case, sql
