"""How often people may try is counted for good, whatever becomes of the try."""

import threading
from datetime import timedelta

import pytest
from flask import Flask

from app.database import db, read, transaction
from app.errors import Conflict, TooMany
from app.identity.limits import Limit, count, count_in_turn, network_of

HOURLY = Limit("trial-hour", 3, timedelta(hours=1))
DAILY = Limit("trial-day", 100, timedelta(days=1))


def tries(kind: str = "trial-hour") -> int:
    sql = "SELECT coalesce(sum(n), 0)::int AS n FROM attempt_counter WHERE kind = %(kind)s"
    return int(read(sql, {"kind": kind})[0].n)


def test_the_limit_is_what_it_says_and_tells_when_to_come_back(app: Flask) -> None:
    for _ in range(3):
        count("somebody", HOURLY)
    with pytest.raises(TooMany) as refusal:
        count("somebody", HOURLY, DAILY)
    assert 1 <= refusal.value.retry_after <= 3600
    count("somebody else", HOURLY)


def test_a_try_counts_against_every_limit_even_if_the_first_refuses(app: Flask) -> None:
    for _ in range(3):
        count("somebody", HOURLY, DAILY)
    with pytest.raises(TooMany):
        count("somebody", HOURLY, DAILY)
    assert (tries("trial-hour"), tries("trial-day")) == (4, 4)


def _counted_and_refused() -> None:
    with transaction():
        count("somebody", HOURLY)
        raise Conflict


def test_the_count_stays_when_the_deed_is_refused(app: Flask) -> None:
    with pytest.raises(Conflict):
        _counted_and_refused()
    assert tries() == 1


def test_tries_at_the_same_instant_are_all_counted(app: Flask) -> None:
    together, refused = threading.Barrier(8), []

    def attempt() -> None:
        with app.app_context():
            together.wait()
            try:
                count("somebody", HOURLY)
            except TooMany:
                refused.append(1)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=attempt) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (tries(), len(refused)) == (8, 5)


def test_what_its_network_refuses_costs_a_number_no_try(app: Flask) -> None:
    network, number = Limit("net-hour", 2, timedelta(hours=1)), Limit("num-hour", 9, HOURLY.window)
    for _ in range(2):
        count_in_turn([("here", network)], [("somebody", number)])
    for _ in range(3):
        with pytest.raises(TooMany):
            count_in_turn([("here", network)], [("somebody", number)])
    assert (tries("net-hour"), tries("num-hour")) == (5, 2)
    count_in_turn([("elsewhere", network)], [("somebody", number)])
    assert tries("num-hour") == 3


def test_a_number_is_refused_from_any_network(app: Flask) -> None:
    network, number = Limit("net-hour", 9, timedelta(hours=1)), Limit("num-hour", 2, HOURLY.window)
    for place in ("one", "another"):
        count_in_turn([(place, network)], [("somebody", number)])
    with pytest.raises(TooMany):
        count_in_turn([("a third", network)], [("somebody", number)])


def test_the_counter_does_not_say_who_tried(app: Flask) -> None:
    count("19904150001", HOURLY)
    ((row,),) = read("SELECT a::text FROM attempt_counter a")
    assert "19904150001" not in row
    assert b"19904150001".hex() not in row


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::9", "2001:db8:1:3::/64"),
    ],
)
def test_a_subscriber_is_an_address_or_a_64(address: str, network: str) -> None:
    assert network_of(address) == network


def test_ipv4_clients_of_a_dual_stack_server_are_told_apart() -> None:
    """One noisy client must not lock out everybody."""
    assert network_of("::ffff:203.0.113.7") == "203.0.113.7"
    assert network_of("::ffff:203.0.113.7") != network_of("::ffff:203.0.113.8")
