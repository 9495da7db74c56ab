"""Pages of those whom a notice is for, by id, asked of the registers as they are now.

Where an audience is small it is found first and then put in order; where it is large, a range of
ids is walked and each is asked whether the notice is for them. What each wants to be told of, and
when, is asked with them: see preferences.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app import clock
from app.database import apart
from notices.audience.reached import parameters
from notices.channels.preferences.asking import moment
from notices.channels.protocol import Message, Span
from notices.channels.registers import ACCOUNTS, WHICH, Register, plainer

LIMITED = """
WITH them AS MATERIALIZED ({}) SELECT * FROM them
WHERE key > %(after)s AND key <= %(high)s ORDER BY key LIMIT %(limit)s
"""
WALK = """
SELECT id AS key FROM {register} WHERE id > %(after)s AND id <= %(high)s
ORDER BY id OFFSET %(last)s LIMIT 1
"""
WALK_RESIDENTS = WALK.format(register="resident")
WALK_FIRMS = WALK.format(register="enterprise")
"""SQL for the last key of a page of those a channel may reach at all: see ``page_of``."""


@dataclass(frozen=True, slots=True)
class Reachable:
    """How a channel finds people: ``walk`` its keys, ``also`` narrow, ``shown`` add addresses.

    ``walk`` takes ``after``, ``high`` and ``last``; ``shown`` is SQL over ``{who}``. ``channel`` is
    its name, by which people say what they do not want; ``of`` whose ids the keys are.
    """

    walk: str
    channel: str
    shown: str = "SELECT * FROM ({who}) who ORDER BY key"
    also: str = ""
    of: Register = ACCOUNTS


def page_of(reachable: Reachable, message: Message, span: Span) -> tuple[list[Any], UUID | None]:
    """Return the people of a page, by key, and up to which key it reaches; None: to the end.

    Few are found and put in order. Of many the keys are walked, a page of them at a time, and the
    page may hold nobody whom the notice is for.
    """
    values = about(message, reachable) | {
        "after": span.after,
        "high": span.high,
        "limit": span.limit,
    }
    if span.few:
        sql = plainer(reachable.of.few, message)
        rows = apart(reachable.shown.format(who=LIMITED.format(sql + reachable.also)), values)
        keys = {row.key for row in rows}
        return rows, rows[-1].key if len(keys) >= span.limit else None
    edge = apart(reachable.walk, values | {"last": span.limit - 1})
    values["high"] = edge[0].key if edge else span.high
    who = asking(reachable, message, "{key} > %(after)s AND {key} <= %(high)s")
    return apart(reachable.shown.format(who=who), values), edge[0].key if edge else None


def those_of(
    reachable: Reachable, message: Message, those: str, addresses: Sequence[UUID]
) -> list[Any]:
    """Return those, of the keys that ``those`` selects by ``ids``, whom the notice is still for.

    Whoever has acknowledged it in the meantime needs telling no more.
    """
    who = asking(reachable, message, f"{{key}} IN ({those})")
    if message.answer_by is not None:
        who = f"SELECT * FROM ({who}) o WHERE NOT answered"  # noqa: S608  ours
    values = about(message, reachable) | {"ids": list(addresses)}
    return apart(reachable.shown.format(who=who), values)


def asking(reachable: Reachable, message: Message, which: str) -> str:
    """Return the SQL that asks of certain keys whether the notice is for them."""
    narrowed = which.format(key=reachable.of.key) + reachable.also
    return plainer(reachable.of.each, message).replace(WHICH, narrowed)


def about(message: Message, reachable: Reachable) -> dict[str, Any]:
    """Return the parameters of this SQL that say whom a notice is for, and what it is."""
    whom = parameters(list(message.places), message.people, list(message.matters))
    return whom | moment(message, reachable.channel, clock.now())
