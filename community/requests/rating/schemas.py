"""The wire shapes of rating."""

from app.http.shapes import Shape, Text, Whole


class NewRating(Shape):
    """From 1 (very unsatisfied) to 5 (very satisfied)."""

    stars = Whole(low=1, high=5, required=True)
    words = Text(load_default=None, most=1000)
