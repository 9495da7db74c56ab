"""The wire shapes of supervision."""

from app.http.shapes import PageQuery, Whole


class RungQuery(PageQuery):
    """From which rung on."""

    rung = Whole(low=1, high=9, load_default=1)
