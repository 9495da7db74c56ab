"""One person acts for another: proposed, signed, used, and over at once when it is revoked."""

import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app import clock
from app.database import read, transaction, write
from app.identity.mandates import MandateRefused, principal_for
from app.identity.mandates.policy import SEEN_BY, may_see, seen_by
from app.policy import Actor
from app.privacy import vault
from tests.identity.households import (
    CHILD,
    OLD_PARENT,
    PARENT,
    SPOUSE,
    clerk_of,
    confirmed,
    proposed,
    resident_id,
    slug,
    wanted,
)
from tests.people import (
    NEIGHBOUR,
    NEWCOMER,
    PEOPLE,
    RESIDENT,
    STAFF,
    WORKER,
    Caller,
    Person,
    account_of,
    proved,
    staff_with,
)

Client = Callable[[Person], Caller]
PATH = "/api/v1/mandates"


def actor_of(person: Person) -> Actor:
    account = account_of(person)
    row = read("SELECT resident_id, level FROM account WHERE id = %(id)s", {"id": account})[0]
    return Actor(account, uuid.uuid4(), row.level, resident_id=row.resident_id)


def why(mandate: dict[str, Any], power: str = "file", matter: str | None = "RUBBISH") -> str | None:
    try:
        principal_for(actor_of(RESIDENT), uuid.UUID(mandate["id"]), power, matter)
    except MandateRefused as refused:
        return str(refused.facts["why"])
    return None


def code_sent() -> tuple[str, str]:
    """Return the phone and the code of the last message that waits to be sent."""
    row = read("SELECT reference, phone_sealed, text_sealed FROM sms_message ORDER BY id")[-1]
    words = vault.open("sms.text", row.reference, row.text_sealed)
    digits = next(part for part in words.replace(",", " ").split() if part.isdigit())
    return vault.open("sms.phone", row.reference, row.phone_sealed), digits


def test_a_principal_confirms_in_their_own_account(sign_in: Client) -> None:
    agent, principal = sign_in(RESIDENT), sign_in(OLD_PARENT)
    mandate = proposed(agent)
    assert (mandate["state"], mandate["side"], mandate["version"]) == ("proposed", "agent", 1)
    assert PARENT["name"] in mandate["text"]
    assert mandate["principal_name"] == "冯**"
    assert why(mandate) == "proposed"
    seen = principal.get(f"{PATH}?side=principal").json or {}
    assert [each["id"] for each in seen["items"]] == [mandate["id"]]
    answer = principal.post(f"{PATH}/{mandate['id']}/confirmation", version=1)
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"v2"')
    held = agent.get(f"{PATH}/{mandate['id']}").json or {}
    assert (held["state"], held["signed_how"]) == ("standing", "account")
    found = principal_for(actor_of(RESIDENT), uuid.UUID(mandate["id"]), "file", "RUBBISH")
    assert found.resident_id == resident_id(PARENT["sid"])
    assert found.account_id == account_of(OLD_PARENT)
    assert found.area_path[-1] == PEOPLE["resident"]["grid"]
    assert found.audited == {"acting_for": found.resident_id, "mandate": found.mandate_id}


def test_a_principal_without_an_account_confirms_by_a_code_to_the_registers_phone(
    sign_in: Client,
) -> None:
    agent = sign_in(RESIDENT)
    path = f"{PATH}/{proposed(agent)['id']}"
    asked = agent.post(f"{path}/codes")
    assert asked.status_code == 202
    assert OLD_PARENT.key not in asked.text
    phone, code = code_sent()
    assert phone == OLD_PARENT.key
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    assert slug(agent.post(f"{path}/code-confirmation", {"code": wrong})) == "mandate-code-refused"
    answer = agent.post(f"{path}/code-confirmation", {"code": code})
    assert (answer.json or {})["signed_how"] == "code"
    again = agent.post(f"{path}/code-confirmation", {"code": code})
    assert slug(again) == "mandate-step-refused"
    found = principal_for(actor_of(RESIDENT), uuid.UUID((answer.json or {})["id"]), "rate", "X")
    assert found.account_id is None


def test_a_code_is_tried_five_times_and_lives_ten_minutes(sign_in: Client) -> None:
    agent = sign_in(RESIDENT)
    path = f"{PATH}/{proposed(agent)['id']}"
    agent.post(f"{path}/codes")
    _, code = code_sent()
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for _ in range(5):
        agent.post(f"{path}/code-confirmation", {"code": wrong})
    assert slug(agent.post(f"{path}/code-confirmation", {"code": code})) == "mandate-code-refused"
    agent.post(f"{path}/codes")
    _, code = code_sent()
    with transaction():
        write("UPDATE mandate SET code_expires_at = code_expires_at - interval '10 minutes'")
    assert slug(agent.post(f"{path}/code-confirmation", {"code": code})) == "mandate-code-refused"
    agent.post(f"{path}/codes")
    assert slug(agent.post(f"{path}/codes")) == "too-many"


