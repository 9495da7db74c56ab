"""What can go wrong when people decide what the exchange may do."""

from app.errors import Conflict, Words


class HoldDecided(Conflict):
    """Somebody has decided already, or a newer reading has: ``state`` says how it stands."""

    slug = "hold-decided"
    title = Words("该删除事项已有处理结果", "These deletions have been decided already")


class QuarantineClosed(Conflict):
    """The quarantined row is closed already: ``state`` says superseded, replayed or dismissed."""

    slug = "quarantine-closed"
    title = Words("该隔离记录已关闭", "The quarantined row is closed already")
