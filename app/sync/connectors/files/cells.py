"""How the cells of a workbook read as text."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

SURE_DIGITS = 15  # a workbook holds numbers as floats: behind these, digits are made up


def cell_text(value: Any) -> str | None:
    """Return the text of a cell, None if it is empty.

    Dates and times are ISO, days without a time are days. Whole numbers are their digits; one of
    16 digits or more has lost some, and is written as "2.10602199001011E+17", which no kind of
    field takes for what it was. Fractions have the 15 digits that a workbook promises.
    """
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(float(value))
    if isinstance(value, datetime):
        return value.isoformat() if value.time() != time() else value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return _length(value) if isinstance(value, timedelta) else None


def _number(value: float) -> str:
    if abs(value) >= 10**SURE_DIGITS:
        return f"{value:.{SURE_DIGITS - 1}E}"
    if value.is_integer():
        return str(int(value))
    return f"{Decimal(f'{value:.{SURE_DIGITS}g}'):f}"


def _length(value: timedelta) -> str:
    """Return a length of time as ISO has it, in seconds."""
    return f"PT{_number(value.total_seconds())}S"
