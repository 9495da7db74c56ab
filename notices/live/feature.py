"""Live, as handed to the factory."""

from app.feature import Feature
from app.privacy import Excused
from notices.live.commands import live as command
from notices.live.models import LiveTicket
from notices.live.routes import POLICY, live

FEATURE = Feature(
    "live",
    (LiveTicket,),
    blueprints=(live,),
    policy=POLICY,
    commands=(command,),
    excused=(Excused("live_ticket", "lets a page in once, half a minute"),),
)
