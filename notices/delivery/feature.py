"""Delivery and its channels, as handed to the factory."""

from flask import current_app

from app.feature import Feature
from app.ground import gateway_of
from app.settings import Settings
from app.worker import Sweep
from notices.channels.choice import NAMES
from notices.channels.line import Line
from notices.channels.opened import open_channels
from notices.channels.preferences.models import NoticePreference
from notices.channels.preferences.routes import POLICY as WISHES
from notices.channels.preferences.routes import preferences
from notices.channels.protocol import Channels
from notices.channels.push.models import PushSubscription
from notices.channels.push.routes import POLICY as BROWSERS
from notices.channels.push.routes import push
from notices.channels.text.models import TextLedger
from notices.channels.webhooks.models import WebhookEndpoint
from notices.channels.webhooks.policy import POLICY as ENDPOINTS
from notices.channels.webhooks.routes import webhooks
from notices.channels.wechat.linking import exchange_codes
from notices.channels.wechat.models import WeChatLink, WeChatToken
from notices.channels.wechat.routes import POLICY as LINKS
from notices.channels.wechat.routes import wechat
from notices.delivery.models import (
    DeliveryCampaign,
    DeliveryChunk,
    DeliveryRetry,
)
from notices.delivery.routes import POLICY as GIVEN_UP
from notices.delivery.routes import delivery
from notices.delivery.sweeps import delivery_sweeps

KEPT = "linli.channels"


def channels_here() -> Channels:
    """Return the channels of this installation, opened when first asked for."""
    kept = current_app.extensions
    if KEPT not in kept:
        settings = _settings()
        gateway = gateway_of(settings) if settings.sms != "off" else None
        kept[KEPT] = open_channels(settings, (lambda: gateway) if gateway is not None else None)
    found: Channels = kept[KEPT]
    return found


def _settings() -> Settings:
    settings: Settings = current_app.extensions["linli.settings"]
    return settings


def _exchange() -> int:
    settings = _settings()
    if not settings.wechat_app:
        return 0
    return exchange_codes(Line(), settings.wechat_url, settings.wechat_app, settings.wechat_secret)


FEATURE = Feature(
    "delivery",
    (
        DeliveryCampaign,
        DeliveryChunk,
        DeliveryRetry,
        PushSubscription,
        WebhookEndpoint,
        TextLedger,
        WeChatLink,
        WeChatToken,
        NoticePreference,
    ),
    blueprints=(push, webhooks, wechat, preferences, delivery),
    policy={**GIVEN_UP, **BROWSERS, **ENDPOINTS, **LINKS, **WISHES},
    sweeps=(*delivery_sweeps(NAMES, channels_here), Sweep("wechat links", _exchange)),
)
