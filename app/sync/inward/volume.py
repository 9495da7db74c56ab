"""A reading that is much smaller or larger than its like is noted: somebody should look."""

from statistics import median

from app.database import read
from app.sync.inward.books import Run
from app.sync.inward.drift import VOLUME, Oddity

TOLERANCE = 0.3
REMEMBERED = 7
SMALL = 50
"""Streams of fewer rows than this may change as they like."""

BEFORE = """
SELECT rows_in FROM sync_run WHERE source = %(source)s AND stream = %(stream)s
  AND kind = 'reading' AND complete AND status IN ('done', 'held') AND rows_in > 0 AND id < %(run)s
ORDER BY id DESC LIMIT %(many)s
"""


def odd_volume(run: Run) -> list[Oddity]:
    """Compare a complete reading with the median of the last ones; 30 % more or less is odd."""
    rows = run.rows
    names = {"source": run.source, "stream": run.stream}
    before = [row.rows_in for row in read(BEFORE, names | {"run": run.id, "many": REMEMBERED})]
    usual = median(before) if before else 0
    if usual >= SMALL and abs(rows - usual) > TOLERANCE * usual:
        return [Oddity(VOLUME, "", {"rows": rows, "usual": int(usual)})]
    return []
