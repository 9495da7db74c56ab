"""Exchange with the district: its records in, our outcomes out. Knows no feature."""

from app.sync.contract import Field, Reject, Stream
from app.sync.delivery import FileDropOut, delivery_sweep
from app.sync.engine import Outcome, run_source
from app.sync.kinds import choice, code, day, decimal, document, key, text, whole
from app.sync.models import OutboxEvent, Quarantined, SyncBatch, SyncCheckpoint
from app.sync.outbox import Event, tell
from app.sync.projection import Projection

__all__ = [
    "Event",
    "Field",
    "FileDropOut",
    "OutboxEvent",
    "Outcome",
    "Projection",
    "Quarantined",
    "Reject",
    "Stream",
    "SyncBatch",
    "SyncCheckpoint",
    "choice",
    "code",
    "day",
    "decimal",
    "delivery_sweep",
    "document",
    "key",
    "run_source",
    "tell",
    "text",
    "whole",
]
