"""What can go wrong when people sign in by other ways than a code."""

from app.errors import Conflict, Forbidden, Unauthenticated, Unavailable, Words


class PasswordRefused(Unauthenticated):
    """Phone and password do not belong together; the answer tells nothing about which is wrong.

    A code by text message always works.
    """

    slug = "password-refused"
    title = Words("手机号码或密码不正确", "Phone or password is not right")


class PhoneTaken(Conflict):
    """The new phone is another account's. Sign in with it, or have a desk look at both."""

    slug = "phone-taken"
    title = Words("该手机号码已有账户", "This phone has an account of its own")


class ProviderRefused(Unauthenticated):
    """The provider does not vouch for anybody by what was shown: false, used, or run out."""

    slug = "provider-refused"
    title = Words("第三方登录未通过", "The provider does not vouch for this sign-in")


class ProviderAway(Unavailable):
    """The provider gives no answer that can be used. Try again, or sign in with a code."""

    slug = "provider-away"
    title = Words("第三方登录暂不可用", "The provider does not answer")


class PhoneNeeded(Conflict):
    """The provider knows this person, and no account does yet.

    Ask for a code and sign in with it, naming ``arrival``: from then on the provider is linked.
    """

    slug = "phone-needed"
    title = Words("请先验证手机号码", "Verify a phone first")


class ProviderLinked(Conflict):
    """The person at the provider has another account, or the account another person there.

    Two accounts are never merged: sign in to the other one and unlink it first.
    """

    slug = "provider-linked"
    title = Words("该第三方账号或本账户已有绑定", "Already linked to another")


class ArrivalOver(Conflict):
    """The sign-in at the provider is too long ago, or was used. Begin there again."""

    slug = "arrival-over"
    title = Words("第三方登录已过期,请重新发起", "That sign-in has run out; begin again")


class ProveFirst(Forbidden):
    """After a long absence somebody must prove who they are before anything is linked."""

    slug = "prove-first"
    title = Words("请先重新核验身份", "Prove who you are first")
