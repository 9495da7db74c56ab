"""What can go wrong with one's own data."""

from app.errors import Conflict, Forbidden, NotFound, Words


class GuardianOnly(Forbidden):
    """Only a child's guardian agrees for a child under 14 (PIPL 31, 民法典 27).

    Who is a parent by the register becomes one by asking under /guardianships; others show papers
    at a desk. An ended or unclear guardianship counts no more.
    """

    slug = "guardian-only"
    title = Words("只能由监护人为未满十四周岁的儿童同意", "Only a guardian may agree for a child")


class ConsentNeeded(Forbidden):
    """The deed wants the caller's consent first (PIPL 28, 29, 31); ``purpose`` says to what.

    Agree with ``POST /me/consents``, for a ``child`` with its id; or do without: a place picked on
    a map wants none. A consent to an earlier edition of the words counts no more.
    """

    slug = "consent-needed"
    title = Words("该操作须先取得您的单独同意", "You must agree to this separately first")


class NotAgreed(Forbidden):
    """Beyond the platform's duty staff see this only where the person agrees, and they have not.

    They agree in their own account, under ``/me/consents``; ``purpose`` says to what.
    """

    slug = "not-agreed"
    title = Words("本人未同意为此查看该项信息", "The person has not agreed to this")


class ChildNeeded(Conflict):
    """This purpose concerns a child: say which of your wards (``child``)."""

    slug = "child-needed"
    title = Words("请指明是哪位儿童", "Say for which child")


class ExportUnready(Conflict):
    """The copy is still being made; ask again shortly."""

    slug = "export-unready"
    title = Words("副本尚未生成,请稍后再试", "The copy is not ready yet")


class ExportGone(NotFound):
    """The copy was downloaded already, or its 24 hours are over. Ask for a new one."""

    slug = "export-gone"
    title = Words("副本已下载或已过期,请重新申请", "The copy was downloaded or has expired")


class HoldsOffice(Conflict):
    """The account holds a role of staff today: it ends with the office, by the staff register."""

    slug = "holds-office"
    title = Words("该账户任有职务,须先离任", "The account holds an office, which must end first")


class FieldNotForRole(Forbidden):
    """None of the caller's roles may see this field of a person, for whatever reason."""

    slug = "field-not-for-role"
    title = Words("您的角色不能查看该项个人信息", "Your role may not see this field")
