"""What can go wrong with an endpoint of somebody else."""

from app.errors import Conflict, Words


class WebhookUrlRefused(Conflict):
    """The URL is not one that notices are sent to; ``reason`` says why.

    It must be https on port 443, without user and password, and its name must stand for public
    addresses only. Reasons: ``not-https``, ``userinfo``, ``port``, ``too-long``, ``malformed``,
    ``not-public``.
    """

    slug = "webhook-url-refused"
    title = Words("回调地址不被接受", "This webhook address is not accepted")


class TooManyEndpoints(Conflict):
    """The area has as many endpoints as it may (``most``). Remove one first."""

    slug = "too-many-endpoints"
    title = Words("该区域的回调地址已达上限", "The area has no room for another endpoint")
