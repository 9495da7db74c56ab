"""A poll that finds nothing new is answered 304, and nothing is read for it (RFC 9110 13.1.2)."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, request

from app.http.blueprint import mark
from app.http.guard import current_actor
from app.policy import Actor

TAG_BYTES = 12
FRESH = "private, no-cache"  # kept by whoever asked, and asked about each time

Standing = Callable[[Actor], object | None]
"""Returns whatever an answer to a caller depends on, apart from its address, or None where that
cannot be said without reading. It must differ whenever the answer does."""


def tag_of(depends: object, path: str, query: str) -> str:
    """Return the tag of an answer that depends on something, at an address."""
    words = f"{depends!r} {path}?{query}".encode()
    return f'"{hashlib.blake2b(words, digest_size=TAG_BYTES).hexdigest()}"'


def kept_under(tag: str) -> dict[str, str]:
    """Return the headers of an answer that is kept and asked about by its tag."""
    return {"ETag": tag, "Cache-Control": FRESH}


def unless_seen(standing: Standing) -> Callable[..., Callable[..., Response]]:
    """Answer 304 where ``If-None-Match`` names what ``standing`` says: the view is not run.

    Most of them are answered before they come here: see app/http/polling.py.
    """

    def decorate(view: Callable[..., Response]) -> Callable[..., Response]:
        @wraps(view)
        def wrapper(*args: Any, **kwargs: Any) -> Response:
            depends = standing(current_actor())
            if depends is None:
                return view(*args, **kwargs)
            tag = tag_of(depends, request.path, request.query_string.decode("latin-1"))
            if request.headers.get("If-None-Match") == tag:
                response = Response(status=304)
                del response.headers["Content-Type"]
            else:
                response = view(*args, **kwargs)
            response.headers.update(kept_under(tag))
            return response

        mark(wrapper, "x-conditional", True)
        wrapper.standing = standing  # type: ignore[attr-defined]  # polling.py asks for it
        return wrapper

    return decorate
