"""What can go wrong when people sign in and prove who they are."""

from app.errors import Conflict, Forbidden, Unauthenticated, Words


class CodeRefused(Unauthenticated):
    """The one-time code is wrong, used, expired or tried too often. Ask for a new one."""

    slug = "code-refused"
    title = Words("验证码错误或已失效", "The code is wrong or no longer valid")


class RefreshRefused(Unauthenticated):
    """The refresh token is unknown, spent or revoked; one used twice ends its session. Sign in."""

    slug = "refresh-refused"
    title = Words("登录状态已失效,请重新登录", "The session cannot be refreshed; sign in again")


class IdentityNotMatched(Conflict):
    """Name and number do not match a register entry that this account may take.

    The answer is the same whether the number is unknown, belongs to another name or is bound to
    another account. A service desk can verify in person.
    """

    slug = "identity-not-matched"
    title = Words("姓名与身份证号码核验未通过", "Name and number could not be matched")


class AlreadyVerified(Conflict):
    """The account is already matched to the population register."""

    slug = "already-verified"
    title = Words("该账户已完成实名认证", "This account is already verified")


class GuardianNeeded(Forbidden):
    """A child under 14 cannot consent alone (PIPL art. 31); a guardian must come to a desk."""

    slug = "guardian-needed"
    title = Words("未满十四周岁,须由监护人办理", "A guardian must act for a child under 14")


class LevelNeeded(Forbidden):
    """The matter asks for a higher real-name level than the account has: ``needed`` says which."""

    slug = "level-needed"
    title = Words("该事项需要更高的实名等级", "This matter needs a higher real-name level")
