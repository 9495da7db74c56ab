"""Folding the changes of cells into their counts, and dropping what no phone will ask for.

A process counts anew if it has not looked for five minutes, and no transaction of the product
lasts ten: a change of a quarter of an hour ago is known to every process that goes on counting.
"""

from app.database import transaction, write
from app.worker import Sweep

BATCH = 5000

FOLD = """
WITH ripe AS (
  SELECT id FROM request_cell_change WHERE at < now() - interval '15 minutes'
  ORDER BY id LIMIT %(batch)s FOR UPDATE SKIP LOCKED
), gone AS (
  DELETE FROM request_cell_change c USING ripe WHERE c.id = ripe.id
  RETURNING c.x, c.y, c.matter_code, c.delta
), folded AS (
  INSERT INTO request_cell AS cell (x, y, matter_code, n)
  SELECT x, y, matter_code, sum(delta) FROM gone GROUP BY x, y, matter_code HAVING sum(delta) <> 0
  ORDER BY x, y, matter_code
  ON CONFLICT (x, y, matter_code) DO UPDATE SET n = cell.n + excluded.n
)
SELECT count(*)::int AS n FROM gone
"""

EMPTY = "DELETE FROM request_cell WHERE n = 0"


def fold_cells() -> int:
    """Fold a batch of changes into the counts; return how many."""
    with transaction():
        folded = int(write(FOLD, {"batch": BATCH})[0].n)
        if folded:
            write(EMPTY)
    return folded


CELLS = Sweep("cells of requests", fold_cells, every=120)
