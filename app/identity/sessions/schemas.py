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
