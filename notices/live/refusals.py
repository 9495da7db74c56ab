"""Why a stream is not opened."""

from app.errors import TooMany, Unauthenticated, Words


class TicketRefused(Unauthenticated):
    """The ticket of a stream was used before, has run out, or is none of ours.

    Ask for another one (``POST /inbox/streams``): each lets one page in, once, within 30 seconds.
    """

    slug = "ticket-refused"
    title = Words("实时连接凭据无效或已使用", "The ticket is used, expired or not ours")


class TooManyStreams(TooMany):
    """The account holds as many streams, or tickets for them, as one may.

    Close a page, or look at the unread count now and then: a poll that finds nothing new is cheap.
    """

    slug = "too-many-streams"
    title = Words("打开的实时页面过多", "Too many pages are open")
