"""A family's day, over HTTP: signing in, acting for a parent and for a child, and no longer."""

from collections.abc import Callable
from typing import Any

from flask import Flask

from app.database import read, transaction, write
from app.privacy import vault
from tests.identity.households import CHILD, OLD_PARENT, PARENT, SPOUSE, resident_id, slug, wanted
from tests.people import PEOPLE, RESIDENT, WORKER, Caller, Person
from tests.requests_of import NEW

Client = Callable[[Person], Caller]
REQUESTS = "/api/v1/requests"


def last_code() -> str:
    row = read("SELECT reference, text_sealed FROM sms_message ORDER BY id")[-1]
    words = vault.open("sms.text", row.reference, row.text_sealed)
    return next(part for part in words.replace(",", " ").split() if part.isdigit())


def signed_in(app: Flask, phone: str) -> Caller:
    """Sign in by a code, as a phone does."""
    nobody = Caller(app)
    asked = nobody.post("/api/v1/sign-in/challenges", {"phone": phone}).json or {}
    body = {"challenge_id": asked["challenge_id"], "code": last_code(), "device": "手机"}
    begun = nobody.post("/api/v1/sessions", body)
    assert begun.status_code == 201, begun.json
    return Caller(app, {"Authorization": f"Bearer {(begun.json or {})['access_token']}"})


def file_for(caller: Caller, mandate: str, **changes: Any) -> Any:
    return caller.post(REQUESTS, {**NEW, "mandate": mandate, **changes})


def audited(deed: str) -> dict[str, Any]:
    rows = read("SELECT facts FROM audit_entry WHERE deed = %(deed)s ORDER BY id", {"deed": deed})
    return dict(rows[-1].facts)


def test_a_daughter_acts_for_her_old_father_who_has_no_account(app: Flask) -> None:
    facts = PEOPLE["resident"]
    agent = signed_in(app, facts["phone"])
    me = {"name": facts["name"], "id_number": facts["id_number"]}
    assert agent.post("/api/v1/me/verification", me).status_code == 204
    proposed = agent.post("/api/v1/mandates", wanted()).json or {}
    assert slug(file_for(agent, proposed["id"])) == "mandate-refused"
    assert agent.post(f"/api/v1/mandates/{proposed['id']}/codes").status_code == 202
    path = f"/api/v1/mandates/{proposed['id']}"
    assert agent.post(f"{path}/code-confirmation", {"code": last_code()}).status_code == 200
    filed = file_for(agent, proposed["id"])
    assert filed.status_code == 201, filed.json
    request = f"{REQUESTS}/{(filed.json or {})['request']['id']}"
    assert agent.get(request).status_code == 200
    told = audited("request-file" if _has("request-file") else "request-dispatch")
    father = read("SELECT id FROM resident WHERE sid = %(sid)s", {"sid": PARENT["sid"]})[0].id
    assert (told["acting_for"], told["mandate"]) == (str(father), proposed["id"])

    father_himself = signed_in(app, OLD_PARENT.key)
    him = {"name": PARENT["name"], "id_number": PARENT["id_number"]}
    assert father_himself.post("/api/v1/me/verification", him).status_code == 204
    held = father_himself.get("/api/v1/mandates?side=principal").json or {}
    assert [each["state"] for each in held["items"]] == ["standing"]
    assert father_himself.post(f"{path}/revocation", version=2).status_code == 200
    assert (file_for(agent, proposed["id"]).json or {})["why"] == "revoked"
    assert agent.get(request).status_code == 404


def _has(deed: str) -> bool:
    return bool(read("SELECT 1 FROM audit_entry WHERE deed = %(deed)s", {"deed": deed}))


def test_a_mother_files_for_her_child_and_sees_it_until_the_guardianship_ends(
    app: Flask, sign_in: Client
) -> None:
    guardian = sign_in(RESIDENT)
    ward = {"name": CHILD["name"], "id_number": CHILD["id_number"]}
    guardianship = guardian.post("/api/v1/guardianships", ward).json or {}
    assert slug(file_for(guardian, guardianship["id"])) == "consent-needed"
    agreed = {"purpose": "child-services", "child": str(resident_id(CHILD["sid"]))}
    assert guardian.post("/api/v1/me/consents", agreed).status_code == 204
    filed = file_for(guardian, guardianship["id"])
    assert filed.status_code == 201, filed.json
    request = f"{REQUESTS}/{(filed.json or {})['request']['id']}"
    assert guardian.get(request).status_code == 200
    assert sign_in(SPOUSE).get(request).status_code == 404
    sql = "UPDATE resident SET age_class = %(age)s WHERE sid = %(sid)s"
    was = read("SELECT age_class FROM resident WHERE sid = %(sid)s", {"sid": CHILD["sid"]})[0]
    try:
        with transaction():
            write(sql, {"age": "adult", "sid": CHILD["sid"]})
        assert guardian.get(request).status_code == 404
    finally:
        with transaction():
            write(sql, {"age": was.age_class, "sid": CHILD["sid"]})
    path = f"/api/v1/guardianships/{guardianship['id']}"
    assert guardian.post(f"{path}/ending", version=1).status_code == 200
    assert (file_for(guardian, guardianship["id"]).json or {})["why"] == "ended"
    assert guardian.get(request).status_code == 404


def test_the_audit_names_nobody_where_nobody_is_acted_for(sign_in: Client) -> None:
    """What one request said of itself is not said of the next."""
    guardian = sign_in(RESIDENT)
    ward = {"name": CHILD["name"], "id_number": CHILD["id_number"]}
    guardianship = guardian.post("/api/v1/guardianships", ward).json or {}
    agreed = {"purpose": "child-services", "child": str(resident_id(CHILD["sid"]))}
    assert guardian.post("/api/v1/me/consents", agreed).status_code == 204
    assert file_for(guardian, guardianship["id"]).status_code == 201
    filed = guardian.post(REQUESTS, NEW).json or {}
    sql = "SELECT facts FROM audit_entry WHERE subject_id = %(id)s"
    found = read(sql, {"id": filed["request"]["id"]})
    assert found
    assert all("acting_for" not in row.facts for row in found)
    claimed = sign_in(WORKER).post(f"{REQUESTS}/{filed['request']['id']}/claim")
    assert claimed.status_code == 200
