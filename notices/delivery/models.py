"""A published notice on its way: one campaign a channel, cut into chunks of ids in its turn.

Publishing writes one row a channel, whatever the size of the district. Nobody has a row of their
own unless something went wrong for them.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped

from app.database import Model
from app.privacy import internal
from app.worker import DueWork

DUE = "due_at IS NOT NULL"


class DeliveryCampaign(DueWork, Model):
    """A notice on one channel. Due until it is cut into chunks.

    ``over``: what is told is that the notice was withdrawn.
    """

    __tablename__ = "delivery_campaign"
    __table_args__ = (
        Index("uq_delivery_campaign_notice", "notice_id", "channel", "over", unique=True),
        Index("ix_delivery_campaign_due", "lane", "due_at", postgresql_where=DUE),
        Index("ix_delivery_campaign_open", "id", postgresql_where="finished_at IS NULL"),
    )

    id: Mapped[int] = internal(BigInteger, Identity(always=True), primary_key=True)
    notice_id: Mapped[UUID] = internal()
    channel: Mapped[str] = internal(Text)
    lane: Mapped[str] = internal(Text)
    over: Mapped[bool] = internal(Boolean, server_default="false")
    made_at: Mapped[datetime] = internal()
    finished_at: Mapped[datetime | None] = internal(index=True)


class DeliveryChunk(DueWork, Model):
    """A range of ids (after ``low``, up to ``high``); everybody up to ``done_upto`` is dealt with.

    ``tries`` are claims since it last got further, ``stalls`` those in which the provider was
    away. ``tally`` counts what was delivered by area until it is added to the notice's.
    """

    __tablename__ = "delivery_chunk"
    __table_args__ = (
        Index("ix_delivery_chunk_due", "lane", "channel", "due_at", postgresql_where=DUE),
        Index(
            "ix_delivery_chunk_tally", "id", postgresql_where="tally IS NOT NULL AND due_at IS NULL"
        ),
    )

    id: Mapped[int] = internal(BigInteger, Identity(always=True), primary_key=True)
    campaign_id: Mapped[int] = internal(BigInteger, index=True)
    channel: Mapped[str] = internal(Text)
    lane: Mapped[str] = internal(Text)
    low: Mapped[UUID] = internal()
    high: Mapped[UUID] = internal()
    done_upto: Mapped[UUID] = internal()
    stalls: Mapped[int] = internal(SmallInteger, server_default="0")
    delivered: Mapped[int] = internal(Integer, server_default="0")
    failed: Mapped[int] = internal(Integer, server_default="0")
    tally: Mapped[dict[str, int] | None] = internal(JSONB)
    state: Mapped[str] = internal(Text, server_default="open")
    refusal: Mapped[str | None] = internal(Text)
    parked_at: Mapped[datetime | None] = internal()


class DeliveryRetry(DueWork, Model):
    """Somebody whom a channel did not reach at once; ``refusal`` says why nothing more is tried.

    ``address_id`` is the subscription, the account or the endpoint: an id, never an address.
    ``key_id`` is whose it is, by which several addresses of one person are known; ``counted``: that
    person is among the reached, or among those left alone, already. ``rung``: who is asked again,
    by that rung of the ladder; None: it is the notice itself.
    """

    __tablename__ = "delivery_retry"
    __table_args__ = (
        Index("ix_delivery_retry_due", "lane", "channel", "due_at", postgresql_where=DUE),
        Index("uq_delivery_retry_address", "campaign_id", "address_id", unique=True),
        Index("ix_delivery_retry_key", "campaign_id", "key_id"),
        Index("ix_delivery_retry_dead", "parked_at", postgresql_where="parked_at IS NOT NULL"),
    )

    id: Mapped[int] = internal(BigInteger, Identity(always=True), primary_key=True)
    campaign_id: Mapped[int] = internal(BigInteger)
    channel: Mapped[str] = internal(Text)
    lane: Mapped[str] = internal(Text)
    address_id: Mapped[UUID] = internal()
    key_id: Mapped[UUID | None] = internal()
    counted: Mapped[bool] = internal(Boolean, server_default="false")
    rung: Mapped[str | None] = internal(Text)
    reason: Mapped[str] = internal(Text)
    made_at: Mapped[datetime] = internal(index=True)
    refusal: Mapped[str | None] = internal(Text)
    parked_at: Mapped[datetime | None] = internal()
