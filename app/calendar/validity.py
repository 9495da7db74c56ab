"""Rules have a first day, and a day from which they no longer hold."""

from datetime import date
from typing import Any


def holds(row: Any, day: date) -> bool:
    """Tell whether a row is valid on a day; ``valid_to`` is the first day on which it is not."""
    return bool(row.valid_from <= day and (row.valid_to is None or row.valid_to > day))
