"""Whether somebody has agreed: asked before each deed that needs it, of the words as they are now.

A consent to an earlier edition counts no more: it was to another purpose (PIPL 14). One that was
withdrawn stops the next deed; what was done before stays done (15), and a case keeps its place as
long as the archives want it (47).
"""

from uuid import UUID

from app.database import beyond, read
from app.identity.ages import CONSENTS_ALONE_FROM
from app.identity.guardians import wards_of
from app.policy import Actor
from app.rights.purposes import purpose_of
from app.rights.refusals import ConsentNeeded, NotAgreed

AGREED = """
SELECT 1 FROM consent c JOIN account a ON a.id = c.account_id
WHERE c.purpose = %(purpose)s AND c.edition >= %(edition)s AND c.withdrawn_at IS NULL
  AND c.child_id IS NOT DISTINCT FROM %(child)s AND {whose} LIMIT 1
"""
OF_ACCOUNT = AGREED.format(whose="a.id = %(account)s")
OF_RESIDENT = AGREED.format(whose="a.resident_id = %(resident)s AND a.suspended_at IS NULL")


def need_consent(actor: Actor, code: str, child: UUID | None = None) -> None:
    """Refuse an actor who has not agreed to a purpose, for themselves or for a child.

    Raises:
        ConsentNeeded
    """
    edition = purpose_of(code).edition
    about = {"account": actor.account_id, "purpose": code, "edition": edition, "child": child}
    if not read(OF_ACCOUNT, about):
        raise ConsentNeeded(purpose=code, edition=edition, child=child and str(child))


def need_guardians_consent(actor: Actor, ward: UUID) -> None:
    """Refuse a guardian who acts for a child under 14 without agreeing for it (PIPL 31).

    Raises:
        ConsentNeeded
    """
    if any(each.resident_id == ward and each.age < CONSENTS_ALONE_FROM for each in wards_of(actor)):
        need_consent(actor, "child-services", ward)


@beyond()
def need_agreement_of(resident: UUID, code: str) -> None:
    """Refuse staff what a person of the register has not agreed to.

    Raises:
        NotAgreed: they have not, or have no account in which they could.
    """
    about = {"resident": resident, "purpose": code, "edition": purpose_of(code).edition}
    if not read(OF_RESIDENT, about | {"child": None}):
        raise NotAgreed(purpose=code)
