"""What the ground itself hands to the factory."""

from app.areas.feature import FEATURE as AREAS
from app.feature import Feature
from app.housekeeping import HOUSEKEEPING
from app.http.idempotency import IdempotencyKey
from app.identity.feature import FEATURE as IDENTITY
from app.identity.sms import PrintGateway, sms_sweep
from app.privacy import AuditEntry
from app.settings import Settings
from app.sync import (
    FileDropOut,
    OutboxEvent,
    Quarantined,
    SyncBatch,
    SyncCheckpoint,
    delivery_sweep,
)
from app.sync.routes import POLICY, exchange

BOOKS = (SyncCheckpoint, SyncBatch, Quarantined, OutboxEvent, AuditEntry, IdempotencyKey)


def ground_features(settings: Settings) -> tuple[Feature, ...]:
    """Return areas, identity, and the exchange with the sweeps that need settings."""
    transport = FileDropOut(settings.exchange_out)
    sweeps = [delivery_sweep(lambda: transport), HOUSEKEEPING]
    if settings.sms == "print":
        gateway = PrintGateway(settings.sms_copy)
        sweeps.append(sms_sweep(lambda: gateway))
    return (
        AREAS,
        IDENTITY,
        Feature("exchange", BOOKS, (exchange,), POLICY, sweeps=tuple(sweeps)),
    )
