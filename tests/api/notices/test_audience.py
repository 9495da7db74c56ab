"""Who is meant: the rule for one reader and the rule for many agree, whatever the audience."""

import uuid
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.database import read, transaction, write
from app.policy import Actor, Grant, Role
from notices.approval.publishing import publish_now
from notices.audience.people import WORDS
from notices.audience.reached import BY_OFFICE, IN_GRIDS, SINGLY, WORKERS, audience_of, grids_of
from notices.audience.reading import MEANT, READER, reader
from notices.audience.resolving import placed
from notices.editing import queries
from notices.editing.service import draft
from tests.notices_of import NEW, PATH, Client, age_everybody, codes, publish, slug, take, titles
from tests.people import NEIGHBOUR, RESIDENT, STAFF, WORKER, Person, account_of, staff_with
from tests.requests_of import file

EVERYBODY = """
SELECT r.id AS resident_id, h.id AS household_id, ar.path, ac.id AS account_id FROM resident r
JOIN household h ON h.sid = r.household_sid JOIN address ad ON ad.sid = h.address_sid
JOIN area ar ON ar.code = ad.grid_code LEFT JOIN account ac ON ac.resident_id = r.id
ORDER BY r.sid LIMIT 40
"""
SHOWN = f"""
WITH {READER} SELECT EXISTS (
  SELECT FROM keys k JOIN notice_target t ON t.place = k.place
  WHERE t.notice_id = %(notice)s AND {MEANT}) AS shown
"""
GRID = "DDHT-XQ-LT-C03-G2"
CONTACT = Person("19904140020", verified=False)
ENTERPRISES = """
SELECT ac.id AS account_id, array_agg(array_to_string(a.path, '/')) AS paths
FROM enterprise e JOIN area a ON a.code = e.area_code
JOIN account ac ON ac.id = e.contact_account_id
WHERE e.status = 'active' GROUP BY 1 ORDER BY 1
"""
PLAIN = {
    "areas": [],
    "divisions": [],
    "polygon": None,
    "households": [],
    "residents": [],
    "people": ["all"],
    "matters": [],
}
CONTENT = {
    **dict.fromkeys(("title_en", "body_en_md", "large_text", "read_aloud", "ack_by")),
    **dict.fromkeys(("publish_at", "expires_at")),
    **dict.fromkeys(("drill", "pinned", "needs_ack"), False),
    "title": "t",
    "body_md": "b",
    "kind": "general",
    "priority": "ordinary",
}


def square(lng: float, lat: float, half: float) -> dict[str, Any]:
    """Return a square around a place, WGS-84."""
    corners = [(-half, -half), (half, -half), (half, half), (-half, half), (-half, -half)]
    return {"crs": "wgs84", "points": [[lng + x, lat + y] for x, y in corners]}


def publish_to(staff: Actor, audience: dict[str, Any]) -> uuid.UUID:
    """Publish to an audience in one deed."""
    from app import clock

    with transaction():
        key = draft(staff, **CONTENT, audience={**PLAIN, **audience})
        row: Any = queries.one_managed(staff, key)
        publish_now(row, placed(row.audience), staff.account_id, clock.now())
    return key


def staff_actor() -> Actor:
    return Actor(account_of(STAFF), uuid.uuid4(), 1, (Grant(Role.DISTRICT_STAFF, "DDHT"),))


def reached_by(notice: uuid.UUID) -> set[uuid.UUID]:
    """Return all residents that the sets say a notice reaches."""
    audience = audience_of(notice)
    found = {row.resident_id for row in read(SINGLY, audience)}
    after = ""
    while grids := grids_of(audience, after, 50):
        more = {row.resident_id for row in read(IN_GRIDS, audience | {"grids": grids})}
        assert not found & more, "somebody is reached twice"
        found |= more
        after = grids[-1]
    return found


