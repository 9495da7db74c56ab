"""What can go wrong with a request as such, before any feature is asked."""

from app.errors import Conflict, Forbidden, Malformed, Refusal, Unauthenticated, Words


class MethodRefused(Refusal):
    """The resource exists, but not with this method; ``Allow`` names those it has."""

    slug = "method-not-allowed"
    title = Words("该地址不支持此方法", "This method is not supported here")


class BodyTooLarge(Refusal):
    """The body is larger than the platform takes. Send less, or in parts."""

    slug = "body-too-large"
    title = Words("请求内容过大", "The request body is too large")


class LengthNeeded(Refusal):
    """A body was sent in chunks without its length. Send ``Content-Length``."""

    slug = "length-needed"
    title = Words("请求缺少内容长度", "The length of the body is missing")


class MediaTypeRefused(Refusal):
    """The body is not ``application/json``. Say so in ``Content-Type`` and send JSON in UTF-8."""

    slug = "media-type-not-supported"
    title = Words("仅接受 JSON 格式的请求内容", "Only a JSON body is accepted")


class KeyNeeded(Malformed):
    """The operation makes something, so it needs an ``Idempotency-Key``.

    Draw a fresh random key (a UUID will do), keep it until you have the answer, and send the same
    one when you repeat.
    """

    slug = "idempotency-key-needed"
    title = Words("缺少幂等键 Idempotency-Key", "An Idempotency-Key is needed")


class KeyReused(Refusal):
    """This ``Idempotency-Key`` was used before with another body. Draw a new key."""

    slug = "idempotency-key-reused"
    title = Words("幂等键已用于另一请求", "The key was used for another request")


class InFlight(Conflict):
    """The first request with this key is still being worked on. Repeat in a moment."""

    slug = "request-in-flight"
    title = Words("相同请求正在处理", "The same request is being worked on")


class TokenRefused(Unauthenticated):
    """The access token is not one of ours, is altered, or is of the wrong kind. Sign in."""

    slug = "token-refused"
    title = Words("登录凭证无效", "The access token is not valid")


class TokenExpired(Unauthenticated):
    """The access token has run out (10 minutes). Refresh it; there is no need to sign in again."""

    slug = "token-expired"
    title = Words("登录凭证已过期", "The access token has expired")


class SessionEnded(Unauthenticated):
    """The session was signed out or revoked, the account is closed, or staff were away too long.

    Members of staff are out after 15 minutes unused and 12 hours at most. Sign in again.
    """

    slug = "session-ended"
    title = Words("会话已结束,请重新登录", "The session has ended; sign in again")


class StepUpNeeded(Forbidden):
    """The deed wants a proof by a second factor within the last ``within`` seconds.

    ``how``: ``totp`` (send the authenticator's code to ``/me/proofs``), ``phone`` (have a code
    sent by ``/me/proof-codes`` first) or ``enrol`` (enrol an authenticator: ``/me/authenticator``).
    """

    slug = "step-up-needed"
    title = Words("该操作需要再次验证身份", "Prove once more who you are")


class Broken(Refusal):
    """Something failed that should not have. It was recorded under the request's id; tell us that.

    Nothing was written. It is safe to repeat with the same ``Idempotency-Key``.
    """

    slug = "internal-fault"
    title = Words("系统内部错误", "Something went wrong on our side")
