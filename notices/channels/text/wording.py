"""What a text message says, and how many parts it costs (GSM 03.40: UCS-2, 70 or 67 a part)."""

from notices.channels.protocol import Message

SIGNATURE = "【邻里】"
ALONE, CHAINED = 70, 67
MOST_PARTS = 4
ELLIPSIS = "…"


def units(text: str) -> int:
    """Return the length as gateways count it: in UTF-16, where an emoji is two."""
    return len(text.encode("utf-16-le")) // 2


def parts(text: str) -> int:
    """Return how many messages a text costs."""
    length = units(text)
    return 1 if length <= ALONE else -(-length // CHAINED)


def wording(message: Message, url: str) -> str:
    """Return the text: signature, drill or emergency, title, what fits of the rest, where to read.

    The link is never cut; of the words, what does not fit into four parts is.
    """
    urgent = "【紧急】" if message.emergency else ""
    head, tail = f"{SIGNATURE}{urgent}{message.headline}", f" {url}"
    room = MOST_PARTS * CHAINED - units(tail)
    text = f"{head}:{' '.join(message.summary.split())}" if message.summary else head
    return _cut(text, room) + tail


def _cut(text: str, room: int) -> str:
    if units(text) <= room:
        return text
    kept = text[:room]
    while units(kept) > room - 1:
        kept = kept[:-1]
    return kept + ELLIPSIS
