"""Feeds and alerts, as handed to the factory."""

from flask import current_app

from app.feature import Feature
from app.settings import Settings
from app.worker import Sweep
from notices.cap.alerts import write_due
from notices.cap.models import CapAlert
from notices.delivery.campaigns import EMERGENCY
from notices.feeds.routes import POLICY, feeds


def _write_alerts() -> int:
    settings: Settings = current_app.extensions["linli.settings"]
    return write_due(settings.public_url)


FEATURE = Feature(
    "feeds",
    (CapAlert,),
    blueprints=(feeds,),
    policy=POLICY,
    sweeps=(Sweep("alerts", _write_alerts, lane=EMERGENCY),),
)
