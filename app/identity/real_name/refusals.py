"""What can go wrong when people prove who they are."""

from app.errors import Conflict, Words


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
