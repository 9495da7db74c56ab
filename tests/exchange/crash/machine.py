"""A source, its reader and the platform as a machine: every deed of theirs, in any order."""

from collections.abc import Mapping

import hypothesis.strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from app.sync import Stream
from tests.exchange.crash.feed import Told
from tests.exchange.crash.overtaking import be_overtaken
from tests.exchange.crash.ownership import FORGETS, Platform
from tests.exchange.crash.records import Row, address, area, household, resident
from tests.exchange.crash.standing import clean
from tests.exchange.crash.world import World

PLACES = st.integers(0, 45)
NUMBERS, VERSIONS = st.integers(1, 5), st.integers(1, 6)
RELATIONS = st.sampled_from(["head", "child"])
AGES = st.sampled_from(["minor", "adult"])


class Exchange(RuleBasedStateMachine):
    """A source, its reader and the platform, one deed after the other."""

    streams: Mapping[str, Stream]

    def __init__(self) -> None:
        super().__init__()
        clean(self.streams)
        self.world = World(self.streams)
        self.platform = Platform(self.world)

    @rule(n=NUMBERS, ver=VERSIONS, home=st.integers(1, 3), relation=RELATIONS)
    def says_a_resident(self, n: int, ver: int, home: int, relation: str) -> None:
        """New, changed, late, or the same version with other content: whatever comes of it."""
        row = resident(n, ver=ver, household_sid=f"CRASH-H{home}", relation=relation)
        self.world.say("residents", row)

    @rule(n=st.integers(1, 3), ver=VERSIONS, at=st.integers(1, 3))
    def says_a_household(self, n: int, ver: int, at: int) -> None:
        self.world.say("households", household(n, ver=ver, address_sid=f"CRASH-A{at}"))

    @rule(n=st.integers(1, 3), ver=VERSIONS, lng=st.sampled_from(["124.35", "124.36"]))
    def says_an_address(self, n: int, ver: int, lng: str) -> None:
        self.world.say("addresses", address(n, ver=ver, lng=lng))

    @rule(n=st.integers(1, 2), ver=VERSIONS)
    def says_an_area(self, n: int, ver: int) -> None:
        self.world.say("areas", area(n, ver=ver))

    @rule(n=NUMBERS, ver=VERSIONS)
    def deletes_a_resident(self, n: int, ver: int) -> None:
        self.world.say("residents", resident(n, ver=ver, op="D"))

    @rule(n=st.integers(1, 3), ver=VERSIONS, which=st.sampled_from(["households", "addresses"]))
    def deletes_a_place(self, n: int, ver: int, which: str) -> None:
        made = {"households": household, "addresses": address}[which]
        self.world.say(which, made(n, ver=ver, op="D"))

    @rule(n=NUMBERS, ver=VERSIONS)
    def says_what_is_no_record(self, n: int, ver: int) -> None:
        self.world.tapes["residents"].append(resident(n, ver=ver, phone="12"))

    @rule(n=NUMBERS, ver=VERSIONS)
    def adds_a_column(self, n: int, ver: int) -> None:
        self.world.say("residents", resident(n, ver=ver, nickname="小试"))

    @rule()
    def drops_a_column(self) -> None:
        """A list without a column that is needed is refused, and nothing of it is lost."""
        short = [_without("relation", told) for told in self.world.visit()]
        (outcome,) = [each for each in self.world.read(short) if each.stream == "residents"]
        assert outcome.status in ("done", "refused")

    @rule(rows=st.sampled_from([1, 2, 5, 50]))
    def sends_other_pages(self, rows: int) -> None:
        self.world.page_rows = rows

    @rule()
    def reads(self) -> None:
        self.world.settle()

    @rule(place=PLACES)
    def dies_reading(self, place: int) -> None:
        self.world.read_and_die(place)

    @rule(n=NUMBERS, ver=VERSIONS, place=st.integers(0, 9))
    def dies_with_news_in_hand(self, n: int, ver: int, place: int) -> None:
        """Early enough that a page is begun, and perhaps not yet committed."""
        self.says_a_resident(n, ver, 1, "head")
        self.world.read_and_die(place)

    @rule(n=NUMBERS, ver=VERSIONS, reads=st.booleans())
    def goes_on_after_another_took_over(self, n: int, ver: int, reads: bool) -> None:
        """Whoever took over reads all, or has read nothing yet: then the fence alone decides."""
        self.says_a_resident(n, ver, 1, "head")
        self.says_a_resident(n, ver + 1, 2, "child")
        be_overtaken(self.world, "residents", reads)

    @rule(
        stream=st.sampled_from(["residents", "households"]),
        left_out=st.sets(st.integers(1, 5), max_size=2),
        deaths=st.lists(PLACES, max_size=2),
    )
    def lists_all(self, stream: str, left_out: set[int], deaths: list[int]) -> None:
        kind = {"residents": "R", "households": "H"}[stream]
        self.world.list_all(stream, {f"CRASH-{kind}{n}" for n in left_out}, deaths)

    @rule(n=NUMBERS)
    def erases_a_resident(self, n: int) -> None:
        self._erase(f"CRASH-R{n}")

    @rule(n=NUMBERS)
    def tells_of_an_erased_one_again(self, n: int) -> None:
        """Neither a deletion that is read first nor a new version brings anybody back."""
        self._erase(f"CRASH-R{n}")
        self.world.say("residents", resident(n, ver=7, op="D"))
        self.world.settle()
        self.world.say("residents", resident(n, ver=8))

    @rule()
    def replays_what_was_put_aside(self) -> None:
        self.world.replay()

    @rule()
    def mends_a_rule_and_replays(self) -> None:
        self.world.replay_mended()

    @rule(n=st.integers(1, 3), ver=VERSIONS, at=st.integers(1, 3))
    def commits_a_household_late(self, n: int, ver: int, at: int) -> None:
        """Behind the back of every reading: only counting finds it."""
        self.world.commit_late("households", household(n, ver=ver, address_sid=f"CRASH-A{at}"))

    @rule(stream=st.sampled_from(["households", "addresses"]))
    def repairs_by_counting(self, stream: str) -> None:
        self.world.repair(stream)

    @rule(n=NUMBERS)
    def matches_an_account(self, n: int) -> None:
        """The platform's own: whose account it is."""
        self.platform.link(f"CRASH-R{n}")

    @rule(n=NUMBERS, age_class=AGES)
    def notes_an_age_class(self, n: int, age_class: str) -> None:
        """The platform's own: a field of a row that the exchange writes, which is not its."""
        self.platform.note_class(f"CRASH-R{n}", age_class)

    @rule(age_class=AGES, wanted=RELATIONS, relation=RELATIONS)
    def asks_about_whom_nobody_takes_away(self, age_class: str, wanted: str, relation: str) -> None:
        """What the platform noted stays, what it asks for comes by the register or not at all."""
        self.platform.ask_about_the_lasting(age_class, wanted, relation)

    @rule(n=NUMBERS, wanted=RELATIONS)
    def asks_for_a_correction(self, n: int, wanted: str) -> None:
        """The district's own: the platform asks, and the record stays as it is."""
        self.platform.ask(f"CRASH-R{n}", wanted)

    @rule()
    def looks_for_answers(self) -> None:
        self.platform.look_at_answers()

    @invariant()
    def what_is_the_platforms_is_as_it_left_it(self) -> None:
        self.platform.check()

    @invariant()
    def all_is_accounted_for(self) -> None:
        self.world.check()

    def _erase(self, sid: str) -> None:
        self.world.erase(sid, FORGETS)
        self.platform.erased(sid)

    def teardown(self) -> None:
        self.world.settle()
        self.platform.forget()


def _without(column: str, told: Told) -> Told:
    rows: list[Row] = [
        {name: value for name, value in row.items() if name != column}
        for row in told.items
        if isinstance(row, Mapping)
    ]
    return Told(told.stream, rows)
