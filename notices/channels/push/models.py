"""Browsers that may be pushed to."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from app.database import Model
from app.privacy import internal, personal


class PushSubscription(Model):
    """A browser of an account. What it gave us is sealed: who has it can push to it, too.

    ``since``: from when on the account could be pushed to, by this or by a browser before it.
    """

    __tablename__ = "push_subscription"
    __table_args__ = (Index("ix_push_subscription_account", "account_id", "id"),)

    id: Mapped[UUID] = internal(primary_key=True)
    account_id: Mapped[UUID] = internal()
    endpoint_index: Mapped[bytes] = personal(unique=True)
    endpoint_sealed: Mapped[bytes] = personal()
    keys_sealed: Mapped[bytes] = personal()
    device_sealed: Mapped[bytes] = personal()
    made_at: Mapped[datetime] = internal()
    since: Mapped[datetime] = internal()
