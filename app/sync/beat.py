"""Saying every minute, on a thread of its own, that somebody is alive."""

import logging
import threading
from collections.abc import Callable
from typing import Any

import psycopg
from flask import current_app
from sqlalchemy.exc import DBAPIError

EVERY = 60.0

log = logging.getLogger("linli.sync")


class Beat:
    """Says so again and again, until it ends or ``say`` returns that nobody needs it any more."""

    def __init__(self, name: str, say: Callable[[], bool]) -> None:
        """Remember the application: the thread has no context of its own."""
        app: Any = current_app
        self._app = app._get_current_object()
        self._name, self._say = name, say
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._keep, name=f"sync {name}", daemon=True)

    def begin(self) -> None:
        """Begin to say so, a minute from now."""
        self._thread.start()

    def end(self) -> None:
        """Say it no more; return when nothing is on its way."""
        self._over.set()
        self._thread.join()

    def _keep(self) -> None:
        while not self._over.wait(EVERY):
            try:
                with self._app.app_context():
                    wanted = self._say()
            except (DBAPIError, psycopg.Error) as fault:
                log.warning("a %s could not be renewed: %s", self._name, type(fault).__name__)
                continue
            if not wanted:
                return
