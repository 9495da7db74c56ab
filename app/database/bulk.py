"""Many rows at once, in the transaction of the deed: COPY, straight to the driver."""

from collections.abc import Iterable, Sequence
from typing import Any

from app.database.session import db

COPY_DELIMITER = "\x1f"
COPY_ESCAPES = (("\\", "\\\\"), ("\n", "\\n"), ("\r", "\\r"))
"""What is written otherwise in COPY's own text, the backslash first."""
AT_A_TIME = 1 << 20
"""So many bytes are handed to the driver at once: it keeps as much room as it was ever given."""


def copy_text(value: str) -> str:
    """Return a value without ``COPY_DELIMITER`` as it stands in what ``copy_in`` is given."""
    for sign, written in COPY_ESCAPES:
        value = value.replace(sign, written)
    return value


def copy_in(table: str, columns: Sequence[str], content: Iterable[Any]) -> int:
    """Copy rows into a table, inside ``transaction()``, and return how many the server took.

    They are written as COPY's own text, which the server reads with less work than CSV: a line a
    row, ``COPY_DELIMITER`` between values, nothing for NULL, ``COPY_ESCAPES`` applied. ``content``
    yields bytes, or whatever shows its own as they do, in pieces of any size.
    """
    session = db.session()
    if not session.info.get("deed"):
        raise RuntimeError("a write outside transaction()")
    session.flush()
    driver: Any = session.info["held"].driver_connection
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN "
    statement += f"(FORMAT text, NULL '', DELIMITER '{COPY_DELIMITER}')"
    with driver.cursor() as cursor:
        with cursor.copy(statement.encode()) as copy:
            for piece in content:
                shown: memoryview = memoryview(piece)
                for begin in range(0, len(shown), AT_A_TIME):
                    copy.write(shown[begin : begin + AT_A_TIME])
        return int(cursor.rowcount)
