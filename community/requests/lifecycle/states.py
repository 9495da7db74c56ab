"""Where a request can stand, what can be done with it, by whom, and what stands in the way."""

from enum import StrEnum

from app.errors import Words


class State(StrEnum):
    """Where a request stands."""

    FILED = "filed"  # no unit has it yet
    DISPATCHED = "dispatched"
    SIGNED = "signed"
    CLAIMED = "claimed"
    WAITING = "waiting"  # for what the filer is asked to add
    OBJECTED = "objected"  # the unit says that it is not its duty
    SETTLED = "settled"
    VISITING = "visiting"  # somebody else asks whether it is really settled
    RATED = "rated"
    DECLINED = "declined"  # not to be taken (不予受理)
    REVIEWING = "reviewing"  # a second person looks at that again
    WITHDRAWN = "withdrawn"
    MERGED = "merged"  # goes on in its master


class Step(StrEnum):
    """What can be done with a request."""

    FILE = "file"
    DISPATCH = "dispatch"
    REDISPATCH = "redispatch"
    DESIGNATE = "designate"
    SIGN = "sign"
    CLAIM = "claim"
    RELEASE = "release"
    CONTACT = "contact"
    ASK_SUPPLEMENT = "ask-supplement"
    SUPPLEMENT = "supplement"
    HAND_OVER = "hand-over"
    ASK_HELP = "ask-help"
    HELP = "help"
    OBJECT = "object"
    UPHOLD = "uphold"
    REJECT = "reject"
    DECLINE = "decline"
    CONTEST = "contest"
    CONFIRM_DECLINE = "confirm-decline"
    TAKE_UP = "take-up"
    ASK_EXTENSION = "ask-extension"
    EXTEND = "extend"
    REFUSE_EXTENSION = "refuse-extension"
    SETTLE = "settle"
    SETTLE_ALONG = "settle-along"
    RATE = "rate"
    DISPUTE = "dispute"
    OPEN_VISIT = "open-visit"
    VISIT = "visit"
    REWORK = "rework"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    MERGE = "merge"
    UNMERGE = "unmerge"
    SUPERVISE = "supervise"
    RECKON = "reckon"
    MOVE = "move"


class Party(StrEnum):
    """Whose step it is."""

    FILER = "filer"
    NEIGHBOUR = "neighbour"
    HANDLER = "handler"
    UNIT = "unit"
    HELPER = "helper"
    STAFF = "staff"
    PLATFORM = "platform"


class Flag(StrEnum):
    """What, beside the state, decides whether a step is legal."""

    FINAL_UNIT = "final-unit"  # an objection was decided, or the unit was designated
    EXTENSION_ASKED = "extension-asked"
    EXTENSION_USED = "extension-used"
    HELP_OUTSTANDING = "help-outstanding"
    HAS_MEMBERS = "has-members"
    RATED = "rated"  # in this round
    REOPENING_OVER = "reopening-over"
    REVIEWED = "reviewed"  # whether it is to be taken was decided by a second person
    WORKED = "worked"  # it was settled once, and so it was taken
    NO_UNIT = "no-unit"


OPEN = (
    State.FILED,
    State.DISPATCHED,
    State.SIGNED,
    State.CLAIMED,
    State.WAITING,
    State.OBJECTED,
)

STATES = {
    State.FILED: Words("已登记", "filed"),
    State.DISPATCHED: Words("已派单", "dispatched"),
    State.SIGNED: Words("已签收", "signed for"),
    State.CLAIMED: Words("办理中", "being handled"),
    State.WAITING: Words("待补充", "waiting for a supplement"),
    State.OBJECTED: Words("退单待裁定", "objected to"),
    State.SETTLED: Words("已办结", "settled"),
    State.VISITING: Words("回访中", "return visit"),
    State.RATED: Words("已评价", "rated"),
    State.DECLINED: Words("不予受理", "not taken"),
    State.REVIEWING: Words("不予受理复核中", "reviewed whether it is to be taken"),
    State.WITHDRAWN: Words("已撤回", "withdrawn"),
    State.MERGED: Words("已并案", "merged"),
}

