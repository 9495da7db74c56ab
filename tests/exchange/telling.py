"""Telling the district about made-up subjects, and looking at what waits to be sent."""

from typing import Any
from uuid import UUID

from app.database import read, transaction, write
from app.sync import Event, tell


def told(subject: UUID, *words: str) -> None:
    for each in words:
        with transaction():
            tell(Event("tried", "trial", subject, {"words": each}))


def rows(subject: UUID) -> list[Any]:
    return read(
        "SELECT *, extract(epoch FROM due_at - now())::float AS wait FROM outbox"
        " WHERE subject_id = %(subject)s ORDER BY seq",
        {"subject": subject},
    )


def all_due_now() -> None:
    with transaction():
        write("UPDATE outbox SET due_at = now(), lease_until = NULL WHERE sent_at IS NULL")
