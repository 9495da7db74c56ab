"""One's own data, as handed to the factory."""

from flask import current_app

from app.feature import Feature
from app.rights.commands import privacy_group
from app.rights.exports import export_sweep
from app.rights.kept import EXCUSED, KEPT
from app.rights.models import Erasure, HoldingsExport, Reveal
from app.rights.own import HOLDINGS
from app.rights.reveals import resident_in_sight
from app.rights.routes import POLICY, rights

FEATURE = Feature(
    "rights",
    (HoldingsExport, Reveal, Erasure),
    blueprints=(rights,),
    policy=POLICY,
    sweeps=(export_sweep(lambda: current_app.extensions["linli.features"]),),
    commands=(privacy_group,),
    holdings=HOLDINGS,
    kept=KEPT,
    excused=EXCUSED,
    persons={"resident": resident_in_sight},
)
