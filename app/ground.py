"""What the ground itself hands to the factory."""

import os

from flask import current_app

from app.areas.feature import FEATURE as AREAS
from app.audits.feature import FEATURE as AUDITS
from app.corrections.feature import corrections_feature
from app.feature import Feature
from app.files.feature import FEATURE as FILES
from app.files.shelf import shelf
from app.housekeeping import HOUSEKEEPING
from app.http.idempotency import IdempotencyKey
from app.identity.feature import FEATURE as IDENTITY
from app.identity.ways_in import open_ways
from app.privacy import SubjectKey
from app.rights.feature import FEATURE as RIGHTS_OF_PEOPLE
from app.settings import Settings, SettingsRefused
from app.settings.section import ConfigRefused
from app.sms.delivery import sms_sweep
from app.sms.gateway import SmsGateway
from app.sms.http import http_gateway
from app.sms.models import SmsMessage
from app.sms.printing import PrintGateway
from app.sync.aside import Quarantined, SyncCode, SyncHeldKey, SyncHold, SyncSuppressed
from app.sync.connectors.config import read_configs
from app.sync.models import (
    SyncBatch,
    SyncBucket,
    SyncCheckpoint,
    SyncDrift,
    SyncLook,
    SyncRun,
    SyncSeen,
    SyncSource,
    SyncTally,
)
from app.sync.outward.delivery import delivery_sweep
from app.sync.outward.models import OutboxEvent
from app.sync.outward.protocol import Transport
from app.sync.outward.routes import POLICY as TOLD
from app.sync.outward.routes import outcomes
from app.sync.outward.transports import transport_of
from app.sync.outward.upkeep import upkeep_sweep
from app.sync.reconcile.models import SyncReport
from app.sync.reconcile.routes import POLICY as COMPARED
from app.sync.reconcile.routes import reconciliation
from app.sync.routes import POLICY, exchange
from app.turning.feature import FEATURE as TURNING
from app.worker import Sweep

BOOKS = (
    SyncSource,
    SyncCheckpoint,
    SyncRun,
    SyncBatch,
    Quarantined,
    SyncBucket,
    SyncTally,
    SyncSeen,
    SyncLook,
    SyncHold,
    SyncHeldKey,
    SyncSuppressed,
    SyncCode,
    SyncDrift,
    SyncReport,
    OutboxEvent,
    SubjectKey,
    IdempotencyKey,
)

BLUEPRINTS = (exchange, outcomes, reconciliation)
RIGHTS = {**POLICY, **TOLD, **COMPARED}


def ground_features(settings: Settings) -> tuple[Feature, ...]:
    """Return areas, identity, and the exchange with the sweeps that need settings."""
    shelf.use(settings)
    open_ways(settings.ways, os.environ)
    sweeps = (delivery_sweep(lambda: _way_out(settings)), upkeep_sweep(), HOUSEKEEPING)
    return (
        AREAS,
        FILES,
        AUDITS,
        IDENTITY,
        RIGHTS_OF_PEOPLE,
        TURNING,
        Feature("sms", (SmsMessage,), sweeps=_messages(settings)),
        corrections_feature(lambda: current_app.extensions["linli.streams"]),
        Feature("exchange", BOOKS, BLUEPRINTS, RIGHTS, sweeps=sweeps),
    )


def _messages(settings: Settings) -> tuple[Sweep, ...]:
    """Return the sweep that sends text messages, where a gateway is set."""
    if settings.sms == "off":
        return ()
    gateway = gateway_of(settings)
    return (sms_sweep(lambda: gateway),)


def gateway_of(settings: Settings) -> SmsGateway:
    """Return who carries text messages here.

    Raises:
        SettingsRefused: the gateway's address is none or is not safe, or its key is too short.
    """
    if settings.sms == "print":
        return PrintGateway(settings.sms_copy)
    try:
        return http_gateway(settings.sms_at, settings.sms_key)
    except ConfigRefused as fault:
        raise SettingsRefused(str(fault)) from None


def _way_out(settings: Settings) -> Transport:
    """Return the transport of the source that takes outcomes, or files in the exchange folder."""
    sources = read_configs(settings.sources, os.environ).values()
    out = next((config.out for config in sources if config.out is not None), None)
    return transport_of(out, settings)
