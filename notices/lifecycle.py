"""The life of a notice as one table."""

from enum import StrEnum

from app.errors import Conflict, Words


class State(StrEnum):
    """Where a notice stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """What can be done with a notice."""

    PUBLISH = "publish"
    WITHDRAW = "withdraw"


NEXT: dict[State, dict[Step, State]] = {
    State.DRAFT: {Step.PUBLISH: State.PUBLISHED, Step.WITHDRAW: State.WITHDRAWN},
    State.PUBLISHED: {Step.WITHDRAW: State.WITHDRAWN},
    State.WITHDRAWN: {},
}


class NoticeStepRefused(Conflict):
    """The notice cannot take that step from where it stands; ``legal`` names those it can."""

    slug = "notice-step-refused"
    title = Words("该通知当前不能进行此操作", "The notice cannot take that step now")


def step(current: State, wanted: Step) -> State:
    """Return the state that ``wanted`` leads to.

    Raises:
        NoticeStepRefused: it leads nowhere from here.
    """
    if wanted not in NEXT[current]:
        raise NoticeStepRefused(state=current, step=wanted, legal=sorted(NEXT[current]))
    return NEXT[current][wanted]
