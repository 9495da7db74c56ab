"""What is said in one area is read in no other: not in a list, a count, an error or a header.

Notices to everybody of an area stand in its public feed; those of the canaries are to some.
"""

import json
from collections.abc import Mapping

import pytest
import shapely
from flask import Flask

from app.database import read
from tests.access.answers import Question, golden, operations
from tests.access.cast import BESIDE, GRID, OVER, Cast
from tests.people import PEOPLE
from tests.requests_of import NEW

PLACES = {"in": (GRID, OVER), "beside": (PEOPLE["neighbour"]["grid"], BESIDE)}
FILERS = {"in": "resident@own", "beside": "resident@beside"}
SECOND = {"in": "district_staff@zone", "beside": "district_staff@zone"}
WRITERS = {"in": "district_staff@over", "beside": "district_staff@beside"}
AT_HOME = ("in", "over", "own", "household", "next-door")
OUTLINE = "SELECT polygon FROM area_polygon WHERE code = %(code)s"
READS = [each for each in operations() if each.method == "GET"]


@pytest.fixture
def said(cast: Cast) -> Mapping[str, list[str]]:
    """File and publish in both areas words that stand nowhere else; return the keys made."""
    return {side: [_filed(cast, side), _published(cast, side)] for side in PLACES}


def word(what: str, side: str) -> str:
    """Return a word that stands nowhere else."""
    return f"kanarienvogel{what}{side}"


def _filed(cast: Cast, side: str) -> str:
    outline = read(OUTLINE, {"code": PLACES[side][0]})[0].polygon
    inside = shapely.from_geojson(json.dumps(outline)).representative_point()
    place = {"lng": round(inside.x, 6), "lat": round(inside.y, 6), "crs": "wgs84"}
    body = {**NEW, "words": word("request", side), "place": place}
    answer = cast.callers[FILERS[side]].post("/api/v1/requests", body)
    assert answer.status_code == 201, answer.json
    return str((answer.json or {})["request"]["id"])


def _published(cast: Cast, side: str) -> str:
    body = {
        "title": word("notice", side),
        "body_md": word("body", side),
        "audience": {"areas": [PLACES[side][1]], "people": ["owners", "tenants"]},
    }
    writer, second = cast.callers[WRITERS[side]], cast.callers[SECOND[side]]
    made = writer.post("/api/v1/notices", body).json or {}
    path = f"/api/v1/notices/{made['id']}"
    for caller, step in ((writer, "submission"), (second, "approval"), (second, "publication")):
        seen = cast.callers[SECOND[side]].get(path).json or {}
        answer = caller.post(f"{path}/{step}", version=seen["version"])
        assert answer.status_code == 200, answer.json
    return str(made["id"])


def foreign(who: str) -> list[str]:
    """Return the sides whose words somebody must never read."""
    role, _, side = who.partition("@")
    if side == "zone":
        return []
    if side == "beside":
        return ["in"]
    if role == "department_handler":
        return []  # a department's cases lie in every area; notices are not theirs to manage
    return ["beside"] if side in AT_HOME else ["in", "beside"]


def test_each_word_is_read_by_somebody(
    app: Flask, cast: Cast, said: Mapping[str, list[str]]
) -> None:
    """Or the canaries would be silent for a reason of their own."""
    read_by_all = "".join(
        _everything(app, cast, who, said) for who in ("resident@own", "resident@beside")
    )
    for side in PLACES:
        for what in ("request", "notice", "body"):
            assert word(what, side) in read_by_all


def test_no_word_of_another_area_is_in_any_answer(
    app: Flask, cast: Cast, said: Mapping[str, list[str]]
) -> None:
    heard = [
        (who, word(what, side))
        for who, _ in cast
        for text in [_everything(app, cast, who, said)]
        for side in foreign(who)
        for what in ("request", "notice", "body")
        if word(what, side) in text
    ]
    assert heard == []


def _everything(app: Flask, cast: Cast, who: str, said: Mapping[str, list[str]]) -> str:
    """Return every body and header that somebody gets from every reading operation."""
    texts = []
    for operation in READS:
        question = Question(app, cast, operation, made=False)
        keys = [key for keys in said.values() for key in keys] if question.names_a_thing else [None]
        for key in keys:
            answer = question.answer(who, key)
            texts += [answer.get_data(as_text=True), str(answer.headers)]
    return "\n".join(texts)


def test_every_reading_operation_is_asked() -> None:
    assert {each for each in golden() if each.method == "GET"} == set(READS)