def test_without_a_phone_on_record_the_desk_signs_with_two_of_its_people(sign_in: Client) -> None:
    agent = sign_in(RESIDENT)
    with transaction():
        write("UPDATE src_residents SET phone_sealed = NULL WHERE sid = 'R00000004'")
    try:
        path = f"{PATH}/{proposed(agent)['id']}"
        assert slug(agent.post(f"{path}/codes")) == "phone-not-on-record"
    finally:
        sealed = vault.seal("resident.phone", PARENT["sid"], OLD_PARENT.key)
        with transaction():
            write(
                "UPDATE src_residents SET phone_sealed = %(sealed)s WHERE sid = 'R00000004'",
                {"sealed": sealed},
            )
    clerk, worker = proved(sign_in(clerk_of("DDHT-XQ-LT"))), proved(sign_in(WORKER))
    elsewhere = proved(sign_in(clerk_of("DDHT-DG-XX")))
    card = {"id_number": PARENT["id_number"]}
    assert elsewhere.get(path).status_code == 404
    assert elsewhere.post(f"{path}/desk-signatures", card, version=1).status_code == 404
    seen = clerk.get(path).json or {}
    assert (seen["side"], seen["text"]) == ("desk", None)
    others = {"id_number": PEOPLE["neighbour"]["id_number"]}
    refused = clerk.post(f"{path}/desk-signatures", others, version=1)
    assert slug(refused) == "identity-not-matched"
    first = clerk.post(f"{path}/desk-signatures", card, version=1)
    assert ((first.json or {})["state"], (first.json or {})["desk_signed_once"]) == (
        "proposed",
        True,
    )
    same = clerk.post(f"{path}/desk-signatures", card, version=2)
    assert slug(same) == "second-clerk-needed"
    assert slug(worker.post(f"{path}/desk-signatures", card, version=1)) == "stale-version"
    second = worker.post(f"{path}/desk-signatures", card, version=2)
    assert ((second.json or {})["state"], (second.json or {})["signed_how"]) == ("standing", "desk")
    facts = read("SELECT account_id FROM audit_entry WHERE deed LIKE 'mandate-%%' ORDER BY id")
    signers = [account_of(clerk_of("DDHT-XQ-LT")), account_of(WORKER)]
    assert [row.account_id for row in facts][1:] == signers


def test_two_clerks_at_once_make_one_signature(app: Flask, sign_in: Client) -> None:
    path = f"{PATH}/{proposed(sign_in(RESIDENT))['id']}"
    callers = [proved(sign_in(clerk_of("DDHT-XQ-LT"))), proved(sign_in(WORKER))]
    card = {"id_number": PARENT["id_number"]}
    answers: list[int] = []

    def sign(caller: Caller) -> None:
        with app.app_context():
            done = caller.post(f"{path}/desk-signatures", card, version=1)
            answers.append(done.status_code)

    threads = [threading.Thread(target=sign, args=(each,)) for each in callers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 412]
    row = read("SELECT state, version FROM mandate")[0]
    assert (row.state, row.version) == ("proposed", 2)


def test_a_member_of_staff_does_not_sign_for_their_own_agent_or_principal(
    sign_in: Client,
) -> None:
    with transaction():
        write(
            "UPDATE account SET resident_id = %(resident)s, level = 2 WHERE id = %(id)s",
            {"resident": resident_id("R00000002"), "id": account_of(WORKER)},
        )
    worker = proved(sign_in(WORKER))
    path = f"{PATH}/{proposed(worker)['id']}"
    card = {"id_number": PARENT["id_number"]}
    assert slug(worker.post(f"{path}/desk-signatures", card, version=1)) == "second-clerk-needed"


def test_no_member_of_staff_confirms_alone_as_if_they_were_the_principal(sign_in: Client) -> None:
    """A desk has one way: two of its people, each with the card, each proved once more."""
    mandate = proposed(sign_in(RESIDENT))
    path = f"{PATH}/{mandate['id']}/confirmation"
    for person in (WORKER, clerk_of("DDHT-XQ-LT"), STAFF):
        clerk = proved(sign_in(person))
        assert clerk.get(f"{PATH}/{mandate['id']}").status_code == 200, "it is in their sight"
        refused = clerk.post(path, version=1)
        assert (refused.status_code, slug(refused)) == (403, "mandate-not-yours"), person
    assert why(mandate) == "proposed"
    assert read("SELECT signed_by FROM mandate")[0].signed_by is None


