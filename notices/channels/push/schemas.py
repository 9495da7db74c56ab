"""The wire shapes of web push."""

import marshmallow as ma

from app.http.shapes import Pattern, Shape, Text

ENDPOINT = r"https://[\x21-\x7e]{1,990}"
BASE64 = r"[A-Za-z0-9_-]{16,120}={0,2}"


class BrowserKeys(Shape):
    """The keys of a ``PushSubscription``."""

    p256dh = Pattern(BASE64, required=True)
    auth = Pattern(BASE64, required=True)


class NewBrowser(Shape):
    """What ``PushSubscription.toJSON()`` gives, and what to call the browser in the list."""

    endpoint = Pattern(ENDPOINT, required=True)
    keys = ma.fields.Nested(BrowserKeys, required=True)
    device = Text(most=80, required=True, metadata={"example": "Chrome · Android"})


class Browser(Shape):
    """A browser that is pushed to; its endpoint is never shown."""

    id = ma.fields.UUID(required=True)
    device = ma.fields.String(required=True)
    made_at = ma.fields.AwareDateTime(required=True, format="iso")


class Browsers(Shape):
    """All of the caller's, the newest first."""

    items = ma.fields.List(ma.fields.Nested(Browser), required=True)


class PushKey(Shape):
    """``applicationServerKey`` for ``PushManager.subscribe()``."""

    key = ma.fields.String(required=True, metadata={"description": "base64url"})
