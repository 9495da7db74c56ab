"""A ticket lets one page in, once, within half a minute: a page's stream can send no header."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped

from app.database import Model
from app.privacy import internal


class LiveTicket(Model):
    """A ticket that was not used yet. Its secret is not kept, only what tells it again."""

    __tablename__ = "live_ticket"

    id: Mapped[UUID] = internal(primary_key=True)
    account_id: Mapped[UUID] = internal(index=True)
    session_id: Mapped[UUID] = internal()
    secret_hash: Mapped[bytes] = internal(LargeBinary)
    expires_at: Mapped[datetime] = internal(index=True)
