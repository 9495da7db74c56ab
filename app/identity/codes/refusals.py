"""What can go wrong with a code."""

from app.errors import Unauthenticated, Words


class CodeRefused(Unauthenticated):
    """The one-time code is wrong, used, expired or tried too often. Ask for a new one."""

    slug = "code-refused"
    title = Words("验证码错误或已失效", "The code is wrong or no longer valid")
