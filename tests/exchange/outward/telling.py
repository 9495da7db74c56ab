"""Telling the district about made-up subjects, and looking at what waits to be sent."""

from typing import Any
from uuid import UUID

from app.database import read, transaction, write
from app.sync import Event, tell


def told(subject: UUID, *words: str, kind: str = "tried") -> None:
    """Tell of a subject, a deed for each of ``words``."""
    for each in words:
        with transaction():
            tell(Event(kind, "trial", subject, {"words": each}))


def rows(subject: UUID) -> list[Any]:
    """Return the subject's events in order; ``wait`` is the time to the next try in seconds."""
    return read(
        "SELECT *, extract(epoch FROM due_at - now())::float AS wait FROM outbox"
        " WHERE subject_id = %(subject)s ORDER BY seq",
        {"subject": subject},
    )


def all_due_now() -> None:
    """Let all waits and leases be over, but for what somebody is writing this instant."""
    with transaction():
        write(
            "UPDATE outbox SET due_at = now(), lease_until = NULL WHERE id IN ("
            " SELECT id FROM outbox WHERE sent_at IS NULL AND due_at IS NOT NULL"
            " FOR UPDATE SKIP LOCKED)"
        )


def unsent() -> int:
    """Return how many events wait or are parked."""
    return int(read("SELECT count(*) AS n FROM outbox WHERE sent_at IS NULL")[0].n)
