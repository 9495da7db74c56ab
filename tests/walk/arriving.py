"""The first steps: people arrive."""

from tests.walk.day import WHO, Day, new_key
from tests.walk.phone import Phone
from tests.walk.promises import expect
from tests.walk.sign_in import Sessions, not_too_often


def everybody_arrives(day: Day, sessions: Sessions) -> None:
    """All sign in by phone and code; residents are verified and so bound to their areas."""
    for who in WHO:
        phone, facts = day.phones[who], day.people[who]
        sessions.sign_in(phone, facts["phone"])
        if "id_number" in facts:
            _verify(day, phone, facts["name"], facts["id_number"])
            _lives_in(day, phone, facts["grid"], facts["street"])
        else:
            _serves_as(day, phone, facts["role"])


def _verify(day: Day, phone: Phone, name: str, id_number: str) -> None:
    body = {"name": name, "id_number": id_number}
    answer = phone.post("/api/v1/me/verification", body, Idempotency_Key=new_key())
    if answer.problem == "already-verified":
        day.tell.came(phone, answer, "on an earlier walk; nothing to do")
        return
    not_too_often(answer, "tries to be verified").must_be(204)
    day.tell.came(phone, answer, "matched to the population register")


def _lives_in(day: Day, phone: Phone, grid: str, street: str) -> None:
    me = phone.get("/api/v1/me").must_be(200)
    areas = {area["code"]: area["name"] for area in me.body["areas"]}
    shown = {name: me.body[name] for name in ("level", "name", "id_number")}
    day.tell.came(phone, me, shown | {"areas": " › ".join(areas.values())})
    expect(me.body["level"] == 2, "a verified resident has level 2")
    expect(list(areas)[-1:] == [grid] and street in areas, "bound to grid and areas by household")


def _serves_as(day: Day, phone: Phone, role: str) -> None:
    me = phone.get("/api/v1/me").must_be(200)
    day.tell.came(phone, me, {"roles": me.body["roles"]})
    expect(role in me.body["roles"], f"the district's staff list makes this phone a {role}")
