"""One-time codes by text message: for one purpose, ten minutes, five tries, one use.

``issue`` sends one, ``spend`` takes it. Whoever asks for what a code guards names the purpose, and
the account if somebody is signed in: a code for signing in changes no password.
"""

from app.identity.codes.issuing import issue, issue_to_holder
from app.identity.codes.purposes import Purpose
from app.identity.codes.refusals import CodeRefused
from app.identity.codes.spending import spend

__all__ = ["CodeRefused", "Purpose", "issue", "issue_to_holder", "spend"]
