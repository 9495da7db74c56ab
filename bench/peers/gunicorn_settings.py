"""The product's own gunicorn settings, without its step after the fork: peers hold no engine."""

import runpy
from pathlib import Path

globals().update(runpy.run_path(str(Path(__file__).resolve().parents[2] / "gunicorn.conf.py")))
del post_fork  # noqa: F821  came with the settings
