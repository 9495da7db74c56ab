"""argon2id (RFC 9106; 19 MiB, 2 passes, 1 lane: OWASP) in threads of its own.

One hash takes 36 ms of a processor. So no more run at once than there are processors, and who
cannot have an answer within two seconds is told so. The threads keep the usual priority: one of a
lower would hold up its whole process whenever it is put off with the interpreter's lock in hand.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from functools import lru_cache
from typing import TypeVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from app.identity.sign_in.seats import Seats, SeatsTaken

HASHER = PasswordHasher(
    time_cost=2, memory_cost=19 * 1024, parallelism=1, hash_len=32, salt_len=16, type=Type.ID
)
PROCESSES = 2  # that hash beside each other on one machine: gunicorn.conf.py
LANES = max(1, (os.cpu_count() or 1) // PROCESSES)
SEATS = Seats(max(2, LANES))
WITHIN = 2.0  # seconds

T = TypeVar("T")


def hashed(password: str) -> bytes:
    """Return the hash of a password, which says how it was made.

    Raises:
        SeatsTaken: too many are being hashed.
    """
    return _in_turn(lambda: HASHER.hash(password)).encode()


def fits(password: str, kept: bytes | None) -> bool:
    """Tell whether a password has this hash; without one it takes as long, and none fits.

    Raises:
        SeatsTaken: too many are being hashed.
    """
    against = kept.decode() if kept else _nobodys_hash()
    return _in_turn(lambda: _fits(password, against)) and kept is not None


def is_outdated(kept: bytes) -> bool:
    """Tell whether a hash was made with other settings than those of today."""
    return HASHER.check_needs_rehash(kept.decode())


def _fits(password: str, kept: str) -> bool:
    try:
        return HASHER.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


def _in_turn(deed: Callable[[], T]) -> T:
    with SEATS.taken():
        turn = _lanes(os.getpid()).submit(deed)
        try:
            return turn.result(WITHIN)
        except TookTooLong as fault:
            turn.cancel()
            raise SeatsTaken from fault


@lru_cache(maxsize=1)
def _lanes(_process: int) -> ThreadPoolExecutor:
    """Return the threads of this process: those of before a fork are not there after it."""
    return ThreadPoolExecutor(LANES, thread_name_prefix="hashing")


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return HASHER.hash("nobody's password")
