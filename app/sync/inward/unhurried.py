"""Transactions of the exchange: a page may take longer than a request ever may."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.database import transaction, write

PATIENCE = """
SET LOCAL statement_timeout = '15min';
SET LOCAL idle_in_transaction_session_timeout = '5min';
SET LOCAL lock_timeout = '1min'
"""

UNAWAITED = f"{PATIENCE}; SET LOCAL synchronous_commit = off"


@contextmanager
def unhurried(*, awaited: bool = True) -> Iterator[None]:
    """Run a deed as ``transaction()`` does, under the limits of the exchange.

    Unless ``awaited``, it is committed before it is on the disk: a server that falls then may take
    the deed back as a whole, and none that was committed later stays without it.
    """
    with transaction():
        write(PATIENCE if awaited else UNAWAITED)
        yield
