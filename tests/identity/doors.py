"""Every door that takes a number, a phone, a name, a code or words: who knocks, and with what."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from app.database import read, transaction, write
from tests.identity.desk import PASSPORT
from tests.identity.households import SPOUSE, clerk_of, guarding, proposed, wanted
from tests.identity.test_bad_input import KEPT, LONG, NUL, NUMBERS, PHONES, SURROGATE
from tests.people import NEWCOMER, RESIDENT, WORKER, Caller, Person, account_of, proved

Client = Callable[[Person], Caller]
Opened = tuple[Caller, str]

MORE = (
    *("mandate", "guardianship", "guardian_consent", "added_grant", "reveal", "authenticator"),
    *("recovery_code", "proof_code", "correction", "holdings_export", "household_share"),
)
SUMS = " UNION ALL ".join(
    f"SELECT '{name}' AS name, md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) AS sum"
    f" FROM {name} t"
    for name in (*KEPT, *MORE)
)
NOBODYS = "210603199003070015"


@dataclass(frozen=True)
class Door:
    """Where somebody brings a value: who knocks, at which path, with what body, in which field."""

    name: str
    opened: Callable[[Client], Opened]
    takes: str
    body: dict[str, Any] = field(default_factory=dict)
    version: int | None = None

    def bring(self, sign_in: Client, value: object) -> tuple[Any, dict[str, str], dict[str, str]]:
        """Bring a value; return the answer, and what stood in the tables before and after."""
        caller, path = self.opened(sign_in)
        before = {row.name: row.sum for row in read(SUMS)}
        answer = caller.post(path, {**self.body, self.takes: value}, version=self.version)
        return answer, before, {row.name: row.sum for row in read(SUMS)}


def as_(person: Person, path: str) -> Callable[[Client], Opened]:
    return lambda sign_in: (proved(sign_in(person)), path)


def clerk(path: str) -> Callable[[Client], Opened]:
    return lambda sign_in: (proved(sign_in(clerk_of("DDHT-XQ-LT"))), path)


def mandate(deed: str) -> Callable[[Client], Opened]:
    def opened(sign_in: Client) -> Opened:
        path = f"/api/v1/mandates/{proposed(sign_in(RESIDENT))['id']}/{deed}"
        who = RESIDENT if deed == "code-confirmation" else clerk_of("DDHT-XQ-LT")
        return proved(sign_in(who)), path

    return opened


def guardianship(sign_in: Client) -> Opened:
    path = f"/api/v1/guardianships/{guarding(sign_in(SPOUSE))['id']}/desk-signatures"
    return proved(sign_in(clerk_of("DDHT-XQ-LT"))), path


def proof(sign_in: Client) -> Opened:
    account_of(NEWCOMER)
    first = proved(sign_in(clerk_of("DDHT-XQ-LT")))
    made = first.post("/api/v1/desk/proofs", PASSPORT)
    assert made.status_code == 201, made.json
    second = account_of(WORKER)
    with transaction():
        write(
            "INSERT INTO staff_grant (staff_sid, role, account_id, name_sealed, area_code,"
            " valid_from) VALUES ('DOORS', 'desk_clerk', %(id)s, 'x', 'DDHT-XQ-LT', '2024-01-01')"
            " ON CONFLICT DO NOTHING",
            {"id": second},
        )
    return proved(sign_in(WORKER)), f"{made.headers['Location']}/confirmation"


CARD = {**PASSPORT, "document": "resident-card", "number": NOBODYS, "born": None}
OWN_CODE = {"challenge_id": "018f6d2e-7c1a-7b3e-9a52-2f1de6c3a001", "code": "042117"}
WARD = {"name": "冯东", "id_number": NOBODYS}
GRANT = {
    "staff": "DD0015",
    "role": "grid_worker",
    "area_code": "DDHT-XQ-LT-C03",
    "valid_from": wanted()["valid_from"],
    "valid_to": wanted()["valid_to"],
    "reason": "支援相邻社区",
}
REVEAL = {
    "kind": "resident",
    "id": "018f6d2e-7c1a-7b3e-9a52-2f1de6c3a001",
    "field": "name",
    "reason": "visit",
    "words": "约定上门时间",
}


NUMBER_DOORS = (
    Door("a mandate", as_(RESIDENT, "/api/v1/mandates"), "id_number", wanted()),
    Door("a guardianship", as_(RESIDENT, "/api/v1/guardianships"), "id_number", WARD),
    Door("a principal's card", mandate("desk-signatures"), "id_number", version=1),
    Door("a child's card", guardianship, "id_number", version=1),
    Door("a card at a desk", clerk("/api/v1/desk/proofs"), "number", CARD),
    Door("oneself", as_(NEWCOMER, "/api/v1/me/verification"), "id_number", {"name": "张三"}),
)
PHONE_DOORS = (
    Door("one's own code", as_(RESIDENT, "/api/v1/me/codes"), "phone", {"purpose": "password"}),
    Door("the phone to move to", as_(RESIDENT, "/api/v1/me/codes"), "phone", {"purpose": "phone"}),
    Door("a proof code", as_(RESIDENT, "/api/v1/me/proof-codes"), "phone"),
    Door("sharing", as_(RESIDENT, "/api/v1/me/phone-sharing"), "phone"),
    Door("consent", as_(RESIDENT, "/api/v1/me/consents"), "phone", {"purpose": "phone-sharing"}),
    Door(
        "verification",
        as_(NEWCOMER, "/api/v1/me/verification"),
        "phone",
        {"name": "张三", "id_number": NOBODYS, "share_phone": True},
    ),
    Door("a desk", clerk("/api/v1/desk/proofs"), "phone", PASSPORT),
)
NAME_DOORS = (
    Door("a mandate", as_(RESIDENT, "/api/v1/mandates"), "name", wanted()),
    Door("a guardianship", as_(RESIDENT, "/api/v1/guardianships"), "name", WARD),
    Door("a desk", clerk("/api/v1/desk/proofs"), "name", PASSPORT),
)
SYSTEM = Person("19904100040", verified=False)
WORD_DOORS = (
    Door("why a grant", as_(SYSTEM, "/api/v1/grants"), "reason", GRANT),
    Door("why a cover", as_(WORKER, "/api/v1/covers"), "reason", {**GRANT, "staff": "DD0002"}),
    Door("why a proof", clerk("/api/v1/desk/proofs"), "reason", PASSPORT),
    Door("why a reveal", as_(WORKER, "/api/v1/reveals"), "words", REVEAL),
    Door("a device", as_(RESIDENT, "/api/v1/sessions"), "device", OWN_CODE),
    Door(
        "a device with a password",
        as_(RESIDENT, "/api/v1/sessions/password"),
        "device",
        {"phone": "19904150033", "password": "春江水暖鸭先知"},
    ),
    Door(
        "a device by a provider",
        as_(RESIDENT, "/api/v1/sessions/providers/wechat"),
        "device",
        {"provider_code": "0a1B2c3D"},
    ),
    Door("a proof's code", as_(RESIDENT, "/api/v1/me/proofs"), "code"),
    Door("an authenticator's code", as_(WORKER, "/api/v1/me/authenticator/confirmation"), "code"),
)
CODE_DOORS = (
    Door("setting a password", as_(RESIDENT, "/api/v1/me/password"), "code", OWN_CODE),
    Door("removing a password", as_(RESIDENT, "/api/v1/me/password/removal"), "code", OWN_CODE),
    Door("moving", as_(RESIDENT, "/api/v1/me/phone"), "new_code", OWN_CODE),
    Door("a principal's code", mandate("code-confirmation"), "code"),
)
WORDS = {"NUL": NUL, "half a pair": SURROGATE, "very long": LONG, "blank": " ", "a list": ["x"]}
NAMES = {**WORDS, "invisible": "\u200b", "a line": "冯\n东"}
CODES = {
    **WORDS,
    "five digits": "12345",
    "Arabic digits": "١٢٣٤٥٦",
    "a number": 123456,
    "a sign": "+12345",
}
ALL = (
    *((door, name, value) for door in NUMBER_DOORS for name, value in NUMBERS.items()),
    *((door, name, value) for door in PHONE_DOORS for name, value in PHONES.items()),
    *((door, name, value) for door in NAME_DOORS for name, value in NAMES.items()),
    *((door, name, value) for door in WORD_DOORS for name, value in WORDS.items()),
    *((door, name, value) for door in CODE_DOORS for name, value in CODES.items()),
)
