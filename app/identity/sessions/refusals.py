"""What can go wrong when people stay signed in."""

from app.errors import Unauthenticated, Words


class RefreshRefused(Unauthenticated):
    """The refresh token is unknown, spent or revoked; one used twice ends its session. Sign in."""

    slug = "refresh-refused"
    title = Words("登录状态已失效,请重新登录", "The session cannot be refreshed; sign in again")