STEPS = {
    Step.FILE: Words("登记", "file"),
    Step.DISPATCH: Words("派单", "dispatch"),
    Step.REDISPATCH: Words("改派", "dispatch elsewhere"),
    Step.DESIGNATE: Words("指定承办", "designate a unit, finally"),
    Step.SIGN: Words("签收", "sign for"),
    Step.CLAIM: Words("认领", "claim"),
    Step.RELEASE: Words("退回待认领", "release"),
    Step.CONTACT: Words("首次联系", "contact the filer"),
    Step.ASK_SUPPLEMENT: Words("要求补充材料", "ask for a supplement"),
    Step.SUPPLEMENT: Words("补充材料", "supplement"),
    Step.HAND_OVER: Words("转交同事", "hand over to a colleague"),
    Step.ASK_HELP: Words("吹哨", "ask a department's help"),
    Step.HELP: Words("协办答复", "answer as a helper"),
    Step.OBJECT: Words("退单", "object: not our duty"),
    Step.UPHOLD: Words("退单成立", "uphold the objection"),
    Step.REJECT: Words("退单不成立", "reject the objection"),
    Step.DECLINE: Words("不予受理", "decline: not to be taken"),
    Step.CONTEST: Words("对不予受理提出异议", "contest the declining"),
    Step.CONFIRM_DECLINE: Words("复核维持不予受理", "review: it is not to be taken"),
    Step.TAKE_UP: Words("复核予以受理", "review: it is taken"),
    Step.ASK_EXTENSION: Words("申请延期", "ask for an extension"),
    Step.EXTEND: Words("批准延期", "grant the extension"),
    Step.REFUSE_EXTENSION: Words("不予延期", "refuse the extension"),
    Step.SETTLE: Words("办结", "settle"),
    Step.SETTLE_ALONG: Words("随主案办结", "settle with the master"),
    Step.RATE: Words("评价", "rate"),
    Step.DISPUTE: Words("对办结提出异议", "dispute the settlement"),
    Step.OPEN_VISIT: Words("发起回访", "open a return visit"),
    Step.VISIT: Words("回访属实", "visit: it is settled"),
    Step.REWORK: Words("重新办理", "visit: work it again"),
    Step.REOPEN: Words("重新提出", "reopen"),
    Step.WITHDRAW: Words("撤回", "withdraw"),
    Step.MERGE: Words("并案", "merge into a master"),
    Step.UNMERGE: Words("取消并案", "unmerge"),
    Step.SUPERVISE: Words("督办", "supervise"),
    Step.RECKON: Words("期限重算", "reckon the deadline again"),
    Step.MOVE: Words("网格调整", "move with its grid"),
}

PARTIES = {
    Party.FILER: Words("诉求人", "who filed it"),
    Party.NEIGHBOUR: Words("关注的邻居", "a neighbour who follows"),
    Party.HANDLER: Words("经办人", "who claimed it"),
    Party.UNIT: Words("承办单位", "the unit"),
    Party.HELPER: Words("协办单位", "a helping department"),
    Party.STAFF: Words("区级工作人员", "district staff"),
    Party.PLATFORM: Words("平台", "the platform"),
}

FLAGS = {
    Flag.FINAL_UNIT: Words("承办单位已裁定或指定", "the unit is final"),
    Flag.EXTENSION_ASKED: Words("延期申请待批", "an extension is asked for"),
    Flag.EXTENSION_USED: Words("已延期一次", "the extension is used"),
    Flag.HELP_OUTSTANDING: Words("必办协办事项未答复", "mandatory help is outstanding"),
    Flag.HAS_MEMBERS: Words("已有并入案件", "others are merged into it"),
    Flag.RATED: Words("本轮已评价", "it is rated in this round"),
    Flag.REOPENING_OVER: Words("已过重提期限", "the term for coming back is over"),
    Flag.REVIEWED: Words("不予受理已复核", "a second person has decided whether it is taken"),
    Flag.WORKED: Words("已办结过", "it was settled before"),
    Flag.NO_UNIT: Words("尚无承办单位", "no unit has it"),
}
