"""How satisfied people are: of ratings that were given. A missing one counts for nothing."""

from datetime import date, datetime, time, timedelta
from typing import Any

from app import clock
from app.database import read
from app.policy import Actor
from community.requests.policy import SEEN_BY, seen_by

FEWEST = 5
"""Below this no rate is told: it would say who rated what."""

RATED = f"""
SELECT count(*)::int AS rated, count(*) FILTER (WHERE t.stars >= 3)::int AS satisfied,
  count(*) FILTER (WHERE t.stars <= 2)::int AS bad
FROM rating t JOIN service_request r ON r.id = t.request_id
WHERE t.rated_at >= %(since)s AND t.rated_at < %(until)s AND {SEEN_BY}
  AND (%(department)s::text IS NULL OR r.department_code = %(department)s)
  AND (%(matter)s::text IS NULL OR r.matter_code = %(matter)s)
"""  # noqa: S608  constants of ours


def satisfaction(
    actor: Actor, since: date, until: date, department: str | None, matter: str | None
) -> dict[str, Any]:
    """Return how many ratings were given from ``since`` to ``until``, both days included.

    ``rate`` is the share of three stars and more, None below five ratings. Nothing is filled in
    for whoever did not rate.
    """
    about = {
        **seen_by(actor),
        "since": datetime.combine(since, time(), clock.SHANGHAI),
        "until": datetime.combine(until + timedelta(days=1), time(), clock.SHANGHAI),
        "department": department,
        "matter": matter,
    }
    row = read(RATED, about)[0]
    if row.rated < FEWEST:
        return {"rated": row.rated, "satisfied": None, "bad": None, "rate": None}
    rate = round(row.satisfied / row.rated, 4)
    return {"rated": row.rated, "satisfied": row.satisfied, "bad": row.bad, "rate": rate}
