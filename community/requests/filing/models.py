"""Who follows a request that a neighbour filed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped

from app.database import Model
from app.privacy import internal


class Follow(Model):
    """Somebody follows a request instead of filing it again; in a merge they see its master."""

    __tablename__ = "request_follow"
    __table_args__ = (
        PrimaryKeyConstraint("request_id", "account_id"),
        Index("ix_request_follow_account", "account_id", "since", "request_id"),
    )

    request_id: Mapped[UUID] = internal()
    account_id: Mapped[UUID] = internal()
    since: Mapped[datetime] = internal()
