"""The life of a service request as one table: which step leads from which state to which."""

from enum import StrEnum

from app.errors import Conflict, Words


class State(StrEnum):
    """Where a request stands."""

    FILED = "filed"  # 已登记
    DISPATCHED = "dispatched"  # 已派单
    CLAIMED = "claimed"  # 已认领
    SETTLED = "settled"  # 已办结
    RATED = "rated"  # 已评价
    WITHDRAWN = "withdrawn"  # 已撤回


class Step(StrEnum):
    """What can be done with a request."""

    DISPATCH = "dispatch"
    CLAIM = "claim"
    RELEASE = "release"
    SETTLE = "settle"
    RATE = "rate"
    WITHDRAW = "withdraw"


NEXT: dict[State, dict[Step, State]] = {
    State.FILED: {Step.DISPATCH: State.DISPATCHED, Step.WITHDRAW: State.WITHDRAWN},
    State.DISPATCHED: {Step.CLAIM: State.CLAIMED, Step.WITHDRAW: State.WITHDRAWN},
    State.CLAIMED: {
        Step.SETTLE: State.SETTLED,
        Step.RELEASE: State.DISPATCHED,
        Step.WITHDRAW: State.WITHDRAWN,
    },
    State.SETTLED: {Step.RATE: State.RATED},
    State.RATED: {},
    State.WITHDRAWN: {},
}

OPEN = (State.FILED, State.DISPATCHED, State.CLAIMED)


class StepRefused(Conflict):
    """The request cannot take that step from where it stands; ``legal`` names those it can."""

    slug = "step-refused"
    title = Words("该诉求当前不能进行此操作", "The request cannot take that step now")


def step(current: State, wanted: Step) -> State:
    """Return the state that ``wanted`` leads to.

    Raises:
        StepRefused: it leads nowhere from here.
    """
    if wanted not in NEXT[current]:
        raise StepRefused(state=current, step=wanted, legal=sorted(NEXT[current]))
    return NEXT[current][wanted]
