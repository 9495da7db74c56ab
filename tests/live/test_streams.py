"""Pages in a real process: told at once, of what is theirs, and of nothing else."""

import asyncio
from collections.abc import Callable

import pytest
from flask import Flask

from app import clock
from app.database import read, transaction, write
from app.http.tokens import issue_token
from tests.live.stream import Process, Stream, page, ticket_of
from tests.notices_of import done, publish, take
from tests.people import NEIGHBOUR, RESIDENT, SECOND_STAFF, STAFF, Caller, Person, account_of
from tests.surroundings import owner

Client = Callable[[Person], Caller]
HERE, THERE = {"areas": ["DDHT-XQ-LT"]}, {"areas": ["DDHT-DG"]}

MANY = """
WITH them AS (
  INSERT INTO account (phone_index, resident_id, level)
  SELECT decode(md5('live' || r.id), 'hex'), r.id, 2
  FROM resident r JOIN household h ON h.sid = r.household_sid
  JOIN address ad ON ad.sid = h.address_sid JOIN area a ON a.code = ad.grid_code
  WHERE 'DDHT-XQ-LT' = ANY(a.path) AND NOT EXISTS (
    SELECT FROM account x WHERE x.resident_id = r.id) LIMIT 200 RETURNING id)
INSERT INTO sign_in_session (id, account_id, device_sealed, started_at, refreshed_at, last_used_at,
  expires_at, refresh_hash)
SELECT gen_random_uuid(), id, '\\x00', %(now)s, %(now)s, %(now)s, %(now)s + interval '1 day',
  decode(md5(id::text), 'hex') FROM them RETURNING id, account_id
"""


def test_a_page_is_told_of_what_is_its_readers_and_of_nothing_else(
    process: Process, sign_in: Client
) -> None:
    with page(process, sign_in(RESIDENT)) as mine, page(process, sign_in(NEIGHBOUR)) as theirs:
        here = publish(sign_in, audience=HERE)
        there = publish(sign_in, audience=THERE)
        everywhere = publish(sign_in, audience={"areas": ["DDHT"]})
        assert [mine.notice(), mine.notice()] == [here["id"], everywhere["id"]]
        assert [theirs.notice(), theirs.notice()] == [there["id"], everywhere["id"]]
        done(take(sign_in(SECOND_STAFF), here, "withdrawal"))
        event = mine.next()
        assert event is not None
        assert (event.name, event.data) == ("unread", {}), "a withdrawal names no notice"


def test_a_ticket_lets_one_page_in_once(process: Process, sign_in: Client) -> None:
    path, cookie = ticket_of(sign_in(RESIDENT))
    assert process.slug(path, {"Cookie": "linli_live=guessed"}) == (401, "ticket-refused")
    assert process.slug(path) == (401, "sign-in-needed")
    Stream(process, path, cookie).close()
    assert process.slug(path, cookie) == (401, "ticket-refused")
    path, cookie = ticket_of(sign_in(RESIDENT))
    with transaction():
        write("UPDATE live_ticket SET expires_at = now()")
    assert process.slug(path, cookie) == (401, "ticket-refused")


def test_a_ticket_is_in_no_address_and_no_script_reads_it(sign_in: Client) -> None:
    answer = sign_in(RESIDENT).post("/api/v1/inbox/streams")
    path, cookie = (answer.json or {})["url"], answer.headers["Set-Cookie"]
    secret = cookie.split(";")[0].partition("=")[2]
    assert secret not in path
    for word in (f"Path={path}", "Secure", "HttpOnly", "SameSite=Strict", "Max-Age=30"):
        assert word in cookie
    assert read("SELECT 1 FROM live_ticket WHERE secret_hash = convert_to(%(s)s, 'UTF8')",
                {"s": secret}) == []  # fmt: skip


def test_tickets_that_nobody_uses_do_not_pile_up(sign_in: Client) -> None:
    caller = sign_in(RESIDENT)
    answers = [caller.post("/api/v1/inbox/streams").status_code for _ in range(11)]
    assert answers == [201] * 10 + [429]


def test_the_door_is_closed_by_default(process: Process, sign_in: Client) -> None:
    bearer = sign_in(RESIDENT).headers
    Stream(process, "/live", bearer).close()
    assert process.slug("/live") == (401, "sign-in-needed")
    assert process.slug("/live", {"Authorization": "Bearer x.y.z"}) == (401, "token-refused")
    assert process.slug("/live/not-a-ticket", bearer) == (400, "malformed")
    assert process.slug("/elsewhere", bearer) == (404, "not-found")
    assert process.slug("/live", {"X": "y" * 9000}) == (400, "malformed")


