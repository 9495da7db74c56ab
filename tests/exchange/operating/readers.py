"""What the books say of a made-up source and its reader."""

from typing import Any

from app.database import read, transaction, write


def source(name: str = "try-out") -> Any:
    """Return how a source stands; ``due``: it is to be read now; ``taken``: a reader has it."""
    (found,) = read(
        "SELECT *, next_run_at <= now() AS due, reader_until > now() AS taken"
        " FROM sync_source WHERE source = %(name)s",
        {"name": name},
    )
    return found


def change(sql: str) -> None:
    """Change how the made-up sources stand."""
    with transaction():
        write(f"UPDATE sync_source SET {sql} WHERE source LIKE 'try-out%%'")


def runs(status: str) -> int:
    """Return how many readings of the made-up sources ended, or stand, like that."""
    sql = "SELECT count(*) AS n FROM sync_run WHERE source LIKE 'try-out%%' AND status = %(status)s"
    return int(read(sql, {"status": status})[0].n)
