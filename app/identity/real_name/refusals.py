"""What can go wrong when people prove who they are."""

from app.errors import Conflict, Forbidden, Unavailable, Words


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


class ProofOpen(Conflict):
    """A desk has proposed a proof for this account already. Confirm or decline that one."""

    slug = "proof-open"
    title = Words("该账户已有待确认的现场核验", "A proof for this account waits to be confirmed")


class ProofDecided(Conflict):
    """The proof was confirmed or declined, or nobody decided within a day. Propose it again."""

    slug = "proof-decided"
    title = Words("该现场核验已处理或已失效", "This proof is decided or has lapsed")


class DeskNotNamed(Forbidden):
    """The staff register names no desk for this clerk. It is the register's to say which."""

    slug = "desk-not-named"
    title = Words("人员库未登记您的窗口", "The staff register names no desk for you")


class AnotherClerkNeeded(Forbidden):
    """Two members of staff must see a person and the document; neither of them may be the person.

    Ask a colleague who did not propose the proof.
    """

    slug = "another-clerk-needed"
    title = Words("须由另一名工作人员办理", "Another member of staff must do this")


class VouchersNotTaken(Conflict):
    """This installation is not connected to the network identity service (网号、网证)."""

    slug = "vouchers-not-taken"
    title = Words("本平台尚未接入网络身份认证", "Network identity is not connected here")


class VoucherService(Unavailable):
    """The network identity service does not answer. Nothing was written; try again shortly."""

    slug = "voucher-service-away"
    title = Words("网络身份认证服务暂不可用", "The network identity service does not answer")
