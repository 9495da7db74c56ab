"""The owner's answers to corrections, as records like any other."""

from collections.abc import Sequence

from app.calendar.deadlines import LimitUnit
from app.corrections.models import CorrectionLimit
from app.corrections.queries import ANSWER
from app.database import read, transaction, write
from app.privacy import Pii, audit, vault
from app.sync import Field, Projection, Stream, choice, day, text, whole

CAME = """
SELECT c.id, c.asked_by, s.sid, s.answer, s.reason_sealed FROM stage_rows s
JOIN correction c ON c.id::text = lower(s.sid) AND c.source = s.source
"""
CLOSE = """
UPDATE correction SET state = %(state)s, answered_at = now(),
  answer_sealed = CASE state WHEN %(state)s THEN coalesce(%(words)s, answer_sealed)
    ELSE %(words)s END, due_at = NULL, lease_until = NULL
WHERE id = %(id)s
"""


class _Answers:
    """Closes the tickets that were answered; a ticket that nobody knows is nobody's loss.

    Only the source whose record it is can answer: another one's word says nothing of it.
    """

    def arrived(self) -> None:
        """Close what was answered, with the owner's words."""
        with transaction():
            for row in read(CAME):
                words = row.reason_sealed and vault.open(PLACE, row.sid, bytes(row.reason_sealed))
                sealed = vault.seal_about(ANSWER, row.id, words, row.asked_by) if words else None
                write(CLOSE, {"id": row.id, "state": row.answer, "words": sealed})
                audit(None, f"correction-{row.answer}", "correction", row.id)

    def gone(self) -> None:
        """Leave a ticket answered: an answer taken back is a new answer."""

    def keys(self, record: str = "s") -> Sequence[str]:
        """Return what names the ticket."""
        return [f"{record}.sid"]

    def shown(self, record: str) -> str:  # noqa: ARG002  nothing needs an answer
        """Return that nothing of it is shown."""
        return "false"


REASON = Field("reason", text, required=False, pii=Pii.PERSONAL)
CORRECTION_ANSWERS = Stream(
    "correction_answers",
    "correction_answer",
    (Field("answer", choice("corrected", "declined"), pii=Pii.INTERNAL), REASON),
    _Answers(),
)
PLACE = CORRECTION_ANSWERS.place(REASON)

CORRECTION_LIMITS = Stream(
    "correction_limits",
    "correction_limit",
    (
        Field("count", whole(1, 10_000)),
        Field("unit", choice(*LimitUnit)),
        Field("legal_basis", text),
        Field("valid_from", day),
        Field("valid_to", day, required=False),
    ),
    Projection(
        CorrectionLimit,
        ("sid",),
        {
            **{name: f"s.{name}" for name in ("sid", "unit", "legal_basis")},
            "count": "s.count::int",
            "valid_from": "s.valid_from::date",
            "valid_to": "s.valid_to::date",
        },
        ends="valid_to",
    ),
)

STREAMS = (CORRECTION_ANSWERS, CORRECTION_LIMITS)
