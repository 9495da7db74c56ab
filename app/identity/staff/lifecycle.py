"""The life of a right that the platform adds to the district's register, as tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from app.errors import Conflict, Words
from app.policy import Role


class Kind(StrEnum):
    """A role given for a time, or a colleague's roles while they are away (AB 角)."""

    GRANT = "grant"
    COVER = "cover"


class State(StrEnum):
    """Where an added right stands; ``expired`` follows from the day and is never stored."""

    ASKED = "asked"
    STANDING = "standing"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"
    EXPIRED = "expired"


class Step(StrEnum):
    """What can be done with an added right."""

    APPROVE = "approve"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    REVOKE = "revoke"


NEXT: dict[State, dict[Step, State]] = {
    State.ASKED: {
        Step.APPROVE: State.STANDING,
        Step.REFUSE: State.REFUSED,
        Step.WITHDRAW: State.WITHDRAWN,
    },
    State.STANDING: {Step.REVOKE: State.REVOKED},
}

AREA, DEPARTMENT = "area_code", "department_code"

PLACES: dict[Role, str] = {
    Role.GRID_WORKER: AREA,
    Role.DESK_CLERK: AREA,
    Role.DISTRICT_STAFF: AREA,
    Role.DEPARTMENT_HANDLER: DEPARTMENT,
    Role.SYNC_OPERATOR: AREA,
    Role.AUDITOR: AREA,
    Role.ADMINISTRATOR: AREA,
    Role.SECURITY_ADMINISTRATOR: AREA,
}
"""Where the word of each role of staff counts: in an area or for a department, never both."""


class GrantStepRefused(Conflict):
    """The right cannot take that step from where it stands; ``legal`` names those it can."""

    slug = "grant-step-refused"
    title = Words("该授权当前不能进行此操作", "The grant cannot take that step now")


@dataclass(frozen=True, slots=True)
class Longest:
    """How many days an added right may last, from a day on, and on what basis."""

    since: date
    kind: Kind
    days: int
    basis: str


LONGEST = (
    Longest(date(2024, 1, 1), Kind.GRANT, 92, "the platform's own: a quarter (GB/T 22239 8.1.4.2)"),
    Longest(date(2024, 1, 1), Kind.COVER, 61, "the platform's own: two months"),
)
"""The newest rule of a kind that has begun counts; a change is a new line."""


class Added(Protocol):
    """What of an added right decides who may do what with it."""

    @property
    def state(self) -> str:
        """The state that is stored."""

    @property
    def valid_to(self) -> date:
        """The first day on which it does not count any more."""

    @property
    def asked_by(self) -> UUID:
        """Who asked for it."""

    @property
    def account_id(self) -> UUID:
        """Who is to have it."""

    @property
    def covered_account_id(self) -> UUID | None:
        """Whose rights they are, of a cover."""


def longest_on(day: date, kind: Kind) -> int:
    """Return how many days a right of this kind may last that begins by ``day``."""
    rules: Sequence[Longest] = [r for r in LONGEST if r.kind == kind and r.since <= day]
    return max(rules, key=lambda rule: rule.since).days


def state_at(added: Added, today: date) -> State:
    """Return where a right stands on a day in Shanghai."""
    stored = State(added.state)
    return State.EXPIRED if stored in NEXT and added.valid_to <= today else stored


def step(current: State, wanted: Step) -> State:
    """Return the state that ``wanted`` leads to.

    Raises:
        GrantStepRefused: it leads nowhere from here.
    """
    steps = NEXT.get(current, {})
    if wanted not in steps:
        raise GrantStepRefused(state=current, step=wanted, legal=sorted(steps))
    return steps[wanted]


def may_decide(added: Added, account_id: UUID) -> bool:
    """Tell whether somebody may approve: a second person, and not one who gains or lends by it."""
    return account_id not in (added.asked_by, added.account_id, added.covered_account_id)
