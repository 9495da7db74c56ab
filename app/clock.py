"""What time it is. Stored in UTC, shown and reckoned in Asia/Shanghai."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """Return this instant in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return the calendar day in the district."""
    return now().astimezone(SHANGHAI).date()
