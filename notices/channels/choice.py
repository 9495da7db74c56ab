"""Which channels a notice takes: a table, since each of them costs somebody something."""

PUSH, WECHAT, WEBHOOK, SMS = "push", "wechat", "webhook", "sms"
NAMES = (PUSH, WECHAT, WEBHOOK, SMS)
TO_STRANGERS = (WEBHOOK,)
"""They take only what anybody may read: who keeps a system is none of those a notice is for."""

CHOICE: dict[bool, tuple[str, ...]] = {
    False: (PUSH, WECHAT, WEBHOOK),
    True: NAMES,
}
"""By whether it is an emergency. A text message costs money and wakes people: emergencies, and
those who have not acknowledged what they must (see the acknowledgement's own way)."""


def channels_for(emergency: bool) -> tuple[str, ...]:
    """Return the channels that a notice takes."""
    return CHOICE[emergency]
