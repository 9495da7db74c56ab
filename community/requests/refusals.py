"""What can go wrong with a service request."""

from app.errors import Conflict, Forbidden, Words


class MatterUnknown(Conflict):
    """The matter is not in the catalogue today. List the matters and choose one."""

    slug = "matter-unknown"
    title = Words("事项不存在或已停用", "There is no such matter today")


class OutsideZone(Conflict):
    """The point lies outside the zone; ``nearest_area`` and ``metres`` say what would be closest.

    A point across the river or in the wrong reference system looks like this too: check ``crs``.
    """

    slug = "outside-zone"
    title = Words("该位置不在高新区范围内", "The place is outside the zone")


class AlreadyClaimed(Conflict):
    """Somebody else has claimed the request; it has left the list of those to claim."""

    slug = "already-claimed"
    title = Words("该诉求已被他人认领", "Somebody else has claimed this")


class NotYours(Forbidden):
    """The request is in your sight, but the deed is somebody else's: its filer's or claimant's."""

    slug = "not-yours"
    title = Words("此操作须由经办人本人办理", "This is somebody else's to do")


class AlreadyRated(Conflict):
    """One service event is rated once (一事一评); a new rating follows a rework."""

    slug = "already-rated"
    title = Words("该诉求已评价", "This has been rated")
