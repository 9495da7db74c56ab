"""A poll that finds nothing new is answered 304, and nothing is read for it (RFC 9110 13.1.2)."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, request

from app.http.blueprint import mark

TAG_BYTES = 12
FRESH = "private, no-cache"  # kept by whoever asked, and asked about each time


def unless_seen(tag_of: Callable[[], object | None]) -> Callable[..., Callable[..., Response]]:
    """Answer 304 where ``If-None-Match`` names what ``tag_of`` says: the view is not run.

    ``tag_of`` returns whatever the answer depends on, apart from the query string, or None when
    that cannot be said without reading. It must differ whenever the answer does.
    """

    def decorate(view: Callable[..., Response]) -> Callable[..., Response]:
        @wraps(view)
        def wrapper(*args: Any, **kwargs: Any) -> Response:
            depends = tag_of()
            if depends is None:
                return view(*args, **kwargs)
            words = f"{depends!r} {request.full_path}".encode()
            tag = f'"{hashlib.blake2b(words, digest_size=TAG_BYTES).hexdigest()}"'
            if request.headers.get("If-None-Match") == tag:
                response = Response(status=304)
                del response.headers["Content-Type"]
            else:
                response = view(*args, **kwargs)
            response.headers["ETag"] = tag
            response.headers["Cache-Control"] = FRESH
            return response

        mark(wrapper, "x-conditional", True)
        return wrapper

    return decorate
