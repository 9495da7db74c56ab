"""The wire shapes of photos."""

import marshmallow as ma

from app.files.schemas import FileShape
from app.http.shapes import Shape

MOST_NAMED = 9


class Named(Shape):
    """Photos that the caller has uploaded, by their ids."""

    photos = ma.fields.List(
        ma.fields.UUID(), required=True, validate=ma.validate.Length(1, MOST_NAMED)
    )


class PhotoShape(FileShape):
    """A photo of a request; ``side``: filer 诉求人, staff 承办人, neighbour 邻居."""

    side = ma.fields.String(required=True)
    mine = ma.fields.Boolean(required=True)
    added_at = ma.fields.AwareDateTime(required=True, format="iso")


class PhotosShape(Shape):
    """The photos of a request, the first first; their links hold for five minutes."""

    items = ma.fields.List(ma.fields.Nested(PhotoShape), required=True)
