"""The life of a mandate as tables: who may take which step, how long it may last, when it counts.

民法典 161 (acting through an agent), 165 (a written mandate names agent, matters, powers and
period), 169 (no delegation of what was delegated), 173 (when it ends).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from app.errors import Conflict, Forbidden, Words

ADULT_FROM = 18
"""Full years from which somebody gives or holds a mandate (民法典 17, 18)."""

PROPOSAL_LIVES = timedelta(days=7)


class Power(StrEnum):
    """What an agent may do for the principal."""

    FILE = "file"  # 提交诉求
    FOLLOW = "follow"  # 查看进度
    RATE = "rate"  # 评价
    BOOK = "book"  # 预约
    READ_NOTICES = "read_notices"  # 查看通知


class State(StrEnum):
    """Where a mandate stands. The last three follow from time and register and need no deed.

    ``gone``: the principal's record has left the register, as it does at death (173, item 5).
    """

    PROPOSED = "proposed"  # 待确认
    STANDING = "standing"  # 有效
    REFUSED = "refused"  # 已拒绝
    WITHDRAWN = "withdrawn"  # 已撤回
    REVOKED = "revoked"  # 已取消
    RESIGNED = "resigned"  # 已辞去
    DONE = "done"  # 已完成
    LAPSED = "lapsed"  # 逾期未确认
    EXPIRED = "expired"  # 已到期
    GONE = "gone"  # 已终止


class Step(StrEnum):
    """What can be done with a mandate."""

    CONFIRM = "confirm"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    REVOKE = "revoke"
    RESIGN = "resign"
    FINISH = "finish"


class Party(StrEnum):
    """Whose word a step is. A code that only the principal had is the principal's word."""

    AGENT = "agent"
    PRINCIPAL = "principal"
    DESK = "desk"


BY_PRINCIPAL = frozenset({Party.PRINCIPAL, Party.DESK})

NEXT: dict[State, dict[Step, tuple[State, frozenset[Party]]]] = {
    State.PROPOSED: {
        Step.CONFIRM: (State.STANDING, BY_PRINCIPAL),
        Step.REFUSE: (State.REFUSED, BY_PRINCIPAL),
        Step.WITHDRAW: (State.WITHDRAWN, frozenset({Party.AGENT})),
    },
    State.STANDING: {
        Step.REVOKE: (State.REVOKED, BY_PRINCIPAL),
        Step.RESIGN: (State.RESIGNED, frozenset({Party.AGENT})),
        Step.FINISH: (State.DONE, frozenset({Party.AGENT, Party.PRINCIPAL})),
    },
}


class MandateStepRefused(Conflict):
    """The mandate cannot take that step from where it stands; ``legal`` names those it can."""

    slug = "mandate-step-refused"
    title = Words("该委托当前不能进行此操作", "The mandate cannot take that step now")


class MandateNotYours(Forbidden):
    """The step is another party's to take: an agent does not confirm, a principal not resign."""

    slug = "mandate-not-yours"
    title = Words("该操作须由委托的另一方办理", "Another party of the mandate must do this")


@dataclass(frozen=True, slots=True)
class Longest:
    """How long a mandate may last, from a day on, and on what basis."""

    since: date
    days: int
    basis: str


LONGEST = (
    Longest(date(2021, 1, 1), 366, "民法典 165: a period must be named; a year is the platform's"),
)
"""The newest rule that has begun counts; a change is a new line."""


class Terms(Protocol):
    """What of a mandate decides whether it counts."""

    @property
    def state(self) -> str:
        """The state that is stored."""

    @property
    def lapses_at(self) -> datetime:
        """Until when it can be confirmed."""

    @property
    def valid_from(self) -> date:
        """The first day on which it counts."""

    @property
    def valid_to(self) -> date:
        """The first day on which it does not count any more."""

    @property
    def powers(self) -> Sequence[str]:
        """What the agent may do."""

    @property
    def matters(self) -> Sequence[str] | None:
        """In which matters; None: in all."""

    @property
    def principal_here(self) -> bool:
        """Whether the register still has the principal."""


def longest_on(day: date) -> int:
    """Return how many days a mandate given on ``day`` may last."""
    return max((rule for rule in LONGEST if rule.since <= day), key=lambda rule: rule.since).days


def step(current: State, wanted: Step, party: Party) -> State:
    """Return the state that ``wanted`` leads to when it is this party's word.

    Raises:
        MandateStepRefused: it leads nowhere from here.
        MandateNotYours: it is another party's to take.
    """
    steps = NEXT.get(current, {})
    if wanted not in steps:
        raise MandateStepRefused(state=current, step=wanted, legal=sorted(steps))
    target, parties = steps[wanted]
    if party not in parties:
        raise MandateNotYours
    return target


def state_at(terms: Terms, now: datetime, today: date) -> State:
    """Return where a mandate stands at this moment; ``today`` is the day in Shanghai."""
    stored = State(terms.state)
    if stored not in NEXT:
        return stored
    if not terms.principal_here:
        return State.GONE
    if terms.valid_to <= today:
        return State.EXPIRED
    if stored == State.PROPOSED and terms.lapses_at <= now:
        return State.LAPSED
    return stored


def why_not(
    terms: Terms, now: datetime, today: date, power: Power, matter: str | None
) -> str | None:
    """Return why a mandate does not cover a deed, in one code, or None where it does.

    ``matter`` None: the deed is of no matter in particular, as reading notices is. A mandate for
    some matters covers deeds of those only.
    """
    state = state_at(terms, now, today)
    if state != State.STANDING:
        return str(state)
    if terms.valid_from > today:
        return "not-yet"
    if power not in terms.powers:
        return "power"
    named = terms.matters is None or matter in terms.matters
    return None if named or power == Power.READ_NOTICES else "matter"
