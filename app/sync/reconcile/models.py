"""Reports of reconciliation, kept."""

from datetime import datetime

from sqlalchemy import BigInteger, Identity, Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped

from app.database import Model
from app.privacy import internal
from app.sync.models import NOW


class SyncReport(Model):
    """A reconciliation: both sides counted and compared, stream by stream of a source."""

    __tablename__ = "sync_report"
    __table_args__ = (Index("ix_sync_report_at", "source", "id"),)

    id: Mapped[int] = internal(BigInteger, Identity(always=True), primary_key=True)
    source: Mapped[str] = internal(Text)
    at: Mapped[datetime] = internal(server_default=NOW)
    equal: Mapped[bool] = internal()
    findings: Mapped[dict[str, object]] = internal(JSONB)
