"""Many who do something at the same instant, each with a session of their own."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from flask import Flask
from werkzeug.test import TestResponse

from app.database import db
from tests.people import Caller

T = TypeVar("T")
PATIENCE_S = 60.0
"""Whoever never comes to the start breaks it for all, instead of keeping them for ever."""


def at_once(app: Flask, deeds: Iterable[Callable[[], T]]) -> list[T]:
    """Begin all deeds at the same instant; return what each gave, in their order.

    What one of them raises is raised here: a crowd of which nobody came proves nothing.
    """
    crowd = list(deeds)
    start = threading.Barrier(len(crowd))

    def do(deed: Callable[[], T]) -> T:
        with app.app_context():
            start.wait(PATIENCE_S)
            try:
                return deed()
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(crowd)) as pool:
        return list(pool.map(do, crowd))


def posting(
    app: Flask, who: Caller, path: str, body: object = None, version: int | None = None
) -> Callable[[], TestResponse]:
    """Return the deed of posting once, from a phone of its own."""
    return lambda: Caller(app, who.headers).post(path, body, version=version)
