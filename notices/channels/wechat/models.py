"""Who linked their WeChat, and the access token that all workers share."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped

from app.database import Model
from app.privacy import internal, personal
from app.worker import DueWork


class WeChatLink(DueWork, Model):
    """An account's WeChat. Due while its code waits to be exchanged for the openid.

    ``refusal`` says why it came to nothing.
    """

    __tablename__ = "wechat_link"
    __table_args__ = (Index("ix_wechat_link_due", "due_at", postgresql_where="due_at IS NOT NULL"),)

    id: Mapped[UUID] = internal(primary_key=True)
    account_id: Mapped[UUID] = internal(unique=True)
    code_sealed: Mapped[bytes | None] = personal()
    openid_sealed: Mapped[bytes | None] = personal()
    made_at: Mapped[datetime] = internal()
    refusal: Mapped[str | None] = internal(Text)
    parked_at: Mapped[datetime | None] = internal()


class WeChatToken(Model):
    """The access token of an app: one at a time is good, so that all workers take it from here."""

    __tablename__ = "wechat_token"

    app: Mapped[str] = internal(Text, primary_key=True)
    token_sealed: Mapped[bytes | None] = personal()
    expires_at: Mapped[datetime | None] = internal()
    renewing_until: Mapped[datetime | None] = internal()
