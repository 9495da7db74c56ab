"""The channels of an installation, opened by its settings."""

from collections.abc import Callable

from app.settings import Settings
from app.sms.gateway import SmsGateway
from notices.channels.line import Line
from notices.channels.protocol import Channel, Channels
from notices.channels.push.sender import WebPush
from notices.channels.push.vapid import Vapid
from notices.channels.text.sender import TextMessages
from notices.channels.webhooks.sender import Webhooks
from notices.channels.wechat.sender import WeChat
from notices.channels.wechat.tokens import Tokens


def open_channels(
    settings: Settings, gateway: Callable[[], SmsGateway] | None, line: Line | None = None
) -> Channels:
    """Return the channels that the settings name; webhooks are always one."""
    line = line or Line()
    found: list[Channel] = [Webhooks(line, settings.public_url)]
    if settings.vapid_key is not None:
        found.append(WebPush(Vapid(settings.vapid_key, settings.vapid_subject), line))
    if settings.wechat_app:
        tokens = Tokens(line, settings.wechat_url, settings.wechat_app, settings.wechat_secret)
        found.append(
            WeChat(line, tokens, settings.wechat_url, settings.wechat_template, settings.public_url)
        )
    if gateway is not None:
        found.append(TextMessages(gateway, settings.public_url))
    return Channels(tuple(found))
