"""The life of a notice as one table."""

from enum import IntEnum, StrEnum

from app.errors import Conflict, Words


class State(StrEnum):
    """Where a notice stands."""

    DRAFT = "draft"
    PENDING = "pending"  # 待审
    RETURNED = "returned"  # 退回
    APPROVED = "approved"  # 已审
    SCHEDULED = "scheduled"  # 待发
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"  # 已更正
    EXPIRED = "expired"


class Step(StrEnum):
    """What can be done with a notice."""

    EDIT = "edit"
    SUBMIT = "submit"
    RETURN = "return"
    APPROVE = "approve"
    SCHEDULE = "schedule"
    PUBLISH = "publish"
    CORRECT = "correct"
    SUPERSEDE = "supersede"
    EXPIRE = "expire"
    WITHDRAW = "withdraw"


class Priority(IntEnum):
    """How much it matters; an emergency skips the queue, never the second person."""

    ORDINARY = 0
    IMPORTANT = 1
    EMERGENCY = 2

    @property
    def word(self) -> str:
        """Return its name on the wire."""
        return self.name.lower()


NEXT: dict[State, dict[Step, State]] = {
    State.DRAFT: {
        Step.EDIT: State.DRAFT,
        Step.SUBMIT: State.PENDING,
        Step.WITHDRAW: State.WITHDRAWN,
    },
    State.PENDING: {
        Step.APPROVE: State.APPROVED,
        Step.SCHEDULE: State.SCHEDULED,
        Step.RETURN: State.RETURNED,
        Step.WITHDRAW: State.WITHDRAWN,
    },
    State.RETURNED: {
        Step.EDIT: State.RETURNED,
        Step.SUBMIT: State.PENDING,
        Step.WITHDRAW: State.WITHDRAWN,
    },
    State.APPROVED: {
        Step.PUBLISH: State.PUBLISHED,
        Step.RETURN: State.RETURNED,
        Step.WITHDRAW: State.WITHDRAWN,
    },
    State.SCHEDULED: {
        Step.PUBLISH: State.PUBLISHED,
        Step.EXPIRE: State.EXPIRED,
        Step.RETURN: State.RETURNED,
        Step.WITHDRAW: State.WITHDRAWN,
    },
    State.PUBLISHED: {
        Step.CORRECT: State.PUBLISHED,
        Step.SUPERSEDE: State.SUPERSEDED,
        Step.EXPIRE: State.EXPIRED,
        Step.WITHDRAW: State.WITHDRAWN,
    },
    State.WITHDRAWN: {},
    State.SUPERSEDED: {},
    State.EXPIRED: {
        Step.SUPERSEDE: State.SUPERSEDED,
        Step.WITHDRAW: State.WITHDRAWN,  # it could be found still, and its files opened
    },
}

# What an emergency may do besides: a second person publishes it from wherever it is being written.
URGENT: dict[State, dict[Step, State]] = {
    state: {Step.PUBLISH: State.PUBLISHED} for state in (State.DRAFT, State.PENDING, State.RETURNED)
}

OPEN = frozenset({State.DRAFT, State.PENDING, State.RETURNED, State.APPROVED, State.SCHEDULED})
"""Before readers see it."""


class NoticeStepRefused(Conflict):
    """The notice cannot take that step from where it stands; ``legal`` names those it can."""

    slug = "notice-step-refused"
    title = Words("该通知当前不能进行此操作", "The notice cannot take that step now")


def legal(current: State, priority: Priority) -> dict[Step, State]:
    """Return the steps that lead on from a state, and where."""
    more = URGENT.get(current, {}) if priority is Priority.EMERGENCY else {}
    return {**NEXT[current], **more}


def step(current: State, wanted: Step, priority: Priority = Priority.ORDINARY) -> State:
    """Return the state that ``wanted`` leads to.

    Raises:
        NoticeStepRefused: it leads nowhere from here.
    """
    ways = legal(current, priority)
    if wanted not in ways:
        raise NoticeStepRefused(state=current, step=wanted, legal=sorted(ways))
    return ways[wanted]
