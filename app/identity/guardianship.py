"""Guardianship as tables: whose relation is clear from the register, how it begins and ends.

民法典 23 and 34 (a guardian acts for the ward), 27 (parents are the guardians of minors), 31 (a
dispute is decided elsewhere, so what is unclear goes to a desk), 17 and 18 (of age at 18);
个人信息保护法 31 (for a child under 14 a guardian consents).
"""

from enum import StrEnum
from typing import Protocol

from app.errors import Conflict, Words
from app.identity.ages import OF_AGE_FROM


class Basis(StrEnum):
    """What a guardianship rests on."""

    REGISTER = "register"
    DESK = "desk"


class State(StrEnum):
    """Where a guardianship stands. The last three follow from register and age, without a deed.

    ``unclear``: the register does not show the relation any more, and a desk can confirm it; or it
    does not show how old the ward is.
    """

    ASKED = "asked"  # 待窗口确认
    STANDING = "standing"  # 有效
    REFUSED = "refused"  # 未通过
    ENDED = "ended"  # 已终止
    OF_AGE = "of-age"  # 已成年
    UNCLEAR = "unclear"  # 关系待核
    GONE = "gone"  # 登记已注销


SAID = {
    State.ASKED: Words(
        "待两名工作人员在窗口确认", "Two members of staff must confirm it at a desk"
    ),
    State.STANDING: Words("监护关系有效", "It stands"),
    State.REFUSED: Words("窗口未予确认", "A desk said no"),
    State.ENDED: Words("已终止", "It has ended"),
    State.OF_AGE: Words(
        "被监护人已成年,如需代办请使用委托", "The ward is of age; ask for a mandate"
    ),
    State.UNCLEAR: Words(
        "人口登记不再显示这一监护关系,您暂不能代办,儿童账户的实名已解除;请携带证件到窗口确认",
        "The register shows the relation no more: you act for the child no more, and an account of"
        " the child's is theirs by name no more. Take your papers to a desk",
    ),
    State.GONE: Words("一方的人口登记已注销", "One of the two has left the register"),
}
"""What the two of a guardianship are told of where it stands."""


class Step(StrEnum):
    """What can be done with a guardianship."""

    CONFIRM = "confirm"
    REFUSE = "refuse"
    END = "end"


NEXT: dict[State, dict[Step, State]] = {
    State.ASKED: {
        Step.CONFIRM: State.STANDING,
        Step.REFUSE: State.REFUSED,
        Step.END: State.ENDED,
    },
    State.STANDING: {Step.END: State.ENDED},
    State.UNCLEAR: {Step.CONFIRM: State.STANDING, Step.END: State.ENDED},
}

CLEAR = frozenset({("head", "child")})
"""(guardian, ward), each as related to the head of their one household: a head's child is theirs.

The head's spouse may be a step-parent, and a grandchild is ``other``: those show papers at a desk.
"""

STANDS = f"""
(gs.state = '{State.STANDING}' AND coalesce(wd.age_class, '') NOT IN ('adult', 'elder', 'unknown')
 AND (gs.basis = '{Basis.DESK}' OR gd.household_sid = wd.household_sid
  AND (gd.relation, wd.relation) IN ({", ".join(repr(pair) for pair in sorted(CLEAR))})))
"""
"""``state_at`` for many rows: guardianship ``gs``, guardian ``gd`` and ward ``wd`` of the register.

A class of age follows a birthday by a sweep; whether a deed is covered is reckoned by the number.
"""


class GuardianshipStepRefused(Conflict):
    """The guardianship cannot take that step from where it stands; ``legal`` names those it can."""

    slug = "guardianship-step-refused"
    title = Words("该监护关系当前不能进行此操作", "The guardianship cannot take that step now")


class Shown(Protocol):
    """What register and row show of a guardianship."""

    state: str
    basis: str
    both_here: bool
    same_household: bool
    guardian_relation: str
    ward_relation: str


def is_clear(guardian: str, ward: str, same_household: bool) -> bool:
    """Tell whether the register alone shows that one is the other's parent."""
    return same_household and (guardian, ward) in CLEAR


def state_at(shown: Shown, age: int | None) -> State:
    """Return where a guardianship stands; ``age``: the ward's, None where nobody can tell."""
    stored = State(shown.state)
    if stored not in NEXT:
        return stored
    if not shown.both_here:
        return State.GONE
    if age is None:
        return State.UNCLEAR if stored == State.STANDING else stored
    if age >= OF_AGE_FROM:
        return State.OF_AGE
    clear = is_clear(shown.guardian_relation, shown.ward_relation, shown.same_household)
    if stored == State.STANDING and shown.basis == Basis.REGISTER and not clear:
        return State.UNCLEAR
    return stored


def step(current: State, wanted: Step) -> State:
    """Return the state that ``wanted`` leads to.

    Raises:
        GuardianshipStepRefused: it leads nowhere from here.
    """
    steps = NEXT.get(current, {})
    if wanted not in steps:
        raise GuardianshipStepRefused(state=current, step=wanted, legal=sorted(steps))
    return steps[wanted]
