"""What the district was told of somebody, opened for that person's own copy."""

from collections.abc import Iterable
from typing import Any

import orjson

from app.privacy.holdings import Record
from app.privacy.vault import vault


def told_to_district(rows: Iterable[Any]) -> Iterable[Record]:
    """Yield rows of the outbox (``id``, ``payload_sealed`` and more) with the payload opened.

    It is None where it went with the key of its subject.
    """
    for row in rows:
        content = row._asdict()
        said = vault.opened("outbox.payload", row.id, content.pop("payload_sealed"))
        yield {**content, "payload": orjson.loads(said) if said else None}
