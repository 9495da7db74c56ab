"""What can go wrong with rights and accounts of staff."""

from app.errors import Conflict, Forbidden, Words


class SecondAdministratorNeeded(Forbidden):
    """Whoever asked for a right, receives it or lends it does not approve it; another must."""

    slug = "second-administrator-needed"
    title = Words("须由另一名安全管理员审批", "Another security administrator must approve this")


class NothingToCover(Conflict):
    """The colleague holds no role that can be covered; the three administrators cannot be."""

    slug = "nothing-to-cover"
    title = Words("该人员没有可代理的岗位", "This colleague has no role that can be covered")


class NotOneself(Forbidden):
    """This is for others to do: nobody disables, covers or restores themselves."""

    slug = "not-oneself"
    title = Words("不能对本人进行此操作", "Somebody else must do this for you")
