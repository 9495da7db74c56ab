"""Quiet hours: a person's own, every day, on the clock of Asia/Shanghai; they may span midnight."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from app.clock import SHANGHAI


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From a time of the day, with it, until another, without it. The two differ."""

    start: time
    end: time

    def ends(self, now: datetime) -> datetime | None:
        """Return when the quiet that reigns now ends, or None: there is none now."""
        here = now.astimezone(SHANGHAI)
        at = here.time()
        if self.start < self.end:
            reigns = self.start <= at < self.end
        else:
            reigns = at >= self.start or at < self.end
        if not reigns:
            return None
        day = here.date() + timedelta(days=at >= self.end)
        return datetime.combine(day, self.end, SHANGHAI)