def test_one_and_many_agree(app: Flask, sign_in: Client) -> None:
    age_everybody()
    file(sign_in(RESIDENT), matter="RUBBISH")
    everybody = read(EVERYBODY)
    areas = [row.code for row in read("SELECT code FROM area")]
    divisions = [
        row.code for row in read("SELECT DISTINCT division_code AS code FROM area_division")
    ]
    families = sorted({row.household_id for row in everybody})
    audiences = st.fixed_dictionaries(
        {
            "areas": st.lists(st.sampled_from(areas), max_size=3),
            "divisions": st.lists(st.sampled_from(["210000000000", *divisions][1:]), max_size=2),
            "polygon": st.none()
            | st.builds(square, st.just(124.3508), st.just(40.0490), st.floats(0.001, 0.02)),
            "households": st.lists(st.sampled_from(families), max_size=2),
            "residents": st.lists(
                st.sampled_from([row.resident_id for row in everybody]), max_size=2
            ),
            "people": st.lists(
                st.sampled_from(WORDS),
                min_size=1,
                max_size=2,
            ),
            "matters": st.sampled_from([[], ["RUBBISH"]]),
        }
    ).filter(lambda found: any(found[n] for n in ("areas", "divisions", "households", "residents")))
    staff, both = staff_actor(), [0, 0]

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(audiences)
    def agree(audience: dict[str, Any]) -> None:
        notice = publish_to(staff, audience)
        reached = reached_by(notice)
        for row in everybody:
            actor = Actor(
                row.account_id or uuid.uuid4(),
                uuid.uuid4(),
                2,
                resident_id=row.resident_id,
                household_id=row.household_id,
                area_path=tuple(row.path),
            )
            shown = read(SHOWN, reader(actor) | {"notice": notice})[0].shown
            assert shown == (row.resident_id in reached), audience
            both[shown] += 1

    agree()
    assert min(both) > 50, "the audiences were too alike to prove anything"


def test_one_and_many_agree_on_who_acts_for_an_enterprise(app: Flask) -> None:
    contacts = [
        Actor(
            row.account_id,
            uuid.uuid4(),
            1,
            enterprise_paths=tuple(tuple(path.split("/")) for path in row.paths),
        )
        for row in read(ENTERPRISES)
    ]
    areas = sorted({code for each in contacts for path in each.enterprise_paths for code in path})
    linked = read("SELECT DISTINCT division_code AS code FROM area_division ORDER BY 1")
    divisions = [row.code for row in linked]
    audiences = st.fixed_dictionaries(
        {
            "areas": st.lists(st.sampled_from(areas), max_size=3),
            "divisions": st.lists(st.sampled_from(divisions), max_size=3),
            "people": st.sampled_from(
                [["enterprises"], ["enterprises", "all"], ["enterprises", "workers"], ["all"]]
            ),
        }
    ).filter(lambda found: found["areas"] or found["divisions"])
    staff, both = staff_actor(), [0, 0]

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(audiences)
    def agree(audience: dict[str, Any]) -> None:
        notice = publish_to(staff, audience)
        reached = {row.account_id for row in read(BY_OFFICE, audience_of(notice))}
        for actor in contacts:
            shown = read(SHOWN, reader(actor) | {"notice": notice})[0].shown
            assert shown == (actor.account_id in reached), audience
            both[shown] += 1

    agree()
    assert min(both) > 20, "the audiences were too alike to prove anything"


@pytest.mark.parametrize(
    ("people", "where"),
    [
        ("owners", "h.tenure = 'owner'"),
        ("tenants", "h.tenure = 'tenant'"),
        ("elders", "r.age_class = 'elder'"),
        (
            "guardians_of_children",
            "r.relation IN ('head', 'spouse') AND EXISTS (SELECT FROM resident c WHERE"
            " c.household_sid = r.household_sid AND c.relation = 'child'"
            " AND c.age_class = 'child')",
        ),
    ],
)
def test_people_are_those_whom_the_registers_say(app: Flask, people: str, where: str) -> None:
    age_everybody()
    notice = publish_to(staff_actor(), {"areas": ["DDHT-XQ"], "people": [people]})
    expected = read(
        "SELECT r.id FROM resident r JOIN household h ON h.sid = r.household_sid"
        " JOIN address ad ON ad.sid = h.address_sid JOIN area a ON a.code = ad.grid_code"
        f" WHERE 'DDHT-XQ' = ANY(a.path) AND {where}"
    )
    assert len(expected) > 5
    assert reached_by(notice) == {row.id for row in expected}


def test_workers_are_shown_what_is_for_their_place(app: Flask, sign_in: Client) -> None:
    """At their own area, over it, and in a grid within it."""
    worker = sign_in(WORKER)  # of DDHT-XQ-LT-C03
    for areas in (["DDHT-XQ"], ["DDHT-XQ-LT-C03"], [GRID]):
        notice = publish(sign_in, title=areas[0], audience={"areas": areas, "people": ["workers"]})
        assert titles(worker)[0] == areas[0]
        reached = {row.account_id for row in read(WORKERS, audience_of(notice["id"]))}
        assert account_of(WORKER) in reached
    publish(sign_in, title="x", audience={"areas": ["DDHT-XQ-LT-C01"], "people": ["workers"]})
    publish(sign_in, title="y")
    assert titles(worker) == [GRID, "DDHT-XQ-LT-C03", "DDHT-XQ"]
    assert titles(sign_in(RESIDENT)) == ["y"]


