"""The wire shapes of filing."""

import marshmallow as ma

from app.http.places import PlaceShape
from app.http.shapes import Code, Shape, Text


class NewRequest(Shape):
    """What is asked, in words, and where."""

    matter = Code(required=True)
    words = Text(required=True, most=2000)
    place = ma.fields.Nested(PlaceShape, required=True)
