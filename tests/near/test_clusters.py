"""Clusters are true counts of the public view, in whatever order transactions commit."""

import random
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from app.database import read, transaction, write
from community.requests.lifecycle import OPEN
from community.requests.near import counting
from community.requests.near.cells import FAR, MOST_CLUSTERS, ROW_BITS, Box, Cells, _Layer
from community.requests.near.counting import counts
from community.requests.near.sweeps import fold_cells
from tests.near.scattering import scatter, set_state
from tests.people import RESIDENT, Caller, Person
from tests.requests_of import PLACE, file

Client = Callable[[Person], Caller]
ALL = Box(124.0, 39.5, 125.0, 40.5)
TRUE = """
SELECT round(lng::numeric * 1000)::int AS x, round(lat::numeric * 1000)::int AS y, matter_code,
  count(*)::int AS n FROM service_request
WHERE state = ANY(%(open)s) AND NOT confidential GROUP BY 1, 2, 3
"""


def true_counts() -> dict[tuple[int, int, str], int]:
    rows = read(TRUE, {"open": [str(state) for state in OPEN]})
    return {(row.x, row.y, row.matter_code): row.n for row in rows}


def each_of(layer: _Layer) -> Iterator[tuple[tuple[int, int], int]]:
    """Yield the cells of a layer, also those that hold nothing."""
    for key, n in zip(layer._key.tolist(), layer._n.tolist(), strict=True):
        yield ((key & (1 << ROW_BITS) - 1) - FAR, key >> ROW_BITS), n


def held() -> dict[tuple[int, int, str], int]:
    cells = counts._cells
    assert cells is not None
    found = {
        (*cell, matter): n
        for matter, layer in cells._of_matter.items()
        for cell, n in each_of(layer)
    }
    return {key: n for key, n in found.items() if n}


def look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "STALE_AFTER_S", 0.0)
    counts.clusters(ALL, 10, None)


def total(answer: Any) -> int:
    return sum(item["n"] for item in answer.json["items"])


def test_clusters_count_what_the_public_view_shows(
    sign_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "STALE_AFTER_S", 0.0)
    resident = sign_in(RESIDENT)
    file(resident)
    spots = [{"lng": PLACE[0] + n % 7 / 200, "lat": PLACE[1] + n % 5 / 200} for n in range(60)]
    keys = scatter([*spots, {**spots[0], "confidential": True}, {**spots[0], "state": "settled"}])
    url = "/api/v1/requests/clusters?bbox=124.2,39.9,124.6,40.2&crs=wgs84"
    for zoom in (0, 9, 12, 15, 22):
        answer = resident.get(f"{url}&zoom={zoom}")
        assert answer.status_code == 200, answer.json
        assert total(answer) == 61, zoom
    close = "/api/v1/requests/clusters?bbox=124.33,40.03,124.40,40.08&crs=wgs84&zoom=15"
    for where, expected in ((f"{url}&zoom=8", 1), (close, 35)):
        assert len(resident.get(where).json["items"]) == expected  # type: ignore[index]
    assert total(resident.get(f"{url}&zoom=12&matter=RUBBISH")) == 61
    assert total(resident.get(f"{url}&zoom=12&matter=HEAT-COLD")) == 0
    set_state(keys[0], "withdrawn")
    assert total(resident.get(f"{url}&zoom=12")) == 60
    west = PLACE[0] + 0.012
    half = f"/api/v1/requests/clusters?bbox={west:.4f},39.9,124.6,40.2&crs=wgs84&zoom=12"
    inside = sum(1 for spot, key in zip(spots, keys, strict=False) if spot["lng"] >= west)
    assert total(resident.get(half)) == inside


def test_a_cluster_stays_where_it_is_when_the_map_is_moved() -> None:
    dice = random.Random(3)
    cells = Cells([(124300 + dice.randrange(90), 40000 + dice.randrange(70), "A", 1)
                   for _ in range(500)])  # fmt: skip
    one = cells.clusters(Box(124.2, 39.9, 124.5, 40.2), 13, None)[1]
    other = cells.clusters(Box(124.21, 39.92, 124.52, 40.18), 13, None)[1]
    assert one == other
    assert sum(cluster.n for cluster in one) == 500


