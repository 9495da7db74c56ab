"""Corrections, as handed to the factory."""

from collections.abc import Callable, Sequence

from app.corrections.models import Correction, CorrectionLimit
from app.corrections.routes import POLICY, corrections
from app.corrections.service import forget
from app.corrections.sweeps import correction_sweeps
from app.corrections.sync import STREAMS
from app.feature import Feature
from app.sync import Stream


def corrections_feature(streams: Callable[[], Sequence[Stream]]) -> Feature:
    """Return the feature; ``streams`` are all that the installation knows, once it is put up."""
    return Feature(
        "corrections",
        (Correction, CorrectionLimit),
        blueprints=(corrections,),
        policy=POLICY,
        streams=STREAMS,
        sweeps=correction_sweeps(streams),
        forgets=(forget,),
    )
