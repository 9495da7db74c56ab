"""What somebody is not told of by a channel until they ask for it: a table with its legal basis."""

from dataclasses import dataclass
from datetime import date

from notices.channels.choice import SMS


@dataclass(frozen=True, slots=True)
class Usual:
    """From a day on: the slots that are refused for whoever has said nothing, and why."""

    since: date
    refused: tuple[str, ...]
    basis: str


def slot(channel: str, kind: str) -> str:
    """Return how a kind of notice on a channel is named."""
    return f"{channel}/{kind}"


# An invitation by text message comes near to advertising, which only those may get who agreed.
USUAL = (
    Usual(
        date(2015, 6, 30),
        (slot(SMS, "activity"),),
        "通信短信息服务管理规定 (工业和信息化部令第 31 号) 18",
    ),
)


def usually_refused(day: date) -> tuple[str, ...]:
    """Return what is refused on a day for whoever has said nothing."""
    return next((each.refused for each in reversed(USUAL) if each.since <= day), ())
