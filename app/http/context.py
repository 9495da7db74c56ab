"""The request and its notes, looked up once: each look through Flask's proxies costs again."""

import re
import time
import uuid
from dataclasses import dataclass
from typing import Any, Self, cast

from flask import Request, g, request

from app.database import statements_so_far

GIVEN_ID = re.compile(r"[0-9a-f]{8}(-?[0-9a-f]{4}){4}[0-9a-f]{8}")
"""A UUID, with or without its dashes: nothing that a phone number could pass for."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is noted of a request as it comes: its name and method, and where the counts stood."""

    request_id: str
    method: str
    began: float
    statements: int

    @classmethod
    def of(cls, method: str, given_id: str) -> Self:
        """Note it, under the name that its sender gave it if that is a UUID."""
        name = given_id if GIVEN_ID.fullmatch(given_id) else str(uuid.uuid4())
        return cls(name, method, time.perf_counter(), statements_so_far())


def asked() -> Request:
    """Return the request itself."""
    return cast(Request, cast(Any, request)._get_current_object())


def notes() -> Any:
    """Return the notes that are kept for the length of the request."""
    return cast(Any, g)._get_current_object()
