"""What the edge promises on every answer, and whom it believes."""

from collections.abc import Callable
from dataclasses import replace

import wsgi
from app.database import conninfo_of, read
from app.factory import assemble
from app.geo.nearness import metres_between
from app.settings import Settings
from tests.people import NEIGHBOUR, RESIDENT, Caller, Person
from tests.requests_of import PLACE, file

Client = Callable[[Person], Caller]


def networks(settings: Settings, proxies: int) -> int:
    """Return how many networks two callers with forwarded addresses are counted as."""
    app = assemble(replace(settings, proxies=proxies), wsgi.FEATURES)
    with app.app_context():
        for address, phone in (("203.0.113.7", "19999990011"), ("203.0.113.8", "19999990012")):
            answer = Caller(app).post(
                "/api/v1/sign-in/challenges",
                {"phone": phone},
                headers={"X-Forwarded-For": f"198.51.100.1, {address}"},
            )
            assert answer.status_code == 202
    sql = "SELECT count(DISTINCT who) AS n FROM attempt_counter WHERE kind = 'code-network'"
    return int(read(sql)[0].n)


def test_a_forwarded_address_is_believed_of_our_own_proxy_only(
    nobody: Caller, settings: Settings
) -> None:
    assert networks(settings, proxies=0) == 1
    assert networks(settings, proxies=1) == 1 + 2


def test_nothing_is_cached_sniffed_or_referred(nobody: Caller) -> None:
    for path in ("/healthz", "/nowhere", "/api/v1/me", "/api/v1/areas"):
        headers = nobody.get(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"


def test_an_empty_answer_has_no_kind(sign_in: Client) -> None:
    answer = sign_in(RESIDENT).delete("/api/v1/sessions/current")
    assert (answer.status_code, answer.get_data()) == (204, b"")
    assert "Content-Type" not in answer.headers


def test_no_number_of_questions_finds_the_exact_place(sign_in: Client) -> None:
    """Distance and order are those of the place rounded to some 100 m, and so is the cursor."""
    exact = (PLACE[0] + 0.0004, PLACE[1] + 0.0003)
    file(sign_in(RESIDENT), place={"lng": exact[0], "lat": exact[1], "crs": "wgs84"})
    neighbour, rounded = sign_in(NEIGHBOUR), (round(exact[0], 3), round(exact[1], 3))
    for here in (exact, (exact[0] + 0.003, exact[1]), (exact[0], exact[1] - 0.004)):
        page = neighbour.get(f"/api/v1/requests?near={here[0]:.6f},{here[1]:.6f}&crs=wgs84").json
        assert page is not None
        item = page["items"][0]
        assert (item["lng"], item["lat"]) == rounded
        told = item["metres"]
        assert abs(told - metres_between(here, rounded)) <= 1
        assert abs(told - metres_between(here, exact)) > 1


def test_a_servers_socket_may_lie_in_a_folder_with_spaces() -> None:
    url = "postgresql+psycopg://postgres@/linli?host=%2Fhome%2Fmy%20city%2Fsocket&port=5432"
    assert "host='/home/my city/socket'" in conninfo_of(url)
    assert "password=p@ss" in conninfo_of("postgresql://u:p%40ss@db.example:5433/linli")
