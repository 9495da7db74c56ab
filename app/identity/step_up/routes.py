"""Second factors over HTTP: enrolled, and shown before a sensitive deed."""

from typing import Any

from app.errors import TooMany
from app.http.blueprint import Blueprint, mark
from app.http.guard import current_actor
from app.http.idempotency import idempotent
from app.http.step_up import stepped_up, stepped_up_by_phone
from app.identity.sign_in.routes import phone_of
from app.identity.step_up import enrolling, proving
from app.identity.step_up.refusals import AuthenticatorEnrolled, NoAuthenticator, ProofRefused
from app.identity.step_up.schemas import (
    EnrolmentShape,
    Proof,
    ProofPhone,
    ProofSent,
    RecoveryCodes,
)
from app.policy import Role, Rows, Scope

step_up = Blueprint("step_up", __name__, url_prefix="/api/v1", description="再次验证 · Step-up")

OWN = {Role.RESIDENT: Scope.SELF}

POLICY: Rows = {
    ("step_up.send_proof_code", "POST"): OWN,
    ("step_up.prove", "POST"): OWN,
    ("step_up.enrol_authenticator", "POST"): OWN,
    ("step_up.confirm_authenticator", "POST"): OWN,
    ("step_up.remove_authenticator", "DELETE"): OWN,
}

SECRET = {"secret": "JBSWY3DPEHPK3PXP", "address": "otpauth://totp/Linli:018f6d2e?secret=…"}


@step_up.post("/me/proof-codes")
@idempotent
@step_up.refuses(AuthenticatorEnrolled, TooMany)
@step_up.body(ProofPhone, example={"phone": "199 0410 0033"})
@step_up.answer(202, ProofSent, example={"expires_in": 600})
def send_proof_code(body: dict[str, Any]) -> dict[str, int]:
    """Send a code to the phone of the account, for whoever has no authenticator."""
    return {"expires_in": proving.send_code(current_actor(), phone_of(body["phone"]))}


@step_up.post("/me/proofs")
@idempotent
@step_up.refuses(ProofRefused, TooMany)
@step_up.body(Proof, example={"code": "042 117"})
@step_up.answer(204)
def prove(body: dict[str, Any]) -> None:
    """Prove once more who one is: sensitive deeds of this session pass for five minutes."""
    proving.prove(current_actor(), body["code"])


@step_up.post("/me/authenticator")
@stepped_up_by_phone
@idempotent
@step_up.refuses(AuthenticatorEnrolled)
@step_up.answer(201, EnrolmentShape, example=SECRET)
def enrol_authenticator() -> enrolling.Enrolment:
    """Begin to enrol an authenticator (TOTP): its secret, shown once."""
    return enrolling.enrol(current_actor())


@step_up.post("/me/authenticator/confirmation")
@stepped_up_by_phone
@idempotent
@step_up.refuses(NoAuthenticator, ProofRefused, TooMany)
@step_up.body(Proof, example={"code": "042117"})
@step_up.answer(200, RecoveryCodes, example={"recovery_codes": ["2345-6789-ABCD"]})
def confirm_authenticator(body: dict[str, Any]) -> dict[str, Any]:
    """Confirm the authenticator by a code of it; the answer has the recovery codes, this once."""
    return {"recovery_codes": enrolling.confirm(current_actor(), body["code"])}


@step_up.delete("/me/authenticator")
@stepped_up
@step_up.refuses(NoAuthenticator)
@step_up.answer(204)
def remove_authenticator() -> None:
    """Part with the authenticator and its recovery codes."""
    actor = current_actor()
    enrolling.remove(actor.account_id, actor.account_id)


for _limited in (send_proof_code, prove, confirm_authenticator):
    mark(_limited, "x-limited", True)
