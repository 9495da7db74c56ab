"""Lost updates are refused: a version column, ETag and If-Match."""

import re

from flask import request

from app.errors import Malformed, VersionNeeded, Words
from app.http.blueprint import V, mark

TAG = re.compile(r'"v([0-9]{1,9})"')


class TagRefused(Malformed):
    """``If-Match`` holds something that is no ``ETag`` of ours. Send that of your last read."""

    slug = "if-match-refused"
    title = Words("If-Match 内容无法识别", "If-Match is not one of our tags")


def etag(version: int) -> dict[str, str]:
    """Return the header that names a version."""
    return {"ETag": f'"v{version}"'}


def versioned(view: V) -> V:
    """Document that the operation wants ``If-Match``; the view reads it with ``version_seen``."""
    mark(view, "x-versioned", True)
    return view


def version_seen() -> int:
    """Return the version that the caller last saw.

    Raises:
        VersionNeeded: there is no ``If-Match``.
        TagRefused: it cannot be read.
    """
    header = request.headers.get("If-Match")
    if header is None:
        raise VersionNeeded
    found = TAG.fullmatch(header)
    if not found:
        raise TagRefused
    return int(found[1])
