"""The rules in memory: small registers, kept fresh within five seconds of a change."""

from typing import Any

from app.calendar.validity import holds
from app.database import Kept, kept_rows
from community.rules.models import (
    Capacity,
    DispatchRule,
    DutyClause,
    MatterLimit,
    NotAccepted,
    RatingReason,
    SupervisionRung,
)

limits = kept_rows(MatterLimit)
clauses = kept_rows(DutyClause)
dispatch_rules = kept_rows(DispatchRule)
not_accepted = kept_rows(NotAccepted)
rungs = kept_rows(SupervisionRung)
capacities = kept_rows(Capacity)
rating_reasons = kept_rows(RatingReason)

REGISTERS = (limits, clauses, dispatch_rules, not_accepted, rungs, capacities, rating_reasons)


def forget_all() -> None:
    """Read all of them anew at the next use."""
    for register in REGISTERS:
        register.forget()


def valid(register: Kept[list[Any]], day: Any) -> list[Any]:
    """Return the rows of a register that hold on a day."""
    return [row for row in register.get() if holds(row, day)]
