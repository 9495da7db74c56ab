"""Who one is, and what one agreed to."""

from typing import Any

from app.errors import TooMany
from app.http.blueprint import Blueprint, mark
from app.http.guard import current_actor
from app.http.idempotency import idempotent
from app.identity import service
from app.identity.refusals import GuardianNeeded, LevelNeeded
from app.identity.schemas import PhoneSharing, ProfileShape
from app.identity.sign_in.routes import phone_of
from app.policy import Role, Rows, Scope

identity = Blueprint("identity", __name__, url_prefix="/api/v1", description="身份 · Identity")

OWN = {Role.RESIDENT: Scope.SELF}

POLICY: Rows = {
    ("identity.show_me", "GET"): OWN | {Role.UNPROVED: Scope.SELF},
    ("identity.share_phone", "POST"): OWN,
    ("identity.stop_sharing_phone", "DELETE"): OWN,
}

EXAMPLE_ID = "018f6d2e-7c1a-7b3e-9a52-2f1de6c3a001"
ME = {
    "account_id": EXAMPLE_ID,
    "level": 2,
    "roles": ["resident"],
    "name": "冯*",
    "id_number": "210*************25",
    "shares_phone": False,
    "areas": [
        {
            "code": "DDHT-XQ-LT",
            "name": "浪头镇",
            "name_en": "Langtou Town",
            "level": "street",
            "parent_code": "DDHT-XQ",
        }
    ],
    "register_as_of": "2026-11-23T01:00:00+00:00",
}


@identity.get("/me")
@identity.answer(200, ProfileShape, example=ME)
def show_me() -> service.Profile:
    """Show who the platform takes the caller for, masked."""
    return service.profile(current_actor())


@identity.post("/me/phone-sharing")
@idempotent
@identity.refuses(LevelNeeded, GuardianNeeded, TooMany)
@identity.body(PhoneSharing, example={"phone": "199 0415 0001"})
@identity.answer(204)
def share_phone(body: dict[str, Any]) -> None:
    """Agree that the district learns the phone of this account."""
    service.share_phone(current_actor(), phone_of(body["phone"]))


@identity.delete("/me/phone-sharing")
@identity.answer(204)
def stop_sharing_phone() -> None:
    """Withdraw that consent; the district is told. Without a consent there is nothing to do."""
    service.stop_sharing_phone(current_actor())


mark(share_phone, "x-limited", True)
