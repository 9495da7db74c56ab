"""What an entry of a timeline says in plain words, in both languages. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.errors import Words
from community.requests.clock import plain
from community.requests.lifecycle.states import STEPS, Step
from community.rules.stages import Stage

OTHERS = {
    "photo": Words("添加照片", "photos added"),
    "photo-removed": Words("移除照片", "a photo taken away"),
    "await-dispatch": Words("待派单", "waiting to be dispatched"),
    "cancel-help": Words("取消协办", "ask a department no more"),
    "take-in": Words("并入一件", "another request was merged into this one"),
    "let-out": Words("移出一件", "a request was taken out of this one"),
}

BESIDE = {
    Stage.CLAIM: Words("认领期限:", "Until when it should be claimed:"),
    Stage.HELP: Words("协办答复期限:", "Until when the helping department should answer:"),
    Stage.ADJUDICATE: Words("退单裁定期限:", "Until when the objection should be decided:"),
    Stage.VISIT: Words("回访期限:", "Until when somebody should have asked back:"),
    Stage.REVIEW: Words("复核期限:", "Until when it should be reviewed:"),
}

LATE: dict[str | None, Words] = {
    Stage.HELP: Words("协办答复", "the answer of a helping department"),
    Stage.ADJUDICATE: Words("退单裁定", "the decision about an objection"),
    Stage.VISIT: Words("回访", "the return visit"),
    Stage.REVIEW: Words("复核", "the review"),
}


def in_words(step: str, facts: Mapping[str, Any]) -> Words:
    """Return what happened, with the deadline where the step set or moved one."""
    said = OTHERS.get(step) or (STEPS[Step(step)] if step in set(Step) else Words(step, step))
    parts = [Words(said.zh + "。", said.en[0].upper() + said.en[1:] + "."), *_more(step, facts)]
    if "clock" in facts:
        parts.append(plain.told(facts["clock"]))
    return Words("".join(part.zh for part in parts), " ".join(part.en for part in parts))


def _more(step: str, facts: Mapping[str, Any]) -> list[Words]:
    if step == Step.SUPERVISE:
        return _climbed(facts)
    if step in (Step.DISPATCH, Step.DESIGNATE, Step.UPHOLD) and facts.get("near_edge"):
        metres = facts.get("metres_to_edge")
        return [
            Words(
                f"该位置距网格边界{metres}米,可能属于相邻网格。",
                f"The place is {metres} m from the edge of its grid: the next one may be meant.",
            )
        ]
    if step == Step.DECLINE:
        return _turned_away(facts)
    if step == Step.RECKON:
        changed = "The calendar or the limit of the matter changed."
        return [Words("放假安排或办理时限有调整。", changed), *_beside(facts.get("of"))]
    return []


def _turned_away(facts: Mapping[str, Any]) -> list[Words]:
    """Say why it is not taken, by which rule, where to turn, and until when one may object."""
    until = plain.ends(datetime.fromisoformat(facts["contest_until"]))
    phone = facts.get("phone")
    return [
        Words(f"原因:{facts['name']}。", f"Because: {facts['name_en']}."),
        Words(f"依据:{facts['basis']}。", f"By: {facts['basis']}."),
        Words(f"{facts['told']}。", f"{facts['told_en']}."),
        *([Words(f"电话:{phone}。", f"Phone: {phone}.")] if phone else []),
        Words(
            f"如有异议,可在{until.zh}前提出,由另一名工作人员复核一次。",
            f"You may object until {until.en}: somebody else looks at it once more.",
        ),
    ]


def _climbed(facts: Mapping[str, Any]) -> list[Words]:
    rung, late = facts["rung"], LATE.get(facts.get("of"))
    said = Words(f"{facts['name']}(第{rung}级)。", f"{facts['name_en']}, rung {rung}.")
    return [said, *([Words(f"逾期的是{late.zh}。", f"Overdue is {late.en}.")] if late else [])]


def _beside(stage: str | None) -> list[Words]:
    """Say which clock is meant, where it is not that of the case itself."""
    return [BESIDE[Stage(stage)]] if stage else []
