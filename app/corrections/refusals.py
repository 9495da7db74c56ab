"""What can go wrong when somebody asks for a correction."""

from app.errors import Conflict, TooMany, Words


class CorrectionAsked(Conflict):
    """Somebody has asked for a correction of this field already; it is not answered yet."""

    slug = "correction-asked"
    title = Words("该字段已有待处理的校核申请", "A correction of this field is being looked at")


class AlreadyRight(Conflict):
    """The record says already what is asked for."""

    slug = "already-right"
    title = Words("登记内容与申请一致", "The record says this already")


class GuessesSpent(TooMany):
    """Too often today this caller was told that a record says already what they asked for.

    Ask again tomorrow.
    """

    slug = "guesses-spent"
    title = Words("今日校核核对次数已用完", "Too many values were confirmed today")


class CorrectionLimitUnknown(Conflict):
    """No rule holds today that says by when the owner must answer: a record of it is missing.

    The district's operators see to it (stream ``correction_limits``); ask again then.
    """

    slug = "correction-limit-unknown"
    title = Words("校核时限规则缺失", "No rule says by when this must be answered")
