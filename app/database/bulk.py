"""Many rows at once, in the transaction of the deed: COPY, straight to the driver."""

from collections.abc import Sequence
from typing import Any

from app.database.session import db

COPY_DELIMITER = "\x1f"


def copy_in(table: str, columns: Sequence[str], content: bytes) -> None:
    """Copy rows into a table, inside ``transaction()``.

    They are written as CSV with ``COPY_DELIMITER`` between values, and nothing for NULL.
    """
    session = db.session()
    if not session.info.get("deed"):
        raise RuntimeError("a write outside transaction()")
    session.flush()
    driver: Any = session.info["held"].driver_connection
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN "
    statement += f"(FORMAT csv, DELIMITER '{COPY_DELIMITER}')"
    with driver.cursor() as cursor, cursor.copy(statement.encode()) as copy:
        copy.write(content)
