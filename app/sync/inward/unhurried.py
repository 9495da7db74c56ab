"""Transactions of the exchange: a page may take longer than a request ever may."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.database import transaction, write

PATIENCE = """
SET LOCAL statement_timeout = '15min';
SET LOCAL idle_in_transaction_session_timeout = '5min';
SET LOCAL lock_timeout = '1min'
"""


@contextmanager
def unhurried() -> Iterator[None]:
    """Run a deed as ``transaction()`` does, under the limits of the exchange."""
    with transaction():
        write(PATIENCE)
        yield
