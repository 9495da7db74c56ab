"""What can go wrong when somebody proves once more who they are."""

from app.errors import Conflict, Forbidden, Words


class ProofRefused(Forbidden):
    """The code is wrong, used, expired or tried too often. The session goes on as it was."""

    slug = "proof-refused"
    title = Words("验证码错误或已失效", "The code is wrong or no longer valid")


class AuthenticatorEnrolled(Conflict):
    """An authenticator is enrolled. Remove it first, with a proof by it or a recovery code."""

    slug = "authenticator-enrolled"
    title = Words("已绑定动态口令", "An authenticator is enrolled already")


class NoAuthenticator(Conflict):
    """There is no authenticator to be confirmed or removed. Enrol one first."""

    slug = "no-authenticator"
    title = Words("尚未绑定动态口令", "No authenticator is enrolled")
