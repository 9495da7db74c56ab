"""A child's account is theirs by name while a guardian who consented is one (个人信息保护法 31).

The register may stop showing a guardian, and a corrected number may make somebody a child: the deed
that brings it, or that reckons the age, looks at whom it touches. The account stays, at its phone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.database import read, write
from app.identity.ages import AgeClass
from app.identity.guardianship import STANDS, State
from app.privacy import audit
from app.sync import Accompanied

WARDS = f"""
SELECT wd.sid FROM {{stage}} s JOIN resident r ON r.sid = s.sid
JOIN guardianship gs ON gs.guardian_resident_id = r.id AND gs.state = '{State.STANDING}'
JOIN resident wd ON wd.id = gs.ward_resident_id
UNION SELECT r.sid FROM {{stage}} s JOIN resident r ON r.sid = s.sid
JOIN guardianship gs ON gs.ward_resident_id = r.id AND gs.state = '{State.STANDING}'
"""  # noqa: S608  constants of ours
UNBIND = f"""
UPDATE account a SET resident_id = NULL, level = 1 FROM resident c
WHERE c.sid = ANY(%(sids)s) AND c.age_class = '{AgeClass.CHILD}' AND a.resident_id = c.id
  AND NOT EXISTS (SELECT FROM guardianship gs
    JOIN guardian_consent k ON k.guardianship_id = gs.id AND k.withdrawn_at IS NULL
    JOIN resident gd ON gd.id = gs.guardian_resident_id
    JOIN resident wd ON wd.id = gs.ward_resident_id
    WHERE gs.ward_resident_id = c.id AND {STANDS}) RETURNING a.id
"""  # noqa: S608  constants of ours


def unbind_children(sids: Sequence[str]) -> None:
    """Unbind the accounts of those of these residents who are children nobody consented for.

    In the deed of the caller; each is audited.
    """
    for row in write(UNBIND, {"sids": list(sids)}) if sids else ():
        audit(None, "child-unbound", "account", row.id)


@dataclass(frozen=True, slots=True)
class Guarded(Accompanied):
    """Carries residents over, and looks at the children whose guardian may be none any more."""

    def arrived(self) -> None:
        """Project the residents in ``stage_rows``."""
        self.rows.arrived()
        unbind_children(_wards_in("stage_rows"))

    def gone(self) -> None:
        """Delete the residents in ``stage_gone``."""
        wards = _wards_in("stage_gone")  # while those who go can still be found
        self.rows.gone()
        unbind_children(wards)


def _wards_in(stage: str) -> list[str]:
    return [row.sid for row in read(WARDS.format(stage=stage))]
