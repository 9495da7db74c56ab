"""Every step that somebody takes over HTTP: who takes it, by which path, with a sound body."""

from typing import Any

from app.database import read
from community.requests.lifecycle import Standing, Step
from community.requests.steps_taken import standing_of
from tests.api.cases.living import Case

WITH_STARS = """
SELECT r.*, t.stars FROM service_request r
LEFT JOIN rating t ON t.request_id = r.id AND t.round = r.round WHERE r.id = %(id)s
"""
DECIDED = {"note": "属实"}
ELSEWHERE = {"department": "HOU", "reason": "涉及在建工程"}

DEEDS: dict[Step, tuple[str, str, Any]] = {
    Step.SIGN: ("unit", "signature", None),
    Step.CLAIM: ("unit", "claim", None),
    Step.RELEASE: ("unit", "release", {"reason": "请假"}),
    Step.CONTACT: ("unit", "contact", {"note": "已联系"}),
    Step.ASK_SUPPLEMENT: ("unit", "supplement-wanted", {"wanted": "材料"}),
    Step.SUPPLEMENT: ("filer", "supplement", {"words": "见附件"}),
    Step.OBJECT: ("unit", "objection", {"clause": "SVC-1", "propose": "SVC", "reason": "不属"}),
    Step.UPHOLD: ("staff", "adjudication", {"decision": "uphold", "note": "成立"}),
    Step.REJECT: ("staff", "adjudication", {"decision": "reject", "note": "不成立"}),
    Step.ASK_EXTENSION: ("unit", "extension", {"count": 1, "because": "survey", "note": "勘察"}),
    Step.EXTEND: ("staff", "extension/decision", {"decision": "grant", "note": "同意"}),
    Step.REFUSE_EXTENSION: (
        "staff",
        "extension/decision",
        {"decision": "refuse", "note": "不同意"},
    ),
    Step.SETTLE: ("unit", "settlement", {"result": "solved", "note": "已办结"}),
    Step.RATE: ("filer", "rating", {"stars": 4}),
    Step.OPEN_VISIT: ("staff", "visit-wanted", {"reason": "抽查"}),
    Step.VISIT: ("staff", "visit", {"outcome": "settled", **DECIDED}),
    Step.REWORK: ("staff", "visit", {"outcome": "unsettled", **DECIDED}),
    Step.REOPEN: ("filer", "reopening", {"reason": "又坏了"}),
    Step.WITHDRAW: ("filer", "withdrawal", None),
}
"""Of these each is complete in itself."""

WITH_OTHERS: dict[Step, tuple[str, str, Any]] = {
    Step.REDISPATCH: ("staff", "dispatch", ELSEWHERE),
    Step.DESIGNATE: ("staff", "designation", ELSEWHERE),
    Step.HAND_OVER: ("unit", "hand-over", {"to": "DD0002", "reason": "轮休"}),
    Step.ASK_HELP: ("unit", "tasks", {"department": "HOU", "asked": "核查", "mandatory": False}),
    Step.HELP: ("helper", "tasks/{task}/answer", {"words": "属市政道路"}),
    Step.DECLINE: ("staff", "declining", {"reason": "CONCLUDED", "note": "已有结论"}),
    Step.CONTEST: ("filer", "contest", {"words": "情况不同"}),
    Step.CONFIRM_DECLINE: ("second", "review", {"outcome": "decline", **DECIDED}),
    Step.TAKE_UP: ("second", "review", {"outcome": "take", **DECIDED}),
    Step.DISPUTE: ("neighbour", "dispute", {"words": "并未清理", "photo": "{photo}"}),
    Step.MERGE: ("staff", "merge", {"into": "{other}", "reason": "同一处"}),
    Step.UNMERGE: ("staff", "unmerge", {"reason": "并非同一处"}),
}
"""These want a colleague, another unit, a neighbour or another case: {task}, {photo}, {other}."""


def row_of(case: Case) -> Any:
    """Return the row of a case with the stars of its round."""
    return read(WITH_STARS, {"id": case.id})[0]


def standing(case: Case) -> Standing:
    """Return where a case stands, with all that decides which steps are legal."""
    return standing_of(row_of(case))
