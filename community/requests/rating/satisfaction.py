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

# Below the fewest a reason would say who ticked it.
TICKED = f"""
SELECT reason AS code, t.stars, count(*)::int AS n
FROM rating t JOIN service_request r ON r.id = t.request_id, unnest(t.reasons) AS reason
WHERE t.rated_at >= %(since)s AND t.rated_at < %(until)s AND {SEEN_BY}
  AND (%(department)s::text IS NULL OR r.department_code = %(department)s)
  AND (%(matter)s::text IS NULL OR r.matter_code = %(matter)s)
GROUP BY reason, t.stars HAVING count(*) >= %(fewest)s
ORDER BY n DESC, reason LIMIT 100
"""  # noqa: S608  constants of ours


def satisfaction(
    actor: Actor, since: date, until: date, department: str | None, matter: str | None
) -> dict[str, Any]:
    """Return how many ratings were given from ``since`` to ``until``, both days included.

    ``rate`` is the share of three stars and more, None below five ratings; ``reasons`` are what
    was ticked five times or more. Nothing is filled in
    for whoever did not rate.
    """
    about = {
        **seen_by(actor),
        "since": datetime.combine(since, time(), clock.SHANGHAI),
        "until": datetime.combine(until + timedelta(days=1), time(), clock.SHANGHAI),
        "department": department,
        "matter": matter,
        "fewest": FEWEST,
    }
    row = read(RATED, about)[0]
    if row.rated < FEWEST:
        return {"rated": row.rated, "satisfied": None, "bad": None, "rate": None, "reasons": []}
    rate = round(row.satisfied / row.rated, 4)
    counts = {"rated": row.rated, "satisfied": row.satisfied, "bad": row.bad, "rate": rate}
    return {**counts, "reasons": [each._asdict() for each in read(TICKED, about)]}
