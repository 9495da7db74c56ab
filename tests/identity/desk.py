"""A desk with two clerks, and what people show there."""

from typing import Any

from app.database import read
from tests.people import NEWCOMER, PEOPLE, Caller, Person, account_of

DESK = "DDHT-XQ-LT"
COLLEAGUE = Person("19999990021", verified=False)
PASSPORT = {
    "phone": NEWCOMER.key,
    "document": "passport",
    "number": "E12345678",
    "born": "1988-08-08",
    "name": "Anna Schmidt",
    "reason": "外籍居民,本人到窗口",
}
CARD = {
    "phone": "199 9999 0001",
    "document": "resident-card",
    "number": PEOPLE["resident"]["id_number"],
    "name": PEOPLE["resident"]["name"],
    "reason": "姓名含生僻字,线上核验未通过",
}


def proposed(clerk: Caller, body: dict[str, str]) -> Any:
    answer = clerk.post("/api/v1/desk/proofs", body)
    assert answer.status_code == 201, answer.json
    return answer


def confirm(clerk: Caller, proof: Any, number: str, version: int = 1, **said: Any) -> Any:
    path = f"{proof.headers['Location']}/confirmation"
    born = {} if proof.json["document"] == "resident-card" else {"born": PASSPORT["born"]}
    body = {"number": number, **born, **said}
    return clerk.post(path, body, version=version)


def standing(person: Person) -> tuple[int, bool]:
    row = read(
        "SELECT level, resident_id FROM account WHERE id = %(id)s", {"id": account_of(person)}
    )[0]
    return row.level, row.resident_id is not None
