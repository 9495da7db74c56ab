"""What both operations stand on: a connection for each thread, and the caller."""

import threading
import time
from functools import lru_cache

import psycopg

from bench.peers import duties, statements

OPTIONS = "-c statement_timeout=5000 -c lock_timeout=2000 -c timezone=UTC -c jit=off"

read_token = lru_cache(4096)(duties.read_token)  # the product remembers good tokens, too
_own = threading.local()


class Refused(Exception):
    """The call ends here with a status."""


def actor_of(header, operation):
    """Return (account, level, resident, …) of a caller who may do the operation."""
    try:
        account, session, expires = read_token(header)
    except ValueError as fault:
        raise Refused(401) from fault
    if expires <= time.time():
        raise Refused(401)
    asked = {"account": account, "session": session, "today": duties.today()}
    row = connection().execute(statements.ACTOR, asked, prepare=True).fetchone()
    if row is None:
        raise Refused(401)
    roles = {"resident", *(grant[0] for grant in row[5] or ())}
    if duties.OPERATIONS[operation].isdisjoint(roles):
        raise Refused(403)
    return row


def connection():
    """Return this thread's connection."""
    if not hasattr(_own, "connection"):
        _own.connection = psycopg.connect(duties.DATABASE_URL, autocommit=True, options=OPTIONS)
    return _own.connection
