"""The rows about rules: limits, duties, dispatch, refusals, ladder, capacities, reasons."""

from collections.abc import Iterator

from sample.streams import VALID_FROM
from sample.tables import ZONE, Row, read_table

RATED_BY = "国办发〔2019〕51号; GB/T 39735-2020"
Values = tuple[str | int, ...]


def limit_rows() -> Iterator[Values]:
    """Yield the limits, each with its own period."""
    for row in read_table(ZONE / "limits.csv"):
        sid = f"{row['matter_code'] or 'ALL'}/{row['stage']}/{row['valid_from']}"
        yield (sid, 1, *row.values())


def clause_rows() -> Iterator[Values]:
    """Yield the duty list."""
    for row in read_table(ZONE / "clauses.csv"):
        yield (row["code"], 1, *row.values(), VALID_FROM, "")


def dispatch_rows() -> Iterator[Values]:
    """Yield the dispatch rules, each with its own period."""
    for row in read_table(ZONE / "dispatch_rules.csv"):
        sid = f"{row['matter_code']}/{row['area_code'] or 'DDHT'}/{row['valid_from']}"
        yield (sid, 1, *row.values())


def not_accepted_rows() -> Iterator[Values]:
    """Yield what is not taken as a request."""
    for row in read_table(ZONE / "not_accepted.csv"):
        yield (row["code"], 1, *row.values(), VALID_FROM, "")


def rung_rows() -> Iterator[Values]:
    """Yield the ladder of supervision."""
    for row in read_table(ZONE / "rungs.csv"):
        yield (f"{row['base']}/{row['rung']}", 1, *row.values(), VALID_FROM, "")


def capacity_rows() -> Iterator[Values]:
    """Yield how many open requests one person may hold."""
    for row in read_table(ZONE / "capacities.csv"):
        yield (f"{row['role']}/{_where(row)}", 1, *row.values(), VALID_FROM, "")


def rating_reason_rows() -> Iterator[Values]:
    """Yield what may be ticked beside each level of a rating."""
    for row in read_table(ZONE / "rating_reasons.csv"):
        yield (row["code"], 1, *row.values(), RATED_BY, VALID_FROM, "")


def _where(row: Row) -> str:
    return row["area_code"] or row["department_code"] or "ALL"
