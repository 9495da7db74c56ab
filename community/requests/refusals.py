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


class TickUnknown(Conflict):
    """A reason that was ticked is not of that level today: read ``/rules/rating-reasons``."""

    slug = "rating-reason-unknown"
    title = Words("该评价等级没有此选项", "That level has no such reason")


class AddressUnknown(Conflict):
    """The register has no such address, or none for the person: give a point instead."""

    slug = "address-unknown"
    title = Words("登记册中没有该地址", "The register has no such address")


class NotTaken(Conflict):
    """This is not taken as a request (不予受理); ``code`` says what it is.

    ``told`` says where to turn in the language asked for, ``phone`` and ``department`` whom to ask.
    """

    slug = "not-taken"
    title = Words("该事项不予受理", "This is not taken as a request")


class ProofNotIssued(Conflict):
    """A community does not issue this proof (六部门 2020, twenty proofs); ``department`` does."""

    slug = "proof-not-issued"
    title = Words("社区不得出具此证明", "A community does not issue this proof")


class IdTaken(Conflict):
    """The id or hotline number stands for a request with other content, or somebody else's.

    A repeat with the same content is answered with the request. Draw a new id for a new request.
    """

    slug = "id-taken"
    title = Words("该编号已用于其他诉求", "This id stands for another request")


class BeyondYourArea(Forbidden):
    """The place lies outside the area where the caller's word counts; ``grid`` is where it is."""

    slug = "beyond-your-area"
    title = Words("该位置不在您的辖区内", "The place is outside your area")


class AtCapacity(Conflict):
    """The worker holds as many open requests as they may (``most``): settle or release one."""

    slug = "at-capacity"
    title = Words("您的在办件已达上限", "You hold as many requests as you may")


class ClauseUnknown(Conflict):
    """The duty list has no such clause today, or not for that department."""

    slug = "clause-unknown"
    title = Words("权责清单中没有该条款", "The duty list has no such clause")


class UnitUnknown(Conflict):
    """There is no such department today, it has the request already, or it is complained about."""

    slug = "unit-unknown"
    title = Words("该承办单位不可选", "That unit cannot be chosen")


class HandlerUnknown(Conflict):
    """Nobody has claimed the request whose handler is complained about: name a department."""

    slug = "handler-unknown"
    title = Words("该诉求尚无经办人", "Nobody has handled that request")


class WindowClosed(Conflict):
    """The window for this was open until ``until``: an objection within its own limit, say."""

    slug = "window-closed"
    title = Words("已超过规定期限", "The time for this is over")


class ReasonUnknown(Conflict):
    """No reason of that code is in force today: read ``/rules/not-accepted`` and choose one."""

    slug = "reason-unknown"
    title = Words("没有该不予受理情形", "There is no such reason today")


class ExtensionRefused(Conflict):
    """The matter's rules allow no extension, or not one that long; ``most`` and ``unit`` say."""

    slug = "extension-not-allowed"
    title = Words("该事项不允许如此延期", "The rules allow no such extension")


class PlanRefused(Conflict):
    """A result that is planned names a day in the future: ``planned_for``."""

    slug = "plan-refused"
    title = Words("列入计划须注明将来的日期", "A plan names a day in the future")


class ColleagueUnknown(Conflict):
    """Nobody of that account may work on this request: choose a colleague of the same unit."""

    slug = "colleague-unknown"
    title = Words("该人员不能承办此件", "That person may not work on this")


class ColleagueAtCapacity(Conflict):
    """The colleague holds as many open requests as they may (``most``): choose somebody else."""

    slug = "colleague-at-capacity"
    title = Words("该人员的在办件已达上限", "That person holds as many requests as they may")


class TaskOver(Conflict):
    """What the department was asked for is answered, or it is asked no more."""

    slug = "task-over"
    title = Words("该协办事项已办结或已取消", "That part is answered or cancelled")


class MergeRefused(Conflict):
    """These cannot be one; ``why``: ``itself``, ``chain``, ``matter``, ``over`` or ``complaint``.

    A complaint goes on only in one about the same person or unit, who never sees either.
    """

    slug = "merge-refused"
    title = Words("这些诉求不能并案", "These requests cannot be merged")


class OneOfYours(Forbidden):
    """Nobody judges their own work: who handled or declined a case neither reviews nor rates it."""

    slug = "own-work"
    title = Words("此操作须由原经办人以外的人员进行", "Somebody who had no hand in it must do this")
