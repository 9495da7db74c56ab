"""The days that the State Council's holiday notice names, one row a day."""

from collections.abc import Iterator
from datetime import date, timedelta

from sample.tables import FACTS, read_table


def calendar_rows() -> Iterator[tuple[str | int, ...]]:
    """Yield every rest day of a holiday, weekends among them, and every make-up work day."""
    for period in read_table(FACTS / "holidays-2026.csv"):
        day, last = date.fromisoformat(period["first"]), date.fromisoformat(period["last"])
        while day <= last:
            yield (day.isoformat(), 1, day.isoformat(), period["kind"], period["name"])
            day += timedelta(days=1)
