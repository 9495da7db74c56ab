"""A published notice, and a channel whose provider does what a test tells it to."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from app import clock
from app.database import read, transaction, write
from app.worker import claim
from notices.channels import registers
from notices.channels.people import WALK_RESIDENTS, Reachable, page_of, those_of
from notices.channels.protocol import DELIVERED, Batch, Channel, Message, Outcome, Recipient, Span
from notices.delivery import campaigns, chunks, retries, tallies
from notices.delivery.models import DeliveryCampaign

RESIDENTS = Reachable(WALK_RESIDENTS, "fake", of=registers.RESIDENTS)

NOTICE = """
INSERT INTO notice (id, root_id, revision, state, version, kind, priority, drill, pinned, needs_ack,
  title, body_md, body_html, large_text, read_aloud, grams, audience, places, people, area_codes,
  touches, drafted_by, drafted_at, published_at, publish_seq, expires_at)
SELECT %(id)s, coalesce(%(root)s, %(id)s), %(revision)s, 'published', 2, 'general', %(priority)s,
  %(drill)s, false, false, %(title)s, %(body)s, '<p>停水</p>', '', '请提前储水。', '{}', '{}',
  %(places)s, %(people)s, %(areas)s,
  (SELECT array_agg(DISTINCT t) FROM area, unnest(path) t WHERE code = ANY(%(areas)s)),
  %(id)s, now(), now(), (SELECT coalesce(max(publish_seq), 0) + 1 FROM notice), %(expires)s
"""


def published(
    areas: Sequence[str] = ("DDHT",),
    title: str = "停水通知",
    expires_at: datetime | None = None,
    emergency: bool = False,
    drill: bool = False,
    **more: Any,
) -> UUID:
    """Return a notice that stands, for everybody of ``areas`` unless ``places`` say otherwise."""
    key = uuid4()
    values = {"id": key, "title": title, "body": "**停水**", "areas": list(areas), "drill": drill}
    values |= {"expires": expires_at, "priority": 2 if emergency else 0, "places": list(areas)}
    with transaction():
        write(NOTICE, {**values, "people": 1, "root": None, "revision": 1, **more})
    return key


def withdraw(notice: UUID) -> None:
    """Withdraw it, as staff would."""
    with transaction():
        write("UPDATE notice SET state = 'withdrawn' WHERE id = %(id)s", {"id": notice})


def residents_of(area: str) -> set[UUID]:
    """Return who lives in an area, found another way than the product finds them."""
    rows = read(
        "SELECT r.id FROM resident r, household h, address ad WHERE h.sid = r.household_sid"
        " AND ad.sid = h.address_sid AND ad.grid_code IN (SELECT code FROM area"
        " WHERE %(area)s = ANY(path))",
        {"area": area},
    )
    return {row.id for row in rows}


class FakeChannel:
    """Reaches every resident; ``answer`` says what becomes of each, and may raise."""

    def __init__(
        self,
        answer: Callable[[Recipient], Outcome] = lambda _: DELIVERED,
        page: int = 7,
        name: str = "fake",
    ) -> None:
        self.answer, self.page, self.name = answer, page, name
        self.sent: Counter[UUID] = Counter()
        self.messages: list[Message] = []
        self.waits: dict[UUID, datetime] = {}

    def recipients(self, message: Message, span: Span) -> Batch:
        rows, upto = page_of(RESIDENTS, message, span)
        return Batch([self._who(row) for row in rows], upto)

    def again(self, message: Message, addresses: Sequence[UUID]) -> list[Recipient]:
        rows = those_of(RESIDENTS, message, "SELECT unnest(%(ids)s::uuid[])", addresses)
        return [self._who(row) for row in rows]

    def _who(self, row: Any) -> Recipient:
        return Recipient(row.key, row.key, row.area, wait_until=self.waits.get(row.key))

    def send(self, message: Message, batch: Sequence[Recipient]) -> list[Outcome]:
        outcomes = []
        for who in batch:
            outcome = self.answer(who)
            self.sent[who.key] += 1
            outcomes.append(outcome)
        self.messages.append(message)
        return outcomes


def begin(notice: UUID, channel: Channel, chunks: int = 1, emergency: bool = False) -> None:
    """Begin a campaign and cut it into chunks."""
    with transaction():
        campaigns.begin(notice, [channel.name], emergency)
    lane = campaigns.EMERGENCY if emergency else campaigns.USUAL
    for campaign in claim(
        DeliveryCampaign, DeliveryCampaign.lane == lane, limit=10, lease=timedelta(seconds=30)
    ):
        campaigns.cut_into(campaign, chunks)


def work(channel: Channel, lane: str = campaigns.USUAL) -> None:
    """Work until nothing is due."""
    while chunks.deliver_chunks(channel, lane) + retries.retry_missed(channel, lane):
        pass
    while tallies.fold_tallies() + campaigns.close_finished():
        pass


def time_passes(**by: float) -> None:
    """Bring every lease and wait of delivery nearer by so much."""
    moved = timedelta(**by)
    with transaction():
        for table in ("delivery_chunk", "delivery_retry", "delivery_campaign"):
            write(
                f"UPDATE {table} SET due_at = due_at - %(by)s, lease_until = lease_until - %(by)s",
                {"by": moved},
            )


def reached(notice: UUID) -> int:
    """Return how many the counts say were reached."""
    rows = read(
        "SELECT coalesce(sum(residents), 0) AS n FROM notice_reach WHERE notice_id = %(id)s",
        {"id": notice},
    )
    return int(rows[0].n)


def in_an_hour() -> datetime:
    return clock.now() + timedelta(hours=1)
