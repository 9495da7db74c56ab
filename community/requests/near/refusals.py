"""What can go wrong with a look by place."""

from app.errors import Malformed, Words


class BoxRefused(Malformed):
    """The box is not one; ``reason`` says why.

    ``empty``: west is not west of east, or south not south of north. ``large``: the list wants a
    box of no more than 20 km from its middle to a corner; ask for clusters instead.
    """

    slug = "box-refused"
    title = Words("查询范围不正确", "The box is not right")
