"""The wire shapes of webhooks."""

import marshmallow as ma

from app.http.shapes import Code, Pattern, Shape, Text


class NewEndpoint(Shape):
    """An endpoint to be told."""

    area_code = Code(required=True)
    name = Text(most=80, required=True)
    url = Pattern(r"https?://[\x21-\x7e]{1,990}", required=True)


class Endpoint(Shape):
    """An endpoint; its secret is never shown again."""

    id = ma.fields.UUID(required=True)
    area_code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    url = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    made_at = ma.fields.AwareDateTime(required=True, format="iso")
    old_secret_until = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")


class EndpointWithSecret(Endpoint):
    """An endpoint and its new secret: ``whsec_…``, shown this once."""

    secret = ma.fields.String(required=True)


class EndpointPage(Shape):
    """Some endpoints."""

    items = ma.fields.List(ma.fields.Nested(Endpoint), required=True)
    next = ma.fields.String(required=True, allow_none=True)
