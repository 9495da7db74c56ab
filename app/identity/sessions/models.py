"""Devices that are signed in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Text, text
from sqlalchemy.orm import Mapped

from app.database import Model
from app.privacy import internal, personal, secret


class SignInSession(Model):
    """A device that is signed in, and its refresh token, rotated at each use.

    ``last_used_at`` is right to a minute. ``proved_*``: when and how a second factor was shown.
    """

    __tablename__ = "sign_in_session"

    id: Mapped[UUID] = internal(primary_key=True)
    account_id: Mapped[UUID] = internal(index=True)
    device_sealed: Mapped[bytes] = personal()
    started_at: Mapped[datetime] = internal()
    expires_at: Mapped[datetime] = internal(index=True)
    refreshed_at: Mapped[datetime] = internal()
    refresh_hash: Mapped[bytes] = secret(unique=True)
    spent_hash: Mapped[bytes | None] = secret(index=True)
    rotation_id: Mapped[UUID | None] = internal()
    successor_sealed: Mapped[bytes | None] = secret()
    way: Mapped[str] = internal(Text, server_default="code")
    revoked_at: Mapped[datetime | None] = internal()
    last_used_at: Mapped[datetime] = internal(server_default=text("now()"))
    proved_at: Mapped[datetime | None] = internal()
    proved_how: Mapped[str | None] = internal(Text)


class SpentToken(Model):
    """A refresh token that was used up: whoever shows it again ends its session."""

    __tablename__ = "spent_token"

    hash: Mapped[bytes] = secret(primary_key=True)
    session_id: Mapped[UUID] = internal(index=True)
    spent_at: Mapped[datetime] = internal(index=True)