def test_a_question_for_too_many_clusters_is_answered_from_further_away() -> None:
    cells = Cells([(x, y, "A", 1) for x in range(124000, 124400) for y in range(39900, 40100)])
    zoom, found = cells.clusters(Box(124.0, 39.9, 124.4, 40.1), 22, None)
    assert zoom < 22
    assert len(found) <= MOST_CLUSTERS
    assert sum(cluster.n for cluster in found) == 80_000
    _, found = cells.clusters(Box(-179.0, -89.0, 179.0, 89.0), 22, None)
    assert sum(cluster.n for cluster in found) == 80_000


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("bbox=124.2,39.9,124.6,40.2&zoom=12", 422),
        ("bbox=124.2,39.9,124.6&crs=wgs84&zoom=12", 422),
        ("bbox=124.2,39.9,124.6,40.2&crs=wgs84&zoom=23", 422),
        ("bbox=124.6,39.9,124.2,40.2&crs=wgs84&zoom=12", 400),
    ],
)
def test_a_box_that_is_none_is_refused(sign_in: Client, query: str, status: int) -> None:
    assert sign_in(RESIDENT).get(f"/api/v1/requests/clusters?{query}").status_code == status


def test_every_way_of_changing_a_request_is_counted(
    sign_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A trigger counts, so whatever statement changes a request, the counts follow."""
    file(sign_in(RESIDENT))
    look(monkeypatch)
    keys = scatter([{"lng": PLACE[0] + n / 500, "lat": PLACE[1]} for n in range(12)])
    statements = (
        "UPDATE service_request SET lng = lng + 0.01 WHERE id = %(id)s",
        "UPDATE service_request SET matter_code = 'HEAT-COLD' WHERE id = %(id)s",
        "UPDATE service_request SET confidential = true WHERE id = %(id)s",
        "UPDATE service_request SET confidential = false WHERE id = %(id)s",
        "DELETE FROM service_request WHERE id = %(id)s",
    )
    for number, statement in enumerate(statements):
        with transaction():
            write(statement, {"id": keys[min(number, 2) if number < 4 else 4]})
        look(monkeypatch)
        assert held() == true_counts(), statement
    for state in (*OPEN, "settled", "merged", "dispatched"):
        set_state(keys[5], str(state))
        look(monkeypatch)
        assert held() == true_counts(), state


def test_the_trigger_knows_which_states_are_open(app: Flask) -> None:
    source = read("SELECT prosrc FROM pg_proc WHERE proname = 'service_request_changed'")[0].prosrc
    listed = source.split("OLD.state IN (")[1].split(")")[0].replace("'", "").split(", ")
    assert sorted(listed) == sorted(str(state) for state in OPEN)


def test_folding_changes_no_count_for_whoever_goes_on_or_begins(
    sign_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    file(sign_in(RESIDENT))
    scatter([{"lng": PLACE[0] + n % 3 / 100, "lat": PLACE[1]} for n in range(30)])
    look(monkeypatch)
    before = held()
    assert fold_cells() == 0  # too young
    with transaction():
        write("UPDATE request_cell_change SET at = now() - interval '16 minutes'")
    assert fold_cells() == 31
    look(monkeypatch)
    assert held() == before == true_counts()
    counts.forget()
    look(monkeypatch)
    assert held() == before


def test_commits_out_of_order_are_each_counted_once(
    app: Flask, sign_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Transactions that begin early and end late, while this process looks again and again."""
    file(sign_in(RESIDENT))
    look(monkeypatch)
    keys = scatter([{"lng": PLACE[0] + n % 4 / 100, "lat": PLACE[1]} for n in range(24)])
    done = threading.Event()

    def worker(number: int) -> None:
        dice = random.Random(number)
        with app.app_context():
            for _ in range(12):
                key = keys[number * 6 + dice.randrange(6)]
                with transaction():
                    state = dice.choice(("settled", "dispatched", "claimed", "withdrawn"))
                    write(
                        "UPDATE service_request SET state = %(s)s, lng = lng + %(d)s"
                        " WHERE id = %(id)s",
                        {"s": state, "d": dice.choice((0, 0.01)), "id": key},
                    )
                    write("SELECT pg_sleep(%(s)s)", {"s": dice.uniform(0, 0.03)})

    threads = [threading.Thread(target=worker, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    looks = 0
    while any(thread.is_alive() for thread in threads):
        look(monkeypatch)
        assert min(held().values(), default=1) > 0
        looks += 1
    for thread in threads:
        thread.join()
    done.set()
    look(monkeypatch)
    assert looks > 5
    assert held() == true_counts()


def test_an_answer_says_of_which_moment_it_tells(sign_in: Client) -> None:
    resident = sign_in(RESIDENT)
    file(resident)
    url = "/api/v1/requests/clusters?bbox=124.2,39.9,124.6,40.2&crs=wgs84&zoom=12"
    first, again = (resident.get(url).json for _ in range(2))
    assert first is not None
    assert first == again
    assert first["as_of"]
