"""What a feed is made of: entries that stand, and those that were taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file of a notice. ``url`` stays for as long as the notice can be read."""

    url: str
    name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A notice in a feed. ``root_id`` stays when it is corrected, ``updated_at`` does not."""

    root_id: UUID
    title: str
    html: str
    summary: str
    published_at: datetime
    updated_at: datetime
    emergency: bool
    url: str
    attachments: Sequence[Enclosure] = ()


@dataclass(frozen=True, slots=True)
class Gone:
    """A notice that was withdrawn."""

    root_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """The feed of an area; every link is absolute."""

    area_code: str
    area_name: str
    home: str
    url: str
    updated_at: datetime
    entries: Sequence[Entry]
    gone: Sequence[Gone] = ()

    @property
    def title(self) -> str:
        """Return what a reader calls it."""
        return f"{self.area_name} · 通知公告"
