"""What can go wrong with a browser that wants to be pushed to."""

from app.errors import Conflict, Unavailable, Words


class PushServiceRefused(Conflict):
    """The endpoint is not one of a push service that the platform knows; ``reason`` says why.

    Send what ``PushManager.subscribe()`` returned, unchanged. Reasons: ``not-https``, ``userinfo``,
    ``port``, ``too-long``, ``malformed``, ``unknown-push-service``.
    """

    slug = "push-service-refused"
    title = Words("推送地址不被接受", "This push endpoint is not accepted")


class PushKeysRefused(Conflict):
    """``p256dh`` is not a point of P-256, or ``auth`` is not 16 bytes, both base64url."""

    slug = "push-keys-refused"
    title = Words("推送密钥无效", "The push keys cannot be used")


class TooManyBrowsers(Conflict):
    """The account has as many browsers as it may (``most``). Remove one first."""

    slug = "too-many-browsers"
    title = Words("接收推送的设备已达上限", "No more browsers can be pushed to")


class PushNotOffered(Unavailable):
    """This installation has no key to push with."""

    slug = "push-not-offered"
    title = Words("暂不提供浏览器推送", "Web push is not offered here")
