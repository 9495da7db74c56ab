"""What can go wrong with a notice."""

from app.errors import Conflict, Forbidden, Words


class AreaNotYours(Forbidden):
    """One of the areas is unknown or outside the caller's own; notices stay within their area."""

    slug = "area-not-yours"
    title = Words("只能向本辖区发布通知", "Notices stay within your own area")


class SecondPersonNeeded(Forbidden):
    """Whoever drafted a notice cannot publish it; a second member of staff must."""

    slug = "second-person-needed"
    title = Words("须由第二人审核发布", "A second person must publish this")


class ExpiryRefused(Conflict):
    """The notice would have expired before it could be read."""

    slug = "expiry-in-the-past"
    title = Words("失效时间早于当前时间", "The notice would already have expired")
