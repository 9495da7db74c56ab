"""What a climbed rung says: an entry in the timeline, and to the district where it tells that."""

from datetime import datetime
from typing import Any

from community.requests.clock.ladder import NextRung
from community.requests.events import done, tell_district
from community.requests.lifecycle import Step
from community.rules.stages import Tells


def told(row: Any, found: NextRung, due_at: datetime, **of: str) -> None:
    """Write down that a case (id, number, department_code) climbed a rung, and tell of it.

    ``of``: the stage whose clock it was, where that is not the clock of the case itself.
    """
    rung = found.row
    facts = {"rung": found.rung, "base": rung.base, "tells": rung.tells, **of}
    done(None, row.id, Step.SUPERVISE, **facts, name=rung.name, name_en=rung.name_en)
    if rung.tells == Tells.DISTRICT:
        about = {"number": row.number, "rung": found.rung, "department": row.department_code, **of}
        tell_district("request-supervised", row.id, about | {"deadline_at": due_at})
