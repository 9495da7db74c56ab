"""What can go wrong when one person is to act for another."""

from app.errors import Conflict, Forbidden, Words


class MandateRefused(Forbidden):
    """The caller holds no mandate that covers this deed.

    ``why``: ``unknown`` (there is none of the caller's by that id), its state (``proposed``,
    ``expired``, ``revoked``, ``gone`` …), ``not-yet``, ``power`` or ``matter``;
    of a guardianship ``asked``, ``of-age``, ``unclear``, ``ended`` or ``gone``.
    """

    slug = "mandate-refused"
    title = Words("没有有效的委托授权", "No mandate covers this")


class RedelegationRefused(Forbidden):
    """An agent may not hand on what was entrusted to them (民法典 169)."""

    slug = "redelegation-refused"
    title = Words("受托事项不得转委托", "What was entrusted may not be handed on")


class MandateProposed(Conflict):
    """The caller has proposed a mandate of the same person; it waits for their word."""

    slug = "mandate-proposed"
    title = Words("已有待确认的委托", "A mandate is waiting to be confirmed")


class MandateCodeRefused(Conflict):
    """The principal's code is wrong, used, expired or tried too often. Have a new one sent."""

    slug = "mandate-code-refused"
    title = Words("委托验证码错误或已失效", "The principal's code is wrong or no longer valid")


class PhoneNotOnRecord(Conflict):
    """The register has no phone of the principal: they confirm in the app or at a desk."""

    slug = "phone-not-on-record"
    title = Words("登记中没有手机号码,请到窗口办理", "No phone is on record; go to a desk")


class SecondClerkNeeded(Forbidden):
    """Two members of staff sign for somebody at a desk, and neither is a party to it."""

    slug = "second-clerk-needed"
    title = Words("须由另一名工作人员复核", "Another member of staff must sign")
