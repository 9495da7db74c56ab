"""What is legal from where, read from the table: pure functions."""

from dataclasses import dataclass, field
from typing import Any

from app.errors import Conflict, Words
from community.requests.lifecycle.states import Flag, Party, State, Step
from community.requests.lifecycle.table import TABLE, Move

OF_ITSELF = (Party.PLATFORM,)


class StepRefused(Conflict):
    """The request cannot take that step from where it stands; ``legal`` names those it can.

    ``flags`` are what else decides: docs/requests/lifecycle.md has the whole table.
    """

    slug = "step-refused"
    title = Words("该诉求当前不能进行此操作", "The request cannot take that step now")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a request stands, and what stands in its way."""

    state: State
    flags: frozenset[Flag] = field(default_factory=frozenset)


def legal(standing: Standing) -> list[Step]:
    """Return the steps that somebody may take from here, in the order of their names.

    What only the platform does by itself is not among them.
    """
    return sorted({each.step for each in TABLE if _open(each, standing) and each.by != OF_ITSELF})


def step(standing: Standing | State, wanted: Step) -> State:
    """Return the state that ``wanted`` leads to.

    Raises:
        StepRefused: it leads nowhere from here.
    """
    here = standing if isinstance(standing, Standing) else Standing(standing)
    for each in TABLE:
        if each.step == wanted and _open(each, here):
            return each.target or here.state
    facts: dict[str, Any] = {"flags": sorted(here.flags)} if here.flags else {}
    raise StepRefused(state=here.state, step=wanted, legal=legal(here), **facts)


def _open(move: Move, here: Standing) -> bool:
    return (
        here.state in move.origins
        and here.flags.issuperset(move.only)
        and here.flags.isdisjoint(move.unless)
    )
