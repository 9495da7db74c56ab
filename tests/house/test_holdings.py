"""Every table that names a person is in somebody's holdings, or is excused in words."""

import re
from typing import Any

from flask import Flask

from app.database import Model
from app.feature import Feature
from app.privacy import Pii

PERSONAL = {Pii.PERSONAL, Pii.SENSITIVE}
NAMES_SOMEBODY = re.compile(r"(^|_)(account|resident)(_id)?$")


def about_people() -> set[str]:
    return {
        table.name
        for table in Model.metadata.sorted_tables
        for column in table.columns
        if column.info["pii"] in PERSONAL or NAMES_SOMEBODY.search(column.name)
    }


def test_what_is_held_of_a_person_is_handed_up(app: Flask) -> None:
    features: list[Feature] = app.extensions["linli.features"]
    held = {t for f in features for holding in f.holdings for t in holding.tables}
    excused = {each.table: each.why for f in features for each in f.excused}
    unnamed = about_people() - held - set(excused)
    assert not unnamed, f"name {sorted(unnamed)} in a holding of their feature, or excuse them"
    assert held & set(excused) == set()
    assert all(len(why) > 10 for why in excused.values())


def test_no_holding_and_no_excuse_is_of_a_table_that_is_none(app: Flask) -> None:
    features: list[Feature] = app.extensions["linli.features"]
    tables = {table.name for table in Model.metadata.sorted_tables}
    named = {t for f in features for holding in f.holdings for t in holding.tables}
    named |= {t for f in features for kept in f.kept for t in kept.tables}
    named |= {each.table for f in features for each in f.excused}
    assert named - tables == set()


def test_holdings_have_a_name_of_their_own_and_two_titles(app: Flask) -> None:
    features: list[Feature] = app.extensions["linli.features"]
    holdings = [holding for f in features for holding in f.holdings]
    assert len({each.name for each in holdings}) == len(holdings)
    assert all(each.title.zh and each.title.en for each in holdings)
    kept = [each for f in features for each in f.kept]
    assert all(each.basis and each.term.zh and each.what.en for each in kept)


NUMBERS = {"phone", "id_number", "phones", "id_numbers"}
HARMLESS = {
    "ProfileShape": "oneself, masked",
    "NotAcceptedShape": "the line of who is competent instead",
    "PointShape": "a service point's line",
    "NearPointShape": "a service point's line",
}


def answered(description: dict[str, Any]) -> dict[str, set[str]]:
    """Return the shapes that each operation answers with, however deep."""
    shapes = description["components"]["schemas"]

    def reached(part: object) -> set[str]:
        names = set(re.findall(r"#/components/schemas/(\w+)", str(part)))
        return names | {deep for name in names for deep in reached(shapes[name])}

    return {
        operation["operationId"]: reached(
            [answer for status, answer in operation["responses"].items() if status[0] == "2"]
        )
        for path in description["paths"].values()
        for operation in path.values()
        if isinstance(operation, dict) and "operationId" in operation
    }


def test_one_operation_shows_one_value_and_none_a_list_of_people(app: Flask) -> None:
    """There is no bulk export: what is revealed stands in no list and in no second answer."""
    description = app.extensions["linli.description"]()
    answers = answered(description)
    assert len(answers) > 50
    assert [name for name, shapes in answers.items() if "RevealedShape" in shapes] == [
        "rights.reveal_field"
    ]
    shapes = description["components"]["schemas"]
    assert set(shapes["RevealedShape"]["properties"]) == {"id", "field", "value"}
    assert shapes["RevealedShape"]["properties"]["value"]["type"] == "string"
    for operation, names in answers.items():
        for name in names - set(HARMLESS):
            told = NUMBERS & set(shapes[name].get("properties", {}))
            assert not told, f"{operation} answers {told} of people, in {name}: let it be revealed"