def test_whoever_filed_a_case_is_a_holder_of_its_matter(sign_in: Client) -> None:
    resident = sign_in(RESIDENT)
    audience = {"areas": ["DDHT"], "people": [], "matters": ["RUBBISH"]}
    refused = take(sign_in(STAFF), _drafted(sign_in, audience), "submission")
    assert (refused.status_code, slug(refused)) == (409, "audience-matches-nobody")
    file(resident, matter="RUBBISH")
    publish(sign_in, audience=audience)
    assert titles(resident) == ["停水通知"]
    assert titles(sign_in(NEIGHBOUR)) == []


def _drafted(sign_in: Client, audience: dict[str, Any]) -> dict[str, Any]:
    answer = sign_in(STAFF).post(PATH, {**NEW, "audience": audience})
    assert answer.status_code == 201, answer.json
    return dict(answer.json or {})


def test_who_acts_for_an_enterprise_is_shown_what_is_for_enterprises_of_its_area(
    sign_in: Client,
) -> None:
    """The resident leads one in the neighbour's grid; a contact is an account by its phone."""
    leader, contact = sign_in(RESIDENT), sign_in(CONTACT)
    there = read("SELECT area_code FROM enterprise WHERE sid = 'E00001'")[0].area_code
    assert there == NEIGHBOUR.facts["grid"]
    for areas in ([there], ["DDHT-DG"], ["DDHT"]):
        notice = publish(
            sign_in, title=areas[0], audience={"areas": areas, "people": ["enterprises"]}
        )
        assert titles(leader)[0] == areas[0]
        found = {row.account_id for row in read(BY_OFFICE, audience_of(notice["id"]))}
        assert account_of(RESIDENT) in found
        assert account_of(WORKER) not in found
    assert titles(contact) == ["DDHT"]
    assert titles(sign_in(NEIGHBOUR)) == ["DDHT"], "who lives there leads one in another sub-zone"
    publish(sign_in, title="x", audience={"areas": [there]})
    assert titles(leader)[0] == "DDHT", "who leads one there does not live there"
    seen = leader.get("/api/v1/inbox").headers["ETag"]
    publish(sign_in, title="y", audience={"areas": [there], "people": ["enterprises"]})
    again = leader.get("/api/v1/inbox", headers={"If-None-Match": seen})
    assert again.status_code == 200, "a poll hears of it"


def test_nobody_acts_for_an_enterprise_that_does_no_business(sign_in: Client) -> None:
    notice = _drafted(sign_in, {"areas": ["DDHT"], "people": ["enterprises"]})
    before = sign_in(STAFF).get(f"{PATH}/{notice['id']}/audience").json or {}
    assert (before["enterprises"], before["nobody"]) == (9, False), "whose phone is known"
    with transaction():
        write("UPDATE enterprise SET status = 'suspended' WHERE sid = 'E00001'")
    try:
        publish(sign_in, audience={"areas": ["DDHT"], "people": ["enterprises"]})
        assert titles(sign_in(RESIDENT)) == []
        with transaction():
            write("UPDATE enterprise SET valid_to = current_date WHERE status = 'active'")
        refused = take(sign_in(STAFF), notice, "submission")
        assert slug(refused) == "audience-matches-nobody"
    finally:
        with transaction():
            write("UPDATE enterprise SET status = 'active' WHERE sid = 'E00001'")
            write("UPDATE enterprise SET valid_to = NULL WHERE status = 'active'")


def test_a_person_and_a_household_are_reached_where_they_live(sign_in: Client) -> None:
    who = read(
        "SELECT r.id, h.id AS household FROM resident r JOIN household h ON h.sid = r.household_sid"
        " WHERE r.sid = 'R00000001'"
    )[0]
    local = sign_in(staff_with("district_staff", area="DDHT-QY"))
    for audience in ({"residents": [str(who.id)]}, {"households": [str(who.household)]}):
        publish(sign_in, audience=audience)
        assert slug(local.post(PATH, {**NEW, "audience": audience})) == "area-not-yours"
    assert titles(sign_in(RESIDENT)) == ["停水通知", "停水通知"]
    assert titles(sign_in(NEIGHBOUR)) == []
    unknown = {"residents": [str(uuid.uuid4())]}
    assert slug(sign_in(STAFF).post(PATH, {**NEW, "audience": unknown})) == "area-not-yours"


def test_a_division_reaches_the_areas_that_hang_on_it_today(sign_in: Client) -> None:
    resident, neighbour = sign_in(RESIDENT), sign_in(NEIGHBOUR)
    publish(sign_in, title="浪头镇", audience={"divisions": ["210603101000"]})
    publish(sign_in, title="丹东市", audience={"divisions": ["210600000000"]})
    assert titles(resident) == ["丹东市", "浪头镇"]
    assert titles(neighbour) == ["丹东市"]
    local = sign_in(staff_with("district_staff", area="DDHT-QY"))
    for division in ("210603101000", "210600000000", "110000000000"):
        body = {**NEW, "audience": {"divisions": [division]}}
        assert slug(local.post(PATH, body)) == "area-not-yours"


