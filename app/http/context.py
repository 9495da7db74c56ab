"""The request and its notes, looked up once: each look through Flask's proxies costs again."""

from typing import Any, cast

from flask import Request, g, request


def asked() -> Request:
    """Return the request itself."""
    return cast(Request, cast(Any, request)._get_current_object())


def notes() -> Any:
    """Return the notes that are kept for the length of the request."""
    return cast(Any, g)._get_current_object()