@pytest.mark.parametrize("by", ["principal", "agent", "desk"])
def test_what_is_revoked_counts_no_more_at_the_next_request(sign_in: Client, by: str) -> None:
    agent, principal = sign_in(RESIDENT), sign_in(OLD_PARENT)
    mandate = confirmed(agent, principal)
    assert why(mandate) is None
    caller = {"principal": principal, "agent": agent}.get(by) or sign_in(clerk_of("DDHT-XQ-LT"))
    path = f"{PATH}/{mandate['id']}/revocation"
    assert slug(caller.post(path, version=1)) == "stale-version"
    assert caller.post(path, version=2).status_code == 200
    assert why(mandate) == ("resigned" if by == "agent" else "revoked")
    assert slug(caller.post(path, version=3)) == "mandate-step-refused"


def test_it_is_done_refused_or_withdrawn_by_those_whose_word_it_is(sign_in: Client) -> None:
    agent, principal = sign_in(RESIDENT), sign_in(OLD_PARENT)
    done = confirmed(agent, principal)
    assert agent.post(f"{PATH}/{done['id']}/completion", version=2).status_code == 200
    assert why(done) == "done"
    refused = proposed(agent)
    path = f"{PATH}/{refused['id']}"
    assert slug(agent.post(f"{path}/confirmation", version=1)) == "mandate-not-yours"
    assert slug(agent.post(f"{path}/completion", version=1)) == "mandate-step-refused"
    assert principal.post(f"{path}/refusal", version=1).status_code == 200
    assert why(refused) == "refused"
    withdrawn = proposed(agent)
    assert agent.post(f"{PATH}/{withdrawn['id']}/refusal", version=1).status_code == 200
    assert why(withdrawn) == "withdrawn"


def test_it_covers_the_named_matters_and_powers_only(sign_in: Client) -> None:
    held = confirmed(
        sign_in(RESIDENT), sign_in(OLD_PARENT), powers=["file", "read_notices"], matters=["RUBBISH"]
    )
    assert why(held) is None
    assert why(held, matter="HEAT-COLD") == "matter"
    assert why(held, matter=None) == "matter"
    assert why(held, power="rate") == "power"
    assert why(held, power="read_notices", matter=None) is None


def test_it_ends_at_midnight_in_shanghai(sign_in: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    today = clock.today()
    held = confirmed(
        sign_in(RESIDENT),
        sign_in(OLD_PARENT),
        valid_to=(today + timedelta(days=1)).isoformat(),
    )
    midnight = clock.now().astimezone(clock.SHANGHAI).replace(
        hour=0, minute=0, second=0, microsecond=0
    ) + timedelta(days=1)
    for moment, said in ((midnight - timedelta(seconds=1), None), (midnight, "expired")):
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment.astimezone(None))
        assert why(held) == said


def test_nobody_is_represented_who_has_left_the_register(sign_in: Client) -> None:
    held = confirmed(sign_in(RESIDENT), sign_in(OLD_PARENT))
    with transaction() as session:
        write(
            "UPDATE mandate SET principal_resident_id = %(gone)s", {"gone": uuid.uuid4()}
        )  # as if the record with that id had gone
        assert why(held) == "gone"
        session.rollback()


def test_what_was_entrusted_is_not_handed_on(sign_in: Client) -> None:
    held = confirmed(sign_in(RESIDENT), sign_in(OLD_PARENT))
    spouse = sign_in(SPOUSE)
    answer = spouse.post(PATH, wanted(mandate=held["id"]))
    assert slug(answer) == "redelegation-refused"
    second = proposed(spouse)  # the agent's word is not the principal's
    refused = sign_in(RESIDENT).post(f"{PATH}/{second['id']}/confirmation", version=1)
    assert refused.status_code == 404


def test_whose_number_it_is_is_told_to_nobody(sign_in: Client) -> None:
    agent = sign_in(RESIDENT)
    tries = [
        wanted(name="某某某"),
        wanted(id_number="11010519491231002X"),
        wanted(name=PEOPLE["resident"]["name"], id_number=PEOPLE["resident"]["id_number"]),
    ]
    answers = [agent.post(PATH, body) for body in tries]
    told = [{**(answer.json or {}), "instance": ""} for answer in answers]
    assert told[0] == told[1] == told[2]
    assert slug(answers[0]) == "identity-not-matched"
    assert read("SELECT count(*) AS n FROM mandate")[0].n == 0
    for _ in range(2):
        agent.post(PATH, wanted(name="某某某"))
    assert slug(agent.post(PATH, wanted())) == "too-many"


