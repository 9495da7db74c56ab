"""Notices, as handed to the factory."""

from app.feature import Feature
from notices.acknowledgement.climbing import CLIMBING, PLANNING
from notices.acknowledgement.models import NoticeRung, NoticeVisit
from notices.acknowledgement.routes import POLICY as OWING
from notices.acknowledgement.routes import duties
from notices.approval.routes import POLICY as APPROVING
from notices.approval.routes import approval
from notices.approval.sweeps import EXPIRY, SCHEDULE
from notices.editing.attachment_routes import POLICY as ATTACHING
from notices.editing.attachment_routes import attachments
from notices.editing.routes import POLICY as WRITING
from notices.editing.routes import notices
from notices.holdings import EXCUSED, HOLDINGS, KEPT, leave
from notices.inbox.routes import POLICY as READING
from notices.inbox.routes import inbox
from notices.model.counting import NoticeAudience, NoticeReach
from notices.model.models import Notice, NoticeVersion
from notices.model.reading import InboxState, Receipt
from notices.model.targets import NoticeChange, NoticeMark, NoticeTarget, PastTarget
from notices.reach.freezing import FREEZING
from notices.reach.routes import POLICY as REACHING
from notices.reach.routes import reach

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
    NoticeRung,
    NoticeVisit,
)

FEATURE = Feature(
    "notices",
    MODELS,
    blueprints=(notices, attachments, approval, inbox, reach, duties),
    policy={**WRITING, **ATTACHING, **APPROVING, **READING, **REACHING, **OWING},
    sweeps=(SCHEDULE, EXPIRY, FREEZING, PLANNING, CLIMBING),
    holdings=HOLDINGS,
    closings=(leave,),
    kept=KEPT,
    excused=EXCUSED,
)
