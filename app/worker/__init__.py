"""One process that sweeps what is due; any number of them on any number of machines."""

from app.worker.due import (
    DueWork,
    LeaseLost,
    claim,
    deal_with_each,
    finish,
    park,
    put_off,
    release,
    retry,
    wake,
)
from app.worker.loop import leave_at_rest, run_worker
from app.worker.sweep import Sweep

__all__ = [
    "DueWork",
    "LeaseLost",
    "Sweep",
    "claim",
    "deal_with_each",
    "finish",
    "leave_at_rest",
    "park",
    "put_off",
    "release",
    "retry",
    "run_worker",
    "wake",
]
