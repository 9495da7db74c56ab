"""Proving who one is, alone or at a desk."""

from typing import Any
from uuid import UUID

from app.database import CursorRefused, Page
from app.errors import NotFound, TooMany
from app.http.blueprint import Blueprint, mark
from app.http.guard import current_actor
from app.http.idempotency import idempotent
from app.http.shapes import PageQuery
from app.http.step_up import stepped_up
from app.http.versions import etag, version_seen, versioned
from app.identity.documents import Document
from app.identity.real_name import desk, proofs, verifying, vouchers
from app.identity.real_name.refusals import (
    AlreadyVerified,
    AnotherClerkNeeded,
    DeskNotNamed,
    IdentityNotMatched,
    ProofDecided,
    ProofOpen,
    VoucherService,
    VouchersNotTaken,
)
from app.identity.real_name.schemas import (
    NewProof,
    NumberShown,
    ProofPage,
    ProofShape,
    Verification,
    Voucher,
)
from app.identity.refusals import GuardianNeeded
from app.identity.sign_in.routes import phone_of
from app.identity.sign_in.seats import SeatsTaken

real_name = Blueprint("real_name", __name__, url_prefix="/api/v1", description="实名 · Real names")

PROOF = {
    "id": "018f6d2e-7c1a-7b3e-9a52-2f1de6c3a001",
    "document": "passport",
    "area_code": "DDHT-XQ-LT",
    "reason": "外籍居民,本人持护照到窗口",
    "state": "proposed",
    "version": 1,
    "proposed_at": "2026-11-23T01:00:00+00:00",
    "lapses_at": "2026-11-24T01:00:00+00:00",
    "decided_at": None,
    "proposed_by_me": True,
}
SHOWN = {"number": "E12345678", "born": "1988-08-08"}

Answer = tuple[proofs.Proof, dict[str, str]]


@real_name.post("/me/verification")
@idempotent
@real_name.refuses(AlreadyVerified, IdentityNotMatched, GuardianNeeded, TooMany)
@real_name.body(Verification, example={"name": "冯凤", "id_number": "11010519491231002X"})
@real_name.answer(204)
def verify_me(body: dict[str, Any]) -> None:
    """Match the caller to the population register, and so to household, grid and areas.

    Whoever agrees at the same time that the district learns the account's phone says
    ``share_phone`` and the phone.
    """
    shared = phone_of(body["phone"] or "") if body["share_phone"] else None
    verifying.verify(current_actor(), body["name"], body["id_number"], shared)


@real_name.post("/me/network-identity")
@real_name.refuses(
    *(VouchersNotTaken, VoucherService, IdentityNotMatched),
    *(AlreadyVerified, GuardianNeeded, SeatsTaken, TooMany),
)
@real_name.body(Voucher, example={"voucher": "a-voucher-of-the-network-identity-service"})
@real_name.answer(204)
def prove_by_voucher(body: dict[str, Any]) -> None:
    """Prove the caller by a network identity voucher; no name and no number is asked for."""
    vouchers.prove_by_voucher(current_actor(), body["voucher"])


@real_name.post("/me/fresh-start")
@real_name.refuses(NotFound)
@real_name.answer(204)
def start_afresh() -> None:
    """Say that one is not who had this phone before: it begins a new account; sign in again."""
    verifying.start_afresh(current_actor())


@real_name.post("/desk/proofs")
@stepped_up
@idempotent
@real_name.refuses(
    *(AlreadyVerified, IdentityNotMatched, GuardianNeeded, DeskNotNamed),
    *(AnotherClerkNeeded, ProofOpen, TooMany),
)
@real_name.body(
    NewProof,
    example={
        "phone": "199 0415 0001",
        "document": "passport",
        "number": "E12345678",
        "born": "1988-08-08",
        "name": "ANNA SCHMIDT",
        "reason": "外籍居民,本人持护照到窗口",
    },
)
@real_name.answer(201, ProofShape, example=PROOF)
def propose_proof(body: dict[str, Any]) -> Answer:
    """Record, as the first of two clerks, that somebody showed a document at the desk."""
    phone, document = phone_of(body.pop("phone")), Document(body.pop("document"))
    made = desk.propose(current_actor(), phone=phone, document=document, **body)
    return made, {**etag(made.version), "Location": f"/api/v1/desk/proofs/{made.id}"}


@real_name.get("/desk/proofs")
@real_name.refuses(DeskNotNamed, CursorRefused)
@real_name.query(PageQuery)
@real_name.answer(200, ProofPage, example={"items": [PROOF], "next": None})
def list_proofs(query: dict[str, Any]) -> Page[proofs.Proof]:
    """List the proofs of the clerk's desks, the newest first."""
    return proofs.proofs(current_actor(), query["cursor"], query["limit"])


@real_name.get("/desk/proofs/<uuid:proof_id>")
@real_name.refuses(DeskNotNamed, NotFound)
@real_name.answer(200, ProofShape, example=PROOF)
def show_proof(proof_id: UUID) -> Answer:
    """Show a proof."""
    found = proofs.show(current_actor(), proof_id)
    return found, etag(found.version)


@real_name.post("/desk/proofs/<uuid:proof_id>/confirmation")
@stepped_up
@idempotent
@versioned
@real_name.refuses(
    *(DeskNotNamed, AnotherClerkNeeded, ProofDecided),
    *(IdentityNotMatched, GuardianNeeded, AlreadyVerified, TooMany),
)
@real_name.body(NumberShown, example=SHOWN)
@real_name.answer(200, ProofShape, example=PROOF | {"state": "confirmed", "version": 2})
def confirm_proof(proof_id: UUID, body: dict[str, Any]) -> Answer:
    """Confirm a colleague's proof by what is on the document: the account is raised to L2."""
    made = desk.confirm(current_actor(), proof_id, **body, seen=version_seen())
    return made, etag(made.version)


@real_name.post("/desk/proofs/<uuid:proof_id>/refusal")
@idempotent
@versioned
@real_name.refuses(DeskNotNamed, AnotherClerkNeeded, ProofDecided)
@real_name.answer(200, ProofShape, example=PROOF | {"state": "declined", "version": 2})
def decline_proof(proof_id: UUID) -> Answer:
    """Decline a colleague's proof: nothing changes for the account."""
    made = desk.decline(current_actor(), proof_id, version_seen())
    return made, etag(made.version)


for _limited in (verify_me, prove_by_voucher, propose_proof, confirm_proof):
    mark(_limited, "x-limited", True)
