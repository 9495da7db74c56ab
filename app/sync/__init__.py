"""Exchange with the district: its records in, our outcomes out. Knows no feature.

Here is what features need: contracts, projections, and telling. What reads sources (inward) loads
the columnar library, and so is imported by the commands that run it and by nothing else.
"""

from app.sync.contract.kinds import (
    FieldRefused,
    Kind,
    choice,
    code,
    day,
    decimal,
    document,
    key,
    text,
    whole,
)
from app.sync.contract.letters import Letters
from app.sync.contract.stream import Field, Forget, Need, Stream
from app.sync.inward.projection import Accompanied, Projection
from app.sync.outward.outbox import Event, forget_told, tell, withhold

__all__ = [
    "Accompanied",
    "Event",
    "Field",
    "FieldRefused",
    "Forget",
    "Kind",
    "Letters",
    "Need",
    "Projection",
    "Stream",
    "choice",
    "code",
    "day",
    "decimal",
    "document",
    "forget_told",
    "key",
    "tell",
    "text",
    "whole",
    "withhold",
]
