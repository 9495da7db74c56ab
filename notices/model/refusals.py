"""What can go wrong with a notice."""

from app.errors import Conflict, Forbidden, Invalid, Words


class AreaNotYours(Forbidden):
    """One of the places is unknown or outside the caller's area; notices stay within their area.

    Places are areas, divisions, the drawn outline, households and persons.
    """

    slug = "area-not-yours"
    title = Words("只能向本辖区发布通知", "Notices stay within your own area")


class SecondPersonNeeded(Forbidden):
    """Whoever wrote or submitted a notice cannot approve or publish it; a second person must."""

    slug = "second-person-needed"
    title = Words("须由第二人审核发布", "A second person must publish this")


class ExpiryRefused(Conflict):
    """The notice would have expired before it could be read."""

    slug = "expiry-in-the-past"
    title = Words("失效时间早于当前时间", "The notice would already have expired")


class ExpiryBeforeStart(Conflict):
    """The notice would expire before, or at, the time it is to be published."""

    slug = "expiry-before-start"
    title = Words("失效时间早于发布时间", "The notice would expire before it is published")


class StartRefused(Conflict):
    """The time at which the notice is to be published has passed. Leave it out, or give another."""

    slug = "start-in-the-past"
    title = Words("定时发布时间已过", "The time of publication has passed")


class AnswerByRefused(Conflict):
    """An acknowledgement needs a day by which it is due, between publication and expiry.

    Without ``needs_ack`` there is no such day.
    """

    slug = "answer-by-refused"
    title = Words("确认期限不合适", "The day by which to acknowledge does not fit")


class NobodyReached(Conflict):
    """The audience matches nobody: look at its places and its people before submitting."""

    slug = "audience-matches-nobody"
    title = Words("没有任何人会收到此通知", "The audience matches nobody")


class LinkRefused(Invalid):
    """A link leads where no notice may: http, https, mailto and tel are the ways there are."""

    slug = "link-refused"
    title = Words("正文含有不允许的链接", "The text has a link that is not allowed")


class OutlineRefused(Invalid):
    """The drawn outline cannot be used; the code of the fault says why.

    ``too-many-points``, ``too-few-points``, ``open-ring``, ``swapped-axes``,
    ``outside-the-district``, ``self-intersection``, ``not-a-polygon``.
    """

    slug = "outline-refused"
    title = Words("所绘范围无法使用", "The drawn outline cannot be used")


class TooManyAttachments(Conflict):
    """The notice carries as many files as a notice may: ``most``."""

    slug = "too-many-attachments"
    title = Words("附件数量已达上限", "The notice carries as many files as it may")


class AttachmentsTooLarge(Conflict):
    """With this file the notice would carry more than ``most_bytes`` in all."""

    slug = "attachments-too-large"
    title = Words("附件总大小超出上限", "The attachments are too large together")


class CorrectionOpen(Conflict):
    """A correction of this notice is being written already; go on with that one."""

    slug = "notice-correction-open"
    title = Words("该通知已有更正稿在办", "A correction of this notice is under way")


class AcknowledgementNotAsked(Conflict):
    """The notice asks for no acknowledgement."""

    slug = "acknowledgement-not-asked"
    title = Words("该通知无需确认", "This notice asks for no acknowledgement")