def test_a_drawn_outline_is_covered_by_areas_grids_and_the_dwellings_at_its_edge(
    app: Flask,
) -> None:
    outline = square(124.3508, 40.0490, 0.02)
    notice = publish_to(staff_actor(), {"polygon": outline})
    places = read("SELECT places, polygon FROM notice WHERE id = %(id)s", {"id": notice})[0]
    kinds = {place.partition(":")[0] if ":" in place else "area" for place in places.places}
    assert kinds == {"area", "address"}
    assert places.polygon["type"] == "Polygon"
    from app.privacy import vault

    points = outline["points"]
    inside = set()
    rows = read(
        "SELECT r.id, m.sid, m.lng_sealed, m.lat_sealed FROM src_addresses m"
        " JOIN household h ON h.address_sid = m.sid JOIN resident r ON r.household_sid = h.sid"
    )
    for row in rows:
        lng = float(vault.open("address.lng", row.sid, bytes(row.lng_sealed)))
        lat = float(vault.open("address.lat", row.sid, bytes(row.lat_sealed)))
        if points[0][0] <= lng <= points[2][0] and points[0][1] <= lat <= points[2][1]:
            inside.add(row.id)
    assert len(inside) > 20
    assert reached_by(notice) == inside


GRIDS_OF = """
SELECT a.code, p.polygon #> '{coordinates,0}' AS ring FROM area a
JOIN area_polygon p ON p.code = a.code WHERE a.level = 'grid' AND %(area)s = ANY(a.path)
"""


def test_an_area_whose_every_grid_lies_inside_stands_for_them(app: Flask) -> None:
    """Or a drawn city would be a row for each of its grids."""
    community = "DDHT-XQ-LT-C03"
    grids = read(GRIDS_OF, {"area": community})
    assert len(grids) > 1
    lngs, lats = zip(*(point for each in grids for point in each.ring), strict=True)
    west, south, east, north = min(lngs), min(lats), max(lngs), max(lats)
    box = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    notice = publish_to(staff_actor(), {"polygon": {"crs": "wgs84", "points": box}})
    row = read("SELECT places FROM notice WHERE id = %(id)s", {"id": notice})[0]
    assert community in row.places
    assert not {each.code for each in grids} & set(row.places)


@pytest.mark.parametrize(
    ("outline", "code"),
    [
        ({"crs": "wgs84", "points": square(124.35, 40.05, 0.01)["points"][:4]}, "open-ring"),
        ({"crs": "wgs84", "points": [[124.35, 40.05], [124.36, 40.05]]}, "too-few-points"),
        ({"crs": "wgs84", "points": [[124.35, 40.05]] * 501}, "too-many-points"),
        (
            {"crs": "wgs84", "points": [[y, x] for x, y in square(124.35, 40.05, 0.01)["points"]]},
            "swapped-axes",
        ),
        (square(124.35, 41.05, 0.01), "outside-the-district"),
        (square(124.35, 40.05, 1.0), "outside-the-district"),
        (
            {
                "crs": "wgs84",
                "points": [
                    *([124.35, 40.05], [124.36, 40.06], [124.36, 40.05], [124.35, 40.06]),
                    [124.35, 40.05],
                ],
            },
            "self-intersection",
        ),
        ({"crs": "wgs84", "points": [[124.35, 40.05]] * 4}, "not-a-polygon"),
    ],
)
def test_an_outline_that_cannot_be_used_is_refused_by_name(
    sign_in: Client, outline: dict[str, Any], code: str
) -> None:
    answer = sign_in(STAFF).post(PATH, {**NEW, "audience": {"polygon": outline}})
    assert (answer.status_code, slug(answer)) == (422, "outline-refused")
    assert codes(answer) == {"/audience/polygon": code}


def test_an_outline_over_another_area_is_not_the_local_staffs(sign_in: Client) -> None:
    local = sign_in(staff_with("district_staff", area="DDHT-QY"))
    body = {**NEW, "audience": {"polygon": square(124.3508, 40.0490, 0.01)}}
    assert slug(local.post(PATH, body)) == "area-not-yours"


def test_who_moves_away_stops_seeing_it(sign_in: Client) -> None:
    publish(sign_in)
    resident = sign_in(RESIDENT)
    assert titles(resident) == ["停水通知"]
    with transaction():
        write(MOVE, {"sid": "R00000001", "home": "H0000002"})
    try:
        assert titles(resident) == []
    finally:
        with transaction():
            write(MOVE, {"sid": "R00000001", "home": "H0000001"})


MOVE = "UPDATE resident SET household_sid = %(home)s WHERE sid = %(sid)s"
