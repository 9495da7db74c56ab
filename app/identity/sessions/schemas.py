"""The wire shapes of staying signed in."""

import marshmallow as ma

from app.http.shapes import Pattern, Shape


class Refresh(Shape):
    """A refresh token, and an id that the phone has kept before it calls."""

    refresh_token = Pattern(r"[A-Za-z0-9_-]{20,100}", required=True)
    rotation_id = ma.fields.UUID(required=True)


class SessionShape(Shape):
    """Tokens: the access token for ten minutes, the refresh token for its one next use."""

    access_token = ma.fields.String(required=True)
    expires_in = ma.fields.Integer(required=True, metadata={"description": "seconds"})
    refresh_token = ma.fields.String(required=True)


class DeviceShape(Shape):
    """A device that is signed in."""

    id = ma.fields.UUID(required=True)
    device = ma.fields.String(required=True)
    way = ma.fields.String(
        required=True, metadata={"description": "how it was let in: code, password, a provider"}
    )
    started_at = ma.fields.AwareDateTime(required=True)
    last_used_at = ma.fields.AwareDateTime(
        required=True, metadata={"description": "true to ten minutes"}
    )
    current = ma.fields.Boolean(required=True)


class DevicePage(Shape):
    """Some of the devices."""

    items = ma.fields.List(ma.fields.Nested(DeviceShape), required=True)
    next = ma.fields.String(required=True, allow_none=True)
