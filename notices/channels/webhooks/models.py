"""Endpoints that are told of the notices of an area."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Integer, Text
from sqlalchemy.orm import Mapped

from app.database import Model
from app.privacy import internal, personal


class WebhookEndpoint(Model):
    """An endpoint that staff registered. After a rotation the old secret signs too, for a day."""

    __tablename__ = "webhook_endpoint"

    id: Mapped[UUID] = internal(primary_key=True)
    area_code: Mapped[str] = internal(Text, index=True)
    name: Mapped[str] = internal(Text)
    url_sealed: Mapped[bytes] = personal()
    secret_sealed: Mapped[bytes] = personal()
    old_secret_sealed: Mapped[bytes | None] = personal()
    old_until: Mapped[datetime | None] = internal()
    version: Mapped[int] = internal(Integer)
    made_by: Mapped[UUID] = internal()
    made_at: Mapped[datetime] = internal()
    stopped_at: Mapped[datetime | None] = internal()
