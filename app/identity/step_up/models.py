"""Second factors: authenticators, recovery codes, and codes on their way to a phone."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, PrimaryKeyConstraint, SmallInteger
from sqlalchemy.orm import Mapped

from app.database import Model
from app.privacy import internal, secret


class Authenticator(Model):
    """A TOTP secret (RFC 6238), sealed. It counts once a code has confirmed it.

    ``last_step``: the newest step of thirty seconds whose code was taken; none is taken twice.
    """

    __tablename__ = "authenticator"

    account_id: Mapped[UUID] = internal(primary_key=True)
    secret_sealed: Mapped[bytes] = secret()
    made_at: Mapped[datetime] = internal()
    confirmed_at: Mapped[datetime | None] = internal()
    last_step: Mapped[int] = internal(BigInteger, server_default="0")


class RecoveryCode(Model):
    """A code for whoever has lost their authenticator: hashed, used once."""

    __tablename__ = "recovery_code"
    __table_args__ = (PrimaryKeyConstraint("account_id", "code_hash"),)

    account_id: Mapped[UUID] = internal()
    code_hash: Mapped[bytes] = secret()
    used_at: Mapped[datetime | None] = internal()


class ProofCode(Model):
    """A code on its way to a phone, good for one session: hashed, ten minutes, five tries."""

    __tablename__ = "proof_code"

    session_id: Mapped[UUID] = internal(primary_key=True)
    code_hash: Mapped[bytes] = secret()
    tries: Mapped[int] = internal(SmallInteger, server_default="0")
    expires_at: Mapped[datetime] = internal(index=True)
