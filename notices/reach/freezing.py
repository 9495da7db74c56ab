"""Whom a notice was for, counted once right after it is published and never again.

It is counted by grid and class of age, some grids in a deed, so that a notice to ten million holds
nothing up; whoever moves later changes nothing of it.
"""

from app import clock
from app.database import transaction, write
from app.worker import Sweep
from notices.audience.reached import IN_GRIDS, SINGLY, grids_of, parameters

GRIDS = 200  # in one deed

NEXT = """
SELECT id, places, people, matters, counted_upto FROM notice
WHERE publish_seq IS NOT NULL AND counted_at IS NULL
ORDER BY publish_seq LIMIT 1 FOR UPDATE SKIP LOCKED
"""

ADD = """
INSERT INTO notice_audience AS a (notice_id, grid_code, age_class, residents)
SELECT %(id)s, coalesce(e.grid_code, ''), coalesce(e.age_class, 'unknown'), count(*)
FROM ({everybody}) e GROUP BY 2, 3
ON CONFLICT (notice_id, grid_code, age_class)
DO UPDATE SET residents = a.residents + excluded.residents
"""
ON = "UPDATE notice SET counted_upto = %(upto)s WHERE id = %(id)s"
DONE = "UPDATE notice SET counted_at = %(now)s WHERE id = %(id)s"


def freeze_some() -> int:
    """Count some grids of one notice; return whether there was one."""
    with transaction():
        rows = write(NEXT)
        for row in rows:
            audience = parameters(row.places, row.people, row.matters) | {"id": row.id}
            grids = grids_of(audience, row.counted_upto or "", GRIDS)
            if grids:
                write(ADD.format(everybody=IN_GRIDS), audience | {"grids": grids})
                write(ON, {"id": row.id, "upto": grids[-1]})
            else:
                write(ADD.format(everybody=SINGLY), audience)
                write(DONE, {"id": row.id, "now": clock.now()})
    return len(rows)


FREEZING = Sweep("audiences of notices", freeze_some, every=30)
