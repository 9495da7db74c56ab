"""A trail to try things on, and the hand of somebody who writes past the product."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from app.audits.sealing import seal_all
from app.database import read, transaction, write
from app.privacy import audit


def write_trail(deeds: int, shared: int = 0) -> None:
    """Write and seal that many entries of each chain, ten to a transaction."""
    for first in range(0, deeds + shared, 10):
        with transaction():
            for n in range(first, min(first + 10, deeds + shared)):
                deed = "reveal" if n < shared else "request-claim"
                audit(uuid4(), deed, "request", uuid4(), grid=f"G{n}", stars=n % 5)
    seal_until_none_is_left()


def seal_until_none_is_left() -> None:
    """Seal, and wait for the transactions of other databases of the server: they hold it up."""
    until = time.monotonic() + 30
    seal_all()
    while read("SELECT count(*) AS n FROM audit_entry WHERE seq IS NULL")[0].n:
        assert time.monotonic() < until
        time.sleep(0.01)
        seal_all()


@contextmanager
def past_the_product() -> Iterator[None]:
    """Write as a superuser for whom no trigger fires."""
    with transaction():
        write("SET LOCAL session_replication_role = replica")
        yield
