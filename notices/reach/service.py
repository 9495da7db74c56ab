"""What staff are told before a notice is sent: who will see it, and what its text messages cost."""

from dataclasses import dataclass
from typing import Any

from notices.audience.people import OFFICES
from notices.audience.reached import audience_of
from notices.channels.choice import SMS, channels_for
from notices.channels.text.wording import parts, wording
from notices.delivery.messages import as_message
from notices.model.lifecycle import Priority
from notices.reach.estimate import Estimate, estimate


@dataclass(frozen=True, slots=True)
class TextCost:
    """Text messages, counted in parts, which is what gateways charge for.

    ``at_once``: all are sent when it is published; otherwise only to who owes an answer late.
    ``parts_at_most``: one message to every resident, and at once to every enterprise, as if each
    had a number of their own; None as for residents.
    """

    at_once: bool
    parts_each: int
    parts_at_most: int | None


@dataclass(frozen=True, slots=True)
class Preview:
    """An estimate; ``texts`` is None where no text message can come of the notice."""

    nobody: bool
    exact: bool
    residents: int | None
    workers: int
    enterprises: int | None
    areas: list[dict[str, Any]]
    texts: TextCost | None


def preview(notice: Any, public_url: str) -> Preview:
    """Return who would see a notice, and the parts of text messages that it costs at most."""
    found = estimate(audience_of(notice.id))
    return Preview(
        found.nobody,
        found.exact,
        found.residents,
        found.workers,
        found.enterprises,
        found.areas,
        _texts(notice, public_url, found),
    )


def _texts(notice: Any, public_url: str, found: Estimate) -> TextCost | None:
    at_once = SMS in channels_for(notice.priority == Priority.EMERGENCY)
    if not at_once and not notice.needs_ack:
        return None
    each = parts(wording(as_message(notice), f"{public_url}/n/{notice.root_id}"))
    told = _told(notice, found) if at_once else found.residents
    return TextCost(at_once, each, told and told * each)


def _told(notice: Any, found: Estimate) -> int | None:
    """Return how many are sent a text; None where it would tell of fewer than five residents."""
    living = found.residents if notice.people & ~OFFICES else 0
    return None if living is None else living + found.firms
