"""An ear on the database: whether something was said, without a round trip and without waiting.

Each process has its own connection for it, opened at its first use, so that a fork inherits none.
"""

import asyncio
import logging
import os
from collections.abc import Callable
from typing import Any

import psycopg

from app.database.reading import connect_apart, connect_beside

PAUSE = 1.0  # seconds until a lost ear listens again

log = logging.getLogger("linli.database")


async def hear(channel: str, heard: Callable[[bool], None]) -> None:
    """Call ``heard(True)`` whenever something was said, ``heard(False)`` when the ear is lost.

    It listens anew by itself, and calls then, too: its owner finds what was said meanwhile.
    """
    while True:
        try:
            async with await connect_beside() as connection:
                await connection.execute(f"LISTEN {channel}".encode())
                heard(True)
                async for _ in connection.notifies():
                    heard(True)
        except psycopg.Error as fault:
            log.warning("nothing is heard of %s: %s", channel, type(fault).__name__)
        heard(False)
        await asyncio.sleep(PAUSE)


class Ear:
    """Listens on one channel. Not for several threads at once: the owner takes turns."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self._connection: psycopg.Connection[Any] | None = None
        self._process = 0
        self._inherited: list[object] = []

    def heard(self) -> bool:
        """Tell whether anything was said since the last time; also when it begins to listen anew.

        Raises:
            psycopg.Error: there is no connection; the next call tries again.
        """
        if self._connection is None or self._connection.closed or self._process != os.getpid():
            self._listen()
            return True
        try:
            self._connection.pgconn.consume_input()
            said = 0
            while self._connection.pgconn.notifies() is not None:
                said += 1
        except psycopg.Error:
            self.close()
            raise
        return said > 0

    def close(self) -> None:
        """Listen no more; the next question begins anew."""
        if self._connection is not None and self._process == os.getpid():
            self._connection.close()
        self._connection = None

    def _listen(self) -> None:
        if self._connection is not None and self._process != os.getpid():
            self._inherited.append(self._connection)  # closing it would end the parent's
        self._connection, self._process = None, os.getpid()
        connection = connect_apart()
        connection.execute(f"LISTEN {self._channel}".encode())
        self._connection = connection
