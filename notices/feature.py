"""Notices, as handed to the factory."""

from app.feature import Feature
from notices.models import Notice, NoticeTarget, Receipt
from notices.policy import POLICY
from notices.routes import notices
from notices.sweeps import EXPIRY

FEATURE = Feature(
    "notices",
    (Notice, NoticeTarget, Receipt),
    blueprints=(notices,),
    policy=POLICY,
    sweeps=(EXPIRY,),
)