def test_what_was_missed_is_told_first_and_in_order(process: Process, sign_in: Client) -> None:
    with page(process, sign_in(RESIDENT)) as before:
        first = publish(sign_in, audience=HERE)
        before.next()
        event = before.next()
    assert event is not None
    assert event.data == {"id": first["id"]}
    missed = [publish(sign_in, audience=where)["id"] for where in (HERE, THERE, HERE)]
    with page(process, sign_in(RESIDENT), **{"Last-Event-ID": str(event.id)}) as again:
        assert [again.notice(), again.notice()] == [missed[0], missed[2]]
    with page(process, sign_in(RESIDENT), **{"Last-Event-ID": "999999"}) as lost:
        unknown = lost.next()
        assert unknown is not None
        assert unknown.name == "unread", "it cannot say what was missed, so the page asks"


def test_a_killed_ear_listens_again_and_misses_nothing(process: Process, sign_in: Client) -> None:
    kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
    with page(process, sign_in(RESIDENT)) as mine, owner() as server:
        for _ in range(2):
            assert server.execute(kill + " AND datname = current_database()").fetchall()
            notice = publish(sign_in, audience=HERE)
            assert mine.notice() == notice["id"]
            process.until(lambda: process.figures()["hears"])


def test_who_is_signed_out_is_told_and_told_nothing_more(process: Process, sign_in: Client) -> None:
    caller = sign_in(RESIDENT)
    with page(process, caller) as mine:
        assert caller.delete("/api/v1/sessions/current").status_code == 204
        events = list(iter(mine.next, None))
    assert [event.name for event in events] == ["unread", "over"]
    process.until(lambda: process.figures()["pages"] == 0)


def test_who_moves_out_is_told_nothing_more_of_that_place(
    process: Process, sign_in: Client
) -> None:
    with page(process, sign_in(RESIDENT)) as mine:
        mine.next()
        home = move(RESIDENT, home_of(NEIGHBOUR))
        try:
            hint = mine.next()  # sent when the register was asked anew
            assert hint is not None
            assert hint.name == "unread"
            publish(sign_in, audience=HERE)
            there = publish(sign_in, audience=THERE)
            assert mine.notice() == there["id"]
        finally:
            move(RESIDENT, home)


def home_of(person: Person) -> str:
    row = read(
        "SELECT r.household_sid FROM account a JOIN resident r ON r.id = a.resident_id"
        " WHERE a.id = %(id)s",
        {"id": account_of(person)},
    )[0]
    return str(row.household_sid)


def move(person: Person, home: str) -> str:
    """Have the register say that somebody lives elsewhere; return where they lived."""
    before = home_of(person)
    with transaction():
        write(
            "UPDATE resident SET household_sid = %(home)s"
            " WHERE id = (SELECT resident_id FROM account WHERE id = %(id)s)",
            {"home": home, "id": account_of(person)},
        )
    return before


def test_nobody_holds_more_than_five_pages(process: Process, sign_in: Client) -> None:
    bearer = sign_in(RESIDENT).headers
    open_pages = [Stream(process, "/live", bearer) for _ in range(5)]
    assert process.slug("/live", bearer) == (429, "too-many-streams")
    Stream(process, "/live", sign_in(NEIGHBOUR).headers).close()
    open_pages.pop().close()
    process.until(lambda: process.figures()["pages"] == 4)
    Stream(process, "/live", bearer).close()
    for each in open_pages:
        each.close()


def test_being_asked_to_end_ends_every_page_and_the_process(
    process: Process, sign_in: Client
) -> None:
    with page(process, sign_in(RESIDENT)) as mine, page(process, sign_in(NEIGHBOUR)) as theirs:
        assert process.stop() == 0
        for each in (mine, theirs):
            assert [event.name for event in iter(each.next, None)] == ["unread"]


def test_a_thousand_pages_are_told(app: Flask, process: Process, sign_in: Client) -> None:
    with transaction():
        sessions = write(MANY, {"now": clock.now()})
    assert len(sessions) == 200
    tokens = [issue_token(row.account_id, row.id) for row in sessions] * 5
    told: list[str] = []

    async def one(token: str, ready: asyncio.Semaphore) -> str:
        reader, writer = await asyncio.open_connection("127.0.0.1", process.port)
        writer.write(f"GET /live HTTP/1.1\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
        await reader.readuntil(b"event: unread")
        ready.release()
        data = (await reader.readuntil(b"event: notice\ndata: ")) and await reader.readline()
        writer.close()
        return data.decode()

    async def everybody() -> None:
        ready = asyncio.Semaphore(0)
        async with asyncio.timeout(240), asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(token, ready)) for token in tokens]
            for _ in tokens:
                await ready.acquire()
            assert (await asyncio.to_thread(process.figures))["pages"] == 1000
            notice = publish(sign_in, audience=HERE)
            told.append(notice["id"])
        assert {task.result() for task in tasks} == {f'{{"id":"{told[0]}"}}\n'}

    asyncio.run(everybody())


@pytest.mark.parametrize("role", [STAFF, Person("19999990003", verified=False)])
def test_who_lives_nowhere_is_let_in_and_told_nothing(
    process: Process, sign_in: Client, role: Person
) -> None:
    with page(process, sign_in(role)) as mine:
        publish(sign_in, audience={"areas": ["DDHT"]})
        assert process.stop() == 0
        assert [event.name for event in iter(mine.next, None)] == ["unread"]
