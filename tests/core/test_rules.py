"""What both engines share, proved by something else: exact fractions, sorting, and the story told a third time."""
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numba import njit
from worlds import (
    Edge,
    assert_equal,
    constant,
    edges_of,
    examples,
    hand_made,
    nasty_edges,
    nasty_helpers,
    nasty_law,
    small_nasty_worlds,
    uniform,
)
from worlds import HypothesisDice as Dice

from sim.core import arrays, draws, rules
from sim.core.arrays import (
    ANSWERED,
    BY_BOT,
    HELP,
    KNOTS,
    LAW,
    LONGEST_MS,
    NO_HELP,
    ON_BUSY,
    ONE,
    WAITING,
    Callers,
    Outcomes,
    World,
)
from sim.core.engines import reference
from sim.core.rules import DAY_MS

MOST = 2**63 - 1
EDGES = [0, 1, 2**31 - 1, 2**31, 2**51 - 1, 2**51, MOST - 2**51, MOST - 2**39, MOST - 1, MOST]
numbers = st.one_of(st.sampled_from(EDGES), st.integers(0, MOST), st.integers(MOST - 2**51 - 2**40, MOST))
chances = st.one_of(st.sampled_from([0, 1, ONE // 2, ONE - 1, ONE]), st.integers(0, ONE))


# --- chances, shares -------------------------------------------------------------------------------------------------

@examples(500)
@given(numbers, chances)
def test_a_thing_happens_where_the_draw_is_less_than_its_chance(draw, chance):
    assert rules.happens(draw, chance) == (Fraction(draw, 2**63) < Fraction(chance, ONE))


def test_what_has_no_chance_never_happens_and_what_is_certain_always():
    assert not rules.happens(0, 0)
    assert rules.happens(MOST, ONE)
    assert not rules.happens(MOST, ONE - 1)
    assert rules.happens((1 << 31) - 1, 1)
    assert not rules.happens(1 << 31, 1)


@examples(500)
@given(numbers, chances, chances)
def test_a_higher_chance_keeps_all_that_happened(draw, one, other):
    assert rules.happens(draw, min(one, other)) <= rules.happens(draw, max(one, other))


@examples(500)
@given(numbers, st.integers(1, 2**31))
def test_a_share_is_the_whole_number_below_the_fraction(draw, whole):
    share = rules.share_of(draw, whole)
    assert 0 <= share < whole
    assert share == Fraction(draw >> 31, 2**32) * whole // 1  # a draw counts to 32 bits


@pytest.mark.parametrize("whole", [1, 2, 3, 40, 1000, 2**31])
def test_a_share_reaches_the_first_and_the_last_millisecond(whole):
    assert rules.share_of(0, whole) == 0
    assert rules.share_of(MOST, whole) == whole - 1


# --- durations -------------------------------------------------------------------------------------------------------

def exact_quantile(law: np.ndarray, draw: int) -> tuple[Fraction, int]:
    """The quantile at a draw, and the width of its cell.

    Straight lines between knots at 0, 1/4096 .. 4095/4096, and from there to 1 at each 1/4096 of 1/4096.
    """
    place = Fraction(draw, 2**63) * KNOTS
    knots = law[:KNOTS + 1]
    if place >= KNOTS - 1:
        place, knots = (place - (KNOTS - 1)) * KNOTS, law[KNOTS + 1:]
    cell = place.numerator // place.denominator
    low, high = int(knots[cell]), int(knots[cell + 1])
    return low + (high - low) * (place - cell), high - low


def skewed(generator: np.random.Generator, most_ms: int) -> np.ndarray:
    """A law with a long tail and wide cells."""
    whole = np.sort(generator.integers(0, most_ms, KNOTS + 1))
    last = np.sort(generator.integers(whole[-2], 2 * most_ms, KNOTS + 1))
    last[0], whole[-1] = whole[-2], last[-1]
    return np.concatenate([whole, last])


LAWS = np.concatenate([constant(0), constant(5), uniform(1, 20), uniform(0, LONGEST_MS),
                       skewed(np.random.default_rng(1), 10_000), skewed(np.random.default_rng(2), LONGEST_MS // 2)])
numbers_of_laws = st.integers(0, len(LAWS) // LAW - 1)


@examples(1000)
@given(numbers_of_laws, numbers)
def test_a_duration_is_the_quantile_at_the_draw(law, draw):
    got = rules.duration_ms(LAWS.tolist(), law, draw)
    exact, width = exact_quantile(LAWS[law * LAW:(law + 1) * LAW], draw)
    if exact < 1:
        assert got == 1
    else:  # a place within a cell counts to 20 bits, and a part of a millisecond is cut off
        assert exact - Fraction(width, 2**20) - 1 < got <= exact


@examples(1000)
@given(numbers_of_laws, st.integers(0, KNOTS * 2**20 - 1), st.booleans())
def test_a_duration_is_exact_where_twenty_bits_tell_the_place(law, place, in_the_tail):
    draw = (KNOTS - 1) * 2**51 + place * 2**19 if in_the_tail else min(place, (KNOTS - 1) * 2**20 - 1) * 2**31
    exact, _ = exact_quantile(LAWS[law * LAW:(law + 1) * LAW], draw)
    assert rules.duration_ms(LAWS.tolist(), law, draw) == max(1, exact // 1)


@pytest.mark.parametrize(("draw", "knot"), [
    (0, 0), (2**51, 1), (2 * 2**51, 2), ((KNOTS - 2) * 2**51, KNOTS - 2), ((KNOTS - 1) * 2**51, KNOTS + 1),
    ((KNOTS - 1) * 2**51 + 2**39, KNOTS + 2), (MOST - 2**39 + 1, LAW - 2),
])
def test_a_draw_at_a_knot_gives_the_knot(draw, knot):
    laws = np.concatenate([constant(3), 10 + 7 * np.arange(LAW)]).tolist()
    assert rules.duration_ms(laws, 1, draw) == 10 + 7 * knot


def test_the_extreme_draws_give_the_ends_of_a_law():
    laws = uniform(100, 2_000_000_000).tolist()
    assert rules.duration_ms(laws, 0, 0) == 100
    width = laws[-1] - laws[-2]
    assert laws[-1] - width // 2**20 - 1 <= rules.duration_ms(laws, 0, MOST) < laws[-1]


def test_no_duration_is_shorter_than_a_tick():
    assert {rules.duration_ms(constant(0).tolist(), 0, draw) for draw in (0, 2**62, MOST)} == {1}


@examples(300)
@given(numbers_of_laws, numbers, numbers)
def test_a_later_draw_gives_no_shorter_duration(law, one, other):
    laws = LAWS.tolist()
    assert rules.duration_ms(laws, law, min(one, other)) <= rules.duration_ms(laws, law, max(one, other))


# --- speed, waiting long enough, days --------------------------------------------------------------------------------

@examples(500)
@given(st.integers(1, LONGEST_MS), st.integers(1, 10_000), st.integers(1, 10_000))
def test_a_pool_takes_its_share_of_time_over_a_call(work, pool_pm, edge_pm):
    by_pool = Fraction(work * pool_pm, 1000) // 1
    exact = Fraction(by_pool * edge_pm, 1000) // 1
    assert rules.at_speed_ms(work, pool_pm, edge_pm) == min(LONGEST_MS, max(1, exact))


@pytest.mark.parametrize(("work", "pool_pm", "edge_pm", "takes"), [
    (10_000, 1000, 1000, 10_000), (10_000, 1300, 1000, 13_000), (10_000, 1000, 1300, 13_000),
    (10_000, 1500, 500, 7_500), (3, 500, 1000, 1), (3, 500, 2000, 2), (1, 1, 1, 1),
    (LONGEST_MS, 2000, 2000, LONGEST_MS),
])
def test_some_times_by_hand(work, pool_pm, edge_pm, takes):
    assert rules.at_speed_ms(work, pool_pm, edge_pm) == takes


@pytest.mark.parametrize(("now", "since", "after", "may"), [
    (10, 10, 0, True), (14, 10, 5, False), (15, 10, 5, True), (16, 10, 5, True), (10, 10, ON_BUSY, False),
    (99, 10, ON_BUSY, False),
])
def test_a_pool_may_take_a_call_that_has_waited_just_long_enough(now, since, after, may):
    assert rules.may_take(now, since, after) is may


def test_only_pools_that_help_on_busy_take_calls_without_a_line():
    assert [rules.on_busy(after) for after in (ON_BUSY, 0, 1, 30_000)] == [True, False, False, False]


@pytest.mark.parametrize(("idle", "reserve", "may"), [
    (1, 0, True), (0, 0, False), (-1, 0, False), (2, 2, False), (3, 2, True), (0, 1, False),
])
def test_a_pool_takes_a_call_while_more_seats_are_idle_than_it_keeps(idle, reserve, may):
    assert rules.may_spare(idle, reserve) is may


@pytest.mark.parametrize(("helping", "kept"), [(True, 1), (False, 3)])
def test_a_pool_that_helps_keeps_no_more_idle_than_those_at_which_it_stops(helping, kept):
    assert rules.kept_from_help(helping, 1, 3) == kept


@pytest.mark.parametrize(("reserve", "resume", "pace"), [
    (HELP, 0, 1250), (HELP, 2, 1250), (0, 0, 1000), (1, 2, 1000), (0, NO_HELP, 1250), (2, NO_HELP, 1250)])
def test_only_a_pool_that_helps_others_answers_its_own_at_the_pace_of_its_own(reserve, resume, pace):
    assert rules.pace_pm(1250, reserve, resume) == pace


@pytest.mark.parametrize(("delay", "days"), [
    (0, 1), (1, 1), (DAY_MS // 2 - 1, 1), (DAY_MS, 1), (DAY_MS * 3 // 2 - 1, 1), (DAY_MS * 3 // 2, 2), (DAY_MS * 2, 2),
    (DAY_MS * 5 // 2 - 1, 2), (DAY_MS * 5 // 2, 3), (LONGEST_MS, 25),
])
def test_who_comes_back_comes_at_the_same_time_of_a_later_day(delay, days):
    assert rules.days_later_ms(delay) == days * 86_400_000


@examples(300)
@given(st.integers(0, LONGEST_MS))
def test_the_nearest_day_is_chosen(delay):
    later = rules.days_later_ms(delay)
    assert later % DAY_MS == 0
    assert later == DAY_MS or abs(later - delay) <= DAY_MS // 2


def test_tries_are_told_apart_up_to_the_length_of_the_table():
    assert [rules.one_more(tries, 4) for tries in range(6)] == [1, 2, 3, 4, 4, 4]
    assert [rules.one_more(tries, 1) for tries in range(3)] == [1, 1, 1]


# --- order -----------------------------------------------------------------------------------------------------------

@examples(300)
@given(st.lists(st.tuples(*[st.integers(0, 3)] * 4), min_size=1, max_size=12))
def test_the_preferred_pair_is_the_first_in_sorted_order(pairs):
    best = pairs[0]
    for pair in pairs[1:]:
        if rules.prefer(*pair, best):
            best = pair
    assert best == sorted(pairs)[0]


@pytest.mark.parametrize(("better", "worse"), [
    ((0, 9, 9, 9), (1, 0, 0, 0)), ((1, 5, 9, 9), (1, 6, 0, 0)),
    ((1, 5, 2, 9), (1, 5, 3, 0)), ((1, 5, 2, 3), (1, 5, 2, 4)),
])
def test_rank_then_wait_then_pool_then_queue(better, worse):
    assert rules.prefer(*better, worse)
    assert not rules.prefer(*worse, better)
    assert not rules.prefer(*better, better)


names = st.tuples(st.integers(0, arrays.MOST_INTERVALS - 1), st.integers(0, arrays.MOST_QUEUES - 1),
                  st.integers(0, arrays.MOST_CALLERS_AN_INTERVAL - 1))


@examples(300)
@given(names, names)
def test_callers_numbers_are_different_and_in_the_order_of_birth_queue_and_number(one, other):
    first, second = rules.caller_number(*one), rules.caller_number(*other)
    assert (rules.born_in(first), rules.number_in_queue(first)) == (one[0], one[2])
    assert 0 <= first < 2**63
    assert (first < second, first == second) == (one < other, one == other)


def test_phases_of_a_millisecond_come_in_their_order():
    order = [rules.TALK_END, rules.SEAT_FREE, rules.RECHECK, rules.DIAL, rules.MATCH, rules.HANG_UP]
    assert order == list(range(6))


# --- compiled and plain ----------------------------------------------------------------------------------------------

def compiled(rule):
    @njit
    def call(*arguments):
        return rule(*arguments)
    return call


def some(generator: np.random.Generator, name: str) -> tuple:
    draw, whole = int(generator.integers(0, MOST)), int(generator.integers(1, 2**31))
    few = tuple(map(int, generator.integers(0, 3, 8)))
    return {
        "happens": (draw, 2 * whole), "share_of": (draw, whole),
        "duration_ms": (LAWS, int(generator.integers(0, len(LAWS) // LAW)), draw if few[0] else MOST - draw // KNOTS),
        "at_speed_ms": (whole - 1, 500 + few[0] * 750, 500 + few[1] * 750),
        "may_take": (*few[:2], few[2] - 1), "on_busy": (few[0] - 1,),
        "may_spare": few[:2], "is_help": (few[0] - 1,), "has_help": (few[0] - 1,),
        "kept_from_help": (few[0] % 2, *few[1:3]), "pace_pm": (500 + few[0] * 750, few[1] - 1, few[2] - 1),
        "prefer": (*few[:4], few[4:]), "days_later_ms": (whole,), "one_more": few[:2],
        "caller_number": (whole >> 12, draw >> 43, draw & 0xFFFFFF), "born_in": (draw,), "number_in_queue": (draw,),
    }[name]


RULES = ["happens", "share_of", "duration_ms", "at_speed_ms", "may_take", "on_busy", "may_spare", "is_help",
         "has_help", "kept_from_help", "pace_pm", "prefer", "days_later_ms", "one_more", "caller_number", "born_in",
         "number_in_queue"]


@pytest.mark.parametrize("name", RULES)
def test_compiled_rules_equal_the_plain_ones(name):
    generator, rule = np.random.default_rng(3), getattr(rules, name)
    fast = compiled(rule)
    for _ in range(300):
        arguments = some(generator, name)
        assert fast(*arguments) == rule(*arguments)


# --- the story told a third time -------------------------------------------------------------------------------------

class Clerk:
    """Walks from millisecond to millisecond and remembers nothing but the book of dials.

    There is no calendar of events and no counter: how many lines or seats are taken is read from the book every time,
    and every edge is looked at in every millisecond. Chances and durations are worked out anew, by other sums.
    ``changes`` has the tables that hold from a millisecond on.
    """

    def __init__(self, world: World, callers: Callers, changes: dict[int, tuple[World, Callers]]):
        self.horizon_ms, self.changes = world.interval_ms * len(world.moment_key), changes
        self.people, self.book, self.open_pages = [], [], []
        self.helping = set()
        self.take(0, world, callers)
        self.waiting = np.zeros(callers.fresh.shape, int)
        most_pools = max(w.seats.shape[1] for w, _ in [(world, callers), *changes.values()])
        self.pools = np.zeros((len(self.waiting), most_pools, arrays.POOL_FACTS), int)

    def take(self, ms: int, world: World, callers: Callers) -> None:
        """Go by these tables. Those who have not dialled yet give way to those who will now."""
        self.world, self.edges = world, edges_of(world)
        self.laws = world.law_ms.reshape(-1, LAW).tolist()
        expected = [self.newborn(callers.key, i, q, k) for i, row in enumerate(callers.fresh.tolist())
                    for q, fresh in enumerate(row) for k in range(fresh)]
        self.people = [p for p in self.people if p["fate"] or p["dials"]] + [p for p in expected if p["dials_at"] >= ms]

    def newborn(self, run: int, i: int, q: int, k: int) -> dict:
        key = draws.caller_key(run, int(self.world.queue_key[q]), int(self.world.moment_key[i]), k)
        offset = (draws.draw(key, 0, draws.ARRIVAL) // 2**31) * self.world.interval_ms // ONE
        return {"name": (i, q, k), "key": key, "dials_at": i * self.world.interval_ms + offset, "dials": 0, "tries": 0,
                "fate": None, "answered": False}

    # --- chances and durations, by other sums

    def happens(self, person: dict, attempt: int, purpose: int, chance: int) -> bool:
        return draws.draw(person["key"], attempt, purpose) < int(chance) * 2**31

    def lasts(self, person: dict, law: int, purpose: int) -> int:
        """The quantile, cut off. Exact for the narrow cells of the laws that are drawn here."""
        draw, knots = draws.draw(person["key"], person["dials"], purpose), self.laws[law]
        cell, rest, unit = draw // 2**51, draw % 2**51, 2**51
        if cell == KNOTS - 1:
            cell, rest, unit = KNOTS + 1 + rest // 2**39, rest % 2**39, 2**39
        return max(1, knots[cell] + (knots[cell + 1] - knots[cell]) * rest // unit)

    # --- one millisecond

    def walk(self) -> None:
        for ms in range(self.horizon_ms):
            if ms in self.changes:
                self.take(ms, *self.changes[ms])
            self.ms, self.i = ms, ms // self.world.interval_ms
            self.open_pages = [d for d in self.open_pages if d["outcome"] == WAITING or d["seat_free"] > ms]
            for person in sorted((p for p in self.people if p["dials_at"] == ms), key=lambda p: p["name"]):
                self.dial(person)
            while pairs := self.possible_pairs():
                self.answer(*min(pairs)[4:])  # (edge, page)
            self.helping = {p for p in np.flatnonzero(self.world.pool_resume != NO_HELP).tolist()
                            if self.idle(p) > self.kept_from_help(p)}
            for page in [d for d in self.open_pages if d["gives_up"] == ms]:
                self.give_up(page)
            self.count()

    def dial(self, person: dict) -> None:
        world, i, q = self.world, self.i, person["name"][1]
        person["dials_at"] = None
        if person["dials"] == 0 and self.happens(person, 0, draws.AWAY, world.away[i, q]):
            person["fate"] = arrays.CALLERS_AWAY
            return
        person["dials"] += 1
        person["tries"] = min(person["tries"] + 1, world.redial.shape[2])
        page = {"person": person, "queue": q, "at": self.ms, "attempt": person["dials"], "outcome": WAITING,
                "waited": -1, "talk": 0, "wrap_up": 0, "pool": -1, "gives_up": None, "seat_free": None,
                "line": int(world.queue_city[q])}
        self.book.append(page)
        if self.happens(person, 0, draws.BOT, world.bot[i, q]):
            page.update(outcome=BY_BOT, waited=0)
            person["fate"] = arrays.CALLERS_BOT
        elif self.free_lines(page["line"]) <= 0 and (helpers := self.helpers(q)):
            edge = min(helpers, key=lambda e: (e.rank, e.pool))
            page["line"] = int(world.pool_home[edge.pool])
            self.open_pages.append(page)
            self.answer(edge, page)
        elif self.free_lines(page["line"]) <= 0:
            page.update(outcome=arrays.BLOCKED, waited=0)
            self.after_failure(person, arrays.BUSY_SIGNAL)
        else:
            if world.patience[q] >= 0:
                page["gives_up"] = self.ms + self.lasts(person, world.patience[q], draws.PATIENCE)
            self.open_pages.append(page)

    def free_lines(self, city: int) -> int:
        return int(self.world.lines[self.i, city]) - sum(self.on_line(d) for d in self.open_pages if d["line"] == city)

    def helpers(self, q: int) -> list[Edge]:
        """By which a call may be answered that finds no line: seats that may answer somebody who waits are none."""
        awaited = {pair[2] for pair in self.possible_pairs()}
        return [e for e in self.edges if e.queue == q and e.after_ms == ON_BUSY and e.pool not in awaited
                and self.idle(e.pool) > self.kept(e)
                and self.free_lines(int(self.world.pool_home[e.pool])) > 0]

    def on_line(self, page: dict) -> bool:
        return page["outcome"] == WAITING or page["at"] + page["waited"] + page["talk"] > self.ms

    def busy(self, pool: int) -> int:
        return sum(d["pool"] == pool for d in self.open_pages)

    def idle(self, pool: int) -> int:
        return int(self.world.seats[self.i, pool]) - self.busy(pool)

    def kept(self, edge: Edge) -> int:
        return self.kept_from_help(edge.pool) if edge.reserve == HELP else edge.reserve

    def kept_from_help(self, pool: int) -> int:
        return int((self.world.pool_release if pool in self.helping else self.world.pool_resume)[pool])

    def possible_pairs(self) -> list[tuple]:
        idle = [self.idle(p) for p in range(self.world.seats.shape[1])]
        first = {}
        for d in self.open_pages:
            if d["outcome"] == WAITING:
                first[d["queue"]] = min(first.get(d["queue"], d), d, key=lambda d: (d["at"], d["person"]["name"]))
        return [(e.rank, first[e.queue]["at"], e.pool, e.queue, e, first[e.queue]) for e in self.edges
                if idle[e.pool] > self.kept(e) and e.queue in first and e.after_ms != ON_BUSY
                and self.ms >= first[e.queue]["at"] + e.after_ms]

    def answer(self, edge: Edge, page: dict) -> None:
        world, person, q = self.world, page["person"], page["queue"]
        talk, wrap_up = (0 if law < 0 else self.at_pace(self.lasts(person, law, purpose), edge) for law, purpose in
                         ((world.talk[q], draws.TALK), (world.wrap_up[q], draws.WRAP_UP)))
        page.update(outcome=ANSWERED, waited=self.ms - page["at"], talk=talk, wrap_up=wrap_up, pool=edge.pool,
                    gives_up=None, seat_free=self.ms + talk + wrap_up)
        self.helping |= {edge.pool} if edge.reserve == HELP else set()
        self.pools[self.i, edge.pool, arrays.STARTS] += 1
        person["answered"], person["tries"] = True, 0
        if self.happens(person, person["dials"], draws.SETTLED, world.unsettled[q]):
            halves = self.lasts(person, world.return_delay[q], draws.RETURN_DELAY) // (DAY_MS // 2)
            person["dials_at"] = self.ms + talk + max(1, (halves + 1) // 2) * DAY_MS

    def at_pace(self, work: int, edge: Edge) -> int:
        is_at_home = self.world.pool_resume[edge.pool] != NO_HELP and edge.reserve != HELP
        pace = 1000 if is_at_home else int(self.world.speed_pm[self.i, edge.pool])
        return max(1, work * pace // 1000 * edge.speed_pm // 1000)

    def give_up(self, page: dict) -> None:
        page.update(outcome=arrays.ABANDONED, waited=self.ms - page["at"], gives_up=None)
        self.open_pages = [d for d in self.open_pages if d is not page]
        self.after_failure(page["person"], arrays.HUNG_UP)

    def after_failure(self, person: dict, cause: int) -> None:
        world, q, dials = self.world, person["name"][1], person["dials"]
        if self.happens(person, dials, draws.CHANNEL, world.divert[self.i, q]):
            person["fate"] = arrays.CALLERS_DIVERTED
        elif self.happens(person, dials, draws.REDIAL, world.redial[q, cause, person["tries"] - 1]):
            person["dials_at"] = self.ms + self.lasts(person, world.redial_delay[q, cause], draws.REDIAL_DELAY)
        else:
            person["fate"] = arrays.CALLERS_LOST

    def count(self) -> None:
        for p, seats in enumerate(self.world.seats[self.i]):
            busy = self.busy(p)
            self.pools[self.i, p, arrays.BUSY_MS] += busy
            self.pools[self.i, p, arrays.STAFFED_MS] += max(busy, seats)
        if (self.ms + 1) % self.world.interval_ms == 0:
            for d in self.open_pages:
                self.waiting[self.i, d["queue"]] += d["outcome"] == WAITING

    # --- what the book says

    def outcomes(self) -> Outcomes:
        calls = [(rules.caller_number(*d["person"]["name"]), d["at"], d["waited"], d["talk"], d["wrap_up"], d["queue"],
                  d["pool"], d["attempt"], d["outcome"]) for d in self.book]
        edge = {(e.pool, e.queue): number for number, e in enumerate(self.edges)}
        answers = [d["waited"] * 2**32 + d["at"] // self.world.interval_ms * len(edge) + edge[d["pool"], d["queue"]]
                   for d in self.book if d["outcome"] == ANSWERED]
        return Outcomes(self.flows(), self.pools, self.waiting, np.array(answers, arrays.ANSWER),
                        np.array(calls, arrays.CALL))

    def flows(self) -> np.ndarray:
        flows = np.zeros((*self.waiting.shape, arrays.FLOWS), int)
        column = {ANSWERED: arrays.DIALS_ANSWERED, arrays.ABANDONED: arrays.DIALS_ABANDONED,
                  arrays.BLOCKED: arrays.DIALS_BLOCKED, BY_BOT: arrays.DIALS_BOT}
        for d in self.book:
            of = flows[d["at"] // self.world.interval_ms, d["queue"]]
            of[arrays.DIALS] += 1
            if d["outcome"] in column:
                of[column[d["outcome"]]] += 1
        for person in self.people:
            of = flows[person["name"][:2]]
            of[arrays.CALLERS] += person["fate"] != arrays.CALLERS_AWAY
            fate = arrays.CALLERS_ANSWERED if person["answered"] else person["fate"]
            if fate is not None:
                of[fate] += 1
        return flows


def told_again(world: World, callers: Callers, changes: dict[int, tuple[World, Callers]] | None = None) -> Outcomes:
    """What happens in a world, by a clerk who walks through every millisecond."""
    clerk = Clerk(world, callers, changes or {})
    clerk.walk()
    return clerk.outcomes()


@examples(250)
@given(small_nasty_worlds(with_days=False))
def test_a_clerk_who_looks_at_everything_in_every_millisecond_tells_the_same_story(case):
    assert_equal(reference.run(*case, keep_calls=True), told_again(*case))


@st.composite
def crowded_worlds(draw):
    """Hardly any rule but matching: nobody hangs up, all edges, ranks, delays, seats kept idle and whom pools help are
    drawn, and seats come and go."""
    dice = Dice(draw)
    pools, queues = (int(n) for n in dice.wholes(1, 4, 2))
    helpers = nasty_helpers(dice, pools)
    edges = nasty_edges(dice, np.ones((pools, queues)), np.full(pools, -1), helpers)
    limits = dict(enumerate(zip(helpers["pool_release"].tolist(), helpers["pool_resume"].tolist(), strict=True)))
    world, callers = hand_made({}, until_ms=30, seats=[0] * pools, edges=edges, city=(0,) * queues, helps=limits,
                               talk=[nasty_law(dice, 1, False) for _ in range(queues)])
    return world._replace(seats=dice.wholes(0, 3, 30, pools)), callers._replace(fresh=dice.wholes(0, 1, 30, queues))


@examples(150)
@given(crowded_worlds())
def test_matching_what_is_new_equals_matching_everything(case):
    assert_equal(reference.run(*case, keep_calls=True), told_again(*case))
