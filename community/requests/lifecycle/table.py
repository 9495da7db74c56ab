"""The one table of moves. All else is read from it: what is legal, the diagram, the docs."""

from dataclasses import dataclass
from typing import Final

from community.requests.lifecycle.states import OPEN, Flag, Party, State, Step

START: Final = "start"
S, T, P = State, Step, Party


@dataclass(frozen=True, slots=True)
class Move:
    """A step: from which states, to which (None: it stays), whose it is, and when it is closed.

    ``only`` are flags that must be up, ``unless`` flags that must not be.
    """

    step: Step
    origins: tuple[State, ...]
    target: State | None
    by: tuple[Party, ...]
    only: tuple[Flag, ...] = ()
    unless: tuple[Flag, ...] = ()


IN_UNIT = (S.DISPATCHED, S.SIGNED, S.CLAIMED, S.WAITING)
HELD = (S.CLAIMED, S.WAITING)
UNTOUCHED = (S.FILED, S.DISPATCHED, S.SIGNED)  # nobody has begun to handle it
OVER = (S.SETTLED, S.RATED)

TABLE: Final[tuple[Move, ...]] = (
    Move(T.FILE, (), S.FILED, (P.FILER, P.STAFF)),
    Move(T.DISPATCH, (S.FILED,), S.DISPATCHED, (P.PLATFORM,)),
    Move(T.REDISPATCH, (S.FILED, *IN_UNIT), S.DISPATCHED, (P.STAFF,)),
    Move(T.DESIGNATE, OPEN, S.DISPATCHED, (P.STAFF,)),
    Move(T.SIGN, (S.DISPATCHED,), S.SIGNED, (P.UNIT,)),
    Move(T.CLAIM, (S.DISPATCHED, S.SIGNED), S.CLAIMED, (P.UNIT,)),
    Move(T.RELEASE, HELD, S.DISPATCHED, (P.HANDLER,)),
    Move(T.CONTACT, HELD, None, (P.HANDLER,)),
    Move(T.ASK_SUPPLEMENT, (S.CLAIMED,), S.WAITING, (P.HANDLER,)),
    Move(T.SUPPLEMENT, (S.WAITING,), S.CLAIMED, (P.FILER,)),
    Move(T.SUPPLEMENT, (S.DISPATCHED, S.SIGNED, S.CLAIMED), None, (P.FILER,)),
    Move(T.HAND_OVER, HELD, None, (P.HANDLER, P.STAFF)),
    Move(T.ASK_HELP, HELD, None, (P.HANDLER, P.STAFF)),
    Move(T.HELP, IN_UNIT, None, (P.HELPER,)),
    Move(T.OBJECT, (S.DISPATCHED, S.SIGNED), S.OBJECTED, (P.UNIT,), unless=(Flag.FINAL_UNIT,)),
    Move(T.UPHOLD, (S.OBJECTED,), S.DISPATCHED, (P.STAFF,)),
    Move(T.REJECT, (S.OBJECTED,), S.DISPATCHED, (P.STAFF,)),
    Move(
        T.DECLINE,
        UNTOUCHED,
        S.DECLINED,
        (P.STAFF,),
        unless=(Flag.HAS_MEMBERS, Flag.REVIEWED, Flag.WORKED),
    ),
    Move(
        T.CONTEST,
        (S.DECLINED,),
        S.REVIEWING,
        (P.FILER,),
        unless=(Flag.REVIEWED, Flag.REOPENING_OVER),
    ),
    Move(T.CONFIRM_DECLINE, (S.REVIEWING,), S.DECLINED, (P.STAFF,)),
    Move(T.TAKE_UP, (S.REVIEWING,), S.DISPATCHED, (P.STAFF,), unless=(Flag.NO_UNIT,)),
    Move(T.TAKE_UP, (S.REVIEWING,), S.FILED, (P.STAFF,), only=(Flag.NO_UNIT,)),
    Move(
        T.ASK_EXTENSION,
        HELD,
        None,
        (P.HANDLER,),
        unless=(Flag.EXTENSION_ASKED, Flag.EXTENSION_USED),
    ),
    Move(T.EXTEND, HELD, None, (P.UNIT, P.STAFF), only=(Flag.EXTENSION_ASKED,)),
    Move(T.REFUSE_EXTENSION, HELD, None, (P.UNIT, P.STAFF), only=(Flag.EXTENSION_ASKED,)),
    Move(T.SETTLE, (S.CLAIMED,), S.SETTLED, (P.HANDLER,), unless=(Flag.HELP_OUTSTANDING,)),
    Move(T.SETTLE_ALONG, (S.MERGED,), S.SETTLED, (P.PLATFORM,)),
    Move(T.RATE, (S.SETTLED,), S.RATED, (P.FILER,), unless=(Flag.RATED,)),
    Move(T.DISPUTE, OVER, S.VISITING, (P.NEIGHBOUR,)),
    Move(T.OPEN_VISIT, OVER, S.VISITING, (P.PLATFORM, P.STAFF)),
    Move(T.VISIT, (S.VISITING,), S.RATED, (P.STAFF,), only=(Flag.RATED,)),
    Move(T.VISIT, (S.VISITING,), S.SETTLED, (P.STAFF,), unless=(Flag.RATED,)),
    Move(T.REWORK, (S.VISITING,), S.CLAIMED, (P.STAFF,)),
    Move(T.REOPEN, OVER, S.DISPATCHED, (P.FILER,), unless=(Flag.REOPENING_OVER,)),
    Move(
        T.WITHDRAW,
        (*OPEN, S.MERGED, S.REVIEWING),
        S.WITHDRAWN,
        (P.FILER,),
        unless=(Flag.HAS_MEMBERS,),
    ),
    Move(T.MERGE, (S.FILED, *IN_UNIT), S.MERGED, (P.STAFF, P.UNIT), unless=(Flag.HAS_MEMBERS,)),
    Move(T.UNMERGE, (S.MERGED,), S.DISPATCHED, (P.STAFF, P.UNIT)),
    Move(T.SUPERVISE, OPEN, None, (P.PLATFORM,)),
    Move(T.RECKON, (*OPEN, S.VISITING, S.REVIEWING), None, (P.PLATFORM,)),
    Move(T.MOVE, OPEN, None, (P.PLATFORM,)),
)
