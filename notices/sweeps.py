"""What has expired leaves the inboxes for good, so that reading one does not grow with history."""

from app.database import transaction, write
from app.worker import Sweep

BATCH = 2000

EXPIRED = """
DELETE FROM notice_target WHERE (area_code, seq) IN (
  SELECT area_code, seq FROM notice_target WHERE expires_at < now() ORDER BY expires_at
  LIMIT %(batch)s FOR UPDATE SKIP LOCKED) RETURNING 1
"""


def _sweep_expired() -> int:
    with transaction():
        return int(len(write(EXPIRED, {"batch": BATCH})) == BATCH)


EXPIRY = Sweep("expired notices", _sweep_expired, every=600)