def test_each_proposal_that_cannot_be_is_refused_by_name(sign_in: Client) -> None:
    agent = sign_in(RESIDENT)
    minor = wanted(name=CHILD["name"], id_number=CHILD["id_number"])
    assert slug(agent.post(PATH, minor)) == "adults-only"
    assert slug(sign_in(NEWCOMER).post(PATH, wanted())) == "level-needed"
    proposed(agent)
    assert slug(agent.post(PATH, wanted())) == "mandate-proposed"
    far = clock.today() + timedelta(days=367)
    for changes, pointer in (
        ({"valid_to": far.isoformat()}, "/valid_to"),
        ({"valid_to": clock.today().isoformat()}, "/valid_to"),
        ({"powers": []}, "/powers"),
        ({"powers": ["sell"]}, "/powers/0"),
        ({"matters": []}, "/matters"),
        ({"id_number": "210603199003070010"}, "/id_number"),
    ):
        answer = sign_in(SPOUSE).post(PATH, wanted(**changes))
        assert answer.status_code == 422, changes
        assert (answer.json or {})["errors"][0]["pointer"] == pointer


def test_a_repeat_proposes_once(sign_in: Client) -> None:
    agent, key = sign_in(RESIDENT), str(uuid.uuid4())
    first, again = (agent.post(PATH, wanted(), key=key) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json == again.json
    assert read("SELECT count(*) AS n FROM mandate")[0].n == 1


def test_a_lapsed_proposal_cannot_be_confirmed_and_makes_room(
    sign_in: Client,
) -> None:
    agent, principal = sign_in(RESIDENT), sign_in(OLD_PARENT)
    first = proposed(agent)
    with transaction():
        write("UPDATE mandate SET lapses_at = now() - interval '1 second'")
    answer = principal.post(f"{PATH}/{first['id']}/confirmation", version=1)
    assert slug(answer) == "mandate-step-refused"
    assert proposed(agent)["state"] == "proposed"
    assert (agent.get(f"{PATH}/{first['id']}").json or {})["state"] == "lapsed"


def test_strangers_see_nothing_of_it(sign_in: Client) -> None:
    held = confirmed(sign_in(RESIDENT), sign_in(OLD_PARENT))
    path = f"{PATH}/{held['id']}"
    for person in (NEIGHBOUR, SPOUSE, NEWCOMER, staff_with("auditor")):
        stranger = sign_in(person)
        assert stranger.get(path).status_code == 404
        for deed in ("confirmation", "refusal", "revocation", "completion"):
            assert stranger.post(f"{path}/{deed}", version=2).status_code == 404
        assert stranger.post(f"{path}/codes").status_code == 404
        assert (stranger.get(PATH).json or {})["items"] == []
    card = {"id_number": PARENT["id_number"]}
    answer = sign_in(NEIGHBOUR).post(f"{path}/desk-signatures", card, version=2)
    assert (answer.status_code, slug(answer)) == (403, "role-not-allowed")
    assert why({"id": str(uuid.uuid4())}) == "unknown"


def test_may_see_and_seen_by_agree(sign_in: Client) -> None:
    confirmed(sign_in(RESIDENT), sign_in(OLD_PARENT))
    sql = f"""
    SELECT m.agent_account_id, m.principal_resident_id, ar.path AS home_path, {SEEN_BY} AS seen
    FROM mandate m JOIN resident p ON p.id = m.principal_resident_id
    JOIN household h ON h.sid = p.household_sid JOIN address ad ON ad.sid = h.address_sid
    JOIN area ar ON ar.code = ad.grid_code
    """
    found = set()
    people = (RESIDENT, OLD_PARENT, NEIGHBOUR, SPOUSE, NEWCOMER, WORKER, clerk_of("DDHT-DG-XX"))
    for person in people:
        actor = _as_loaded(person)
        row = read(sql, seen_by(actor))[0]
        assert bool(row.seen) == may_see(actor, row), person
        found.add(bool(row.seen))
    assert found == {True, False}


def _as_loaded(person: Person) -> Actor:
    from app.identity.actors import load_actor
    from tests.people import bearer

    bearer(person)
    account = account_of(person)
    sql = "SELECT id FROM sign_in_session WHERE account_id = %(id)s ORDER BY id DESC"
    return load_actor(account, read(sql, {"id": account})[0].id)
