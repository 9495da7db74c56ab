"""Notices, as handed to the factory."""

from app.feature import Feature
from notices.approval.routes import POLICY as APPROVING
from notices.approval.routes import approval
from notices.approval.sweeps import EXPIRY, SCHEDULE
from notices.editing.routes import POLICY as WRITING
from notices.editing.routes import notices
from notices.holdings import EXCUSED, HOLDINGS, KEPT, leave
from notices.inbox.routes import POLICY as READING
from notices.inbox.routes import inbox
from notices.model.models import (
    InboxState,
    Notice,
    NoticeAudience,
    NoticeChange,
    NoticeMark,
    NoticeReach,
    NoticeTarget,
    NoticeVersion,
    PastTarget,
    Receipt,
)

MODELS = (
    Notice,
    NoticeTarget,
    PastTarget,
    NoticeMark,
    NoticeChange,
    NoticeVersion,
    Receipt,
    InboxState,
    NoticeAudience,
    NoticeReach,
)

FEATURE = Feature(
    "notices",
    MODELS,
    blueprints=(notices, approval, inbox),
    policy={**WRITING, **APPROVING, **READING},
    sweeps=(SCHEDULE, EXPIRY),
    holdings=HOLDINGS,
    closings=(leave,),
    kept=KEPT,
    excused=EXCUSED,
)
