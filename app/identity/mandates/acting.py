"""For whom somebody acts: asked anew on every request, so that what was revoked is over at once."""

from dataclasses import dataclass
from uuid import UUID

from app import clock
from app.identity.family.acting import ward_of
from app.identity.guardianship import STANDS
from app.identity.mandates import queries
from app.identity.mandates.lifecycle import Power, why_not
from app.identity.mandates.refusals import MandateRefused
from app.policy import Actor
from app.privacy import audit_acting

REPRESENTED = f"""
(EXISTS (SELECT FROM mandate m JOIN resident mp ON mp.id = m.principal_resident_id
   WHERE m.id = {{by}} AND m.agent_account_id = %(me)s AND m.state = 'standing'
     AND m.agent_resident_id = %(my_resident)s
     AND m.valid_from <= %(today)s AND m.valid_to > %(today)s AND '{{power}}' = ANY(m.powers))
 OR EXISTS (SELECT FROM guardianship gs JOIN resident wd ON wd.id = gs.ward_resident_id
   JOIN resident gd ON gd.id = gs.guardian_resident_id
   WHERE gs.id = {{by}} AND gs.guardian_resident_id = %(my_resident)s AND {STANDS}))
"""  # noqa: S608  constants of ours


@dataclass(frozen=True, slots=True)
class Principal:
    """The person for whom a deed is done, as the register has them now.

    ``account_id`` is None for whoever has no account, as many an old parent. ``area_path`` are
    the codes from the zone down to the home grid. ``as_guardian``: ``mandate_id`` names no mandate
    but a guardianship, which holds for every matter.
    """

    resident_id: UUID
    account_id: UUID | None
    mandate_id: UUID
    household_id: UUID | None = None
    area_path: tuple[str, ...] = ()
    as_guardian: bool = False

    @property
    def audited(self) -> dict[str, UUID]:
        """Return what the audit of each deed in the same request says besides, by itself."""
        basis = "guardianship" if self.as_guardian else "mandate"
        return {"acting_for": self.resident_id, basis: self.mandate_id}


def represented_by(column: str, power: Power) -> str:
    """Return SQL for many rows: the mandate or guardianship in ``column`` lets the actor do this.

    Its parameters are ``me``, ``my_resident`` and ``today``. Matters are not looked at: the row was
    made by that very mandate.
    """
    return REPRESENTED.format(by=column, power=power)


def principal_for(
    actor: Actor, mandate_id: UUID, power: Power | str, matter: str | None = None
) -> Principal:
    """Return for whom the actor acts by a mandate, if it covers the deed at this moment.

    The id of a guardianship does as well: a guardian acts for the ward in everything (民法典 34).

    Raises:
        MandateRefused: it does not; ``why`` says what is missing.
    """
    terms = queries.acting(actor, mandate_id)
    if terms is None:
        return _ward(actor, mandate_id)
    refused = why_not(terms, clock.now(), clock.today(), Power(power), matter)
    if refused is not None:
        raise MandateRefused(why=refused)
    return _noted(
        Principal(
            resident_id=terms.principal_resident_id,
            account_id=terms.account_id,
            mandate_id=terms.id,
            household_id=terms.household_id,
            area_path=tuple(terms.home_path or ()),
        )
    )


def _ward(actor: Actor, guardianship_id: UUID) -> Principal:
    found = ward_of(actor, guardianship_id)
    if found is None:
        raise MandateRefused(why="unknown")
    row, refused = found
    if refused is not None:
        raise MandateRefused(why=refused)
    return _noted(
        Principal(
            resident_id=row.ward_resident_id,
            account_id=row.ward_account_id,
            mandate_id=row.id,
            household_id=row.household_id,
            area_path=tuple(row.home_path or ()),
            as_guardian=True,
        )
    )


def _noted(principal: Principal) -> Principal:
    audit_acting.set(principal.audited)
    return principal
