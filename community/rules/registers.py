"""The rules in memory: small registers, kept fresh within five seconds of a change."""

from typing import Any

from app.database import Kept, read
from community.rules.deciding import holds
from community.rules.models import (
    Capacity,
    DispatchRule,
    DutyClause,
    MatterLimit,
    NotAccepted,
    RatingReason,
    SupervisionRung,
)


def _register(model: Any) -> Kept[list[Any]]:
    table, key = model.__tablename__, model.__mapper__.primary_key[0].name
    version = f"SELECT md5(string_agg(t::text, ',' ORDER BY {key})) FROM {table} t"  # noqa: S608
    return Kept(version, lambda: read(f"SELECT * FROM {table} ORDER BY {key}"))  # noqa: S608


limits = _register(MatterLimit)
clauses = _register(DutyClause)
dispatch_rules = _register(DispatchRule)
not_accepted = _register(NotAccepted)
rungs = _register(SupervisionRung)
capacities = _register(Capacity)
rating_reasons = _register(RatingReason)

REGISTERS = (limits, clauses, dispatch_rules, not_accepted, rungs, capacities, rating_reasons)


def forget_all() -> None:
    """Read all of them anew at the next use."""
    for register in REGISTERS:
        register.forget()


def valid(register: Kept[list[Any]], day: Any) -> list[Any]:
    """Return the rows of a register that hold on a day."""
    return [row for row in register.get() if holds(row, day)]
