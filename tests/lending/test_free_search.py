"""The search against plan folders: its steps, which terms it keeps, and how it judges."""
from pathlib import Path
from random import Random
from types import SimpleNamespace

import free_search
import numpy as np
import pytest
import seat_moves
from free_search import PROCESSES, Judge, climbed, final, held, searched, stance_of, starts_of
from seat_moves import Seats, add, any_part, call, caps, cut, keeps_terms, move, scale, seats_of, shaken, shift, switch

from optimizer.lending.inputs.province import province
from optimizer.lending.menu.stances import ON_DUTY, STANCES, WITHIN
from optimizer.lending.trials.limits import replications
from optimizer.lending.trials.orders import HOME_FIRST, Way
from optimizer.lending.trials.replay import ReplicationCache
from sim.reading.loading import load
from sim.scenario.levers import Lend
from sim.scenario.people_levers import CallIn

PAIR = ("west", "east")
DATA = Path(__file__).parents[1] / "data"


class Dice(Random):
    """Luck that says what it is told to, one after another."""

    def __init__(self, *rolls):
        super().__init__(1)
        self.rolls = list(rolls)

    def choice(self, those):
        return self.rolls.pop(0)

    def random(self):
        return self.rolls.pop(0)

    def randrange(self, n):
        return self.rolls.pop(0)

    def randint(self, a, b):
        return self.rolls.pop(0)


@pytest.fixture(scope="module")
def two():
    """Two cities of which the west may lend from noon to eight, at most five seats."""
    return ON_DUTY.within(province(load("two-cities")))


def lent(**seats):
    """Seats from the west to the east by hour: h12=2."""
    return Seats({(*PAIR, 0, int(hour[1:])): n for hour, n in seats.items()})


def by_hour(seats):
    return {slot[3]: n for slot, n in seats.lent.items()}


# --- levers and back -------------------------------------------------------------------------------------------------

def test_seats_become_levers_and_seats_again(two):
    plan = Seats(lent(h12=2, h13=4, h14=4, h15=2).lent, {PAIR: Way("home_first", 1)})
    levers = plan.levers(two)
    assert sorted((lever.hours, float(lever.seats), lever.serves, lever.keep_idle) for lever in levers) == [
        ((720, 960), 2, "home_first", 1), ((780, 900), 2, "home_first", 1)]
    assert seats_of(two, levers).key == plan.key
    assert seats_of(two, levers, as_given=True).levers(two) == levers


def test_what_terms_do_not_allow_is_left_out_of_seats(two):
    levers = load("two-cities").variants["at-once"].levers   # from ten on, before seats are ready
    assert by_hour(seats_of(two, levers)) == dict.fromkeys(range(12, 20), 4)
    most = caps(two)[(*PAIR, 0, 12)]
    many = levers[0].model_copy(update={"seats": levers[0].seats.model_copy(update={"number": 99.0})})
    assert by_hour(seats_of(two, [many]))[12] == most


def test_people_called_in_become_seats_of_their_city():
    struck = WITHIN.within(province(load(str(DATA / "two-struck.yaml"))))
    lever = CallIn.model_validate({"kind": "call_in", "city": "island", "people": 2, "from": "2021-08-02 08:00",
                                   "to": "2021-08-02 20:00", "hours": ["10:00", "14:00"]})
    found = seats_of(struck, [lever])
    assert found.lent == {("island+", "island", 0, hour): 2 for hour in range(10, 14)}
    again, = found.levers(struck)
    assert (again.kind, float(again.people), again.hours) == ("call_in", 2, (600, 840))


# --- steps -----------------------------------------------------------------------------------------------------------

def test_seats_are_added_and_taken_over_a_stretch(two):
    assert by_hour(add(two, lent(h12=1), Dice(PAIR, 2, 0.0, 0, 2))) == {12: 3, 13: 2}
    assert by_hour(add(two, lent(h12=1, h13=3), Dice(PAIR, -1, 0.0, 0, 8))) == {13: 2}


def test_a_stint_begins_or_ends_a_block_earlier_or_later(two):
    plan = lent(h13=2, h14=2)
    first, last = (*PAIR, 0, 13), 14
    assert by_hour(shift(two, plan, Dice(first, 13, 0.0, 0.0))) == {12: 2, 13: 2, 14: 2}
    assert by_hour(shift(two, plan, Dice(first, last, 0.0, 0.0))) == {13: 2, 14: 2, 15: 2}
    assert by_hour(shift(two, plan, Dice(first, last, 0.9, 0.0))) == {13: 2}
    assert by_hour(shift(two, lent(h19=2), Dice((*PAIR, 0, 19), 19, 0.0, 0.0))) == {19: 2}   # twenty is too late


def test_a_pair_serves_the_others(two):
    once = switch(two, lent(h12=1), Dice(PAIR, HOME_FIRST))
    assert once.of(PAIR) == HOME_FIRST
    assert switch(two, once, Dice(PAIR, Way("home_first", 2))).of(PAIR) == Way("home_first", 2)


def test_a_lender_is_scaled(two):
    assert by_hour(scale(two, lent(h12=2, h13=1), Dice("west", 1.5))) == {12: 3, 13: 2}
    assert not scale(two, lent(h12=2), Dice("west", 0.0)).lent


def test_a_seat_moves_to_another_lender():
    towns = ON_DUTY.within(province(load(str(DATA / "five-towns.yaml"))))
    plan = Seats({("market", "harbour", 0, number): 2 for number in (4, 5)})
    moved = move(towns, plan, Dice(("market", "harbour", 0, 4), "capital", 0.9, 0.9, 0, 0, 1))
    assert moved.lent == {("market", "harbour", 0, 4): 1, ("market", "harbour", 0, 5): 2,
                          ("capital", "harbour", 0, 4): 1}
    whole = move(towns, plan, Dice(("market", "harbour", 0, 4), "capital", 0.1))
    assert whole.lent == {(city, "harbour", 0, number): 1 for city in ("market", "capital") for number in (4, 5)}


def test_nobody_is_called_in_where_a_plan_calls_nobody(two):
    plan = lent(h12=1)
    assert call(two, plan, Random(1)) is plan


def test_any_step_keeps_to_caps_and_knows_its_own_key(two):
    luck, plan, most = Random(3), lent(h12=1), caps(two)
    for _ in range(300):
        plan = seat_moves.stepped(two, plan, luck)
        assert all(0 < n <= most[slot] for slot, n in plan.lent.items())
        assert plan.key == Seats(dict(plan.lent), plan.serves).key


# --- terms -----------------------------------------------------------------------------------------------------------

def test_terms_are_kept(two):
    assert keeps_terms(two, lent(h12=1, h13=1))
    assert not keeps_terms(two.under(seats=two.agreement.keep.model_copy(update={"number": 1.0})), lent(h12=2))
    towns = ON_DUTY.within(province(load(str(DATA / "five-towns.yaml"))))
    short, long = ({("market", "harbour", 0, number): 1 for number in numbers} for numbers in ((4,), (4, 5)))
    assert not keeps_terms(towns, Seats(short))
    assert keeps_terms(towns, Seats(long))
    luck = Random(5)
    assert all(keeps_terms(towns, shaken(towns, Seats(long), luck)) for _ in range(3))


def test_no_more_are_called_in_than_come():
    struck = WITHIN.within(province(load(str(DATA / "two-struck.yaml"))))
    most = caps(struck)[("island+", "island", 0, 10)]
    assert most >= 1
    once = {("island+", "island", 0, hour): most for hour in range(8, 12)}
    assert keeps_terms(struck, Seats(once))
    short = {("island+", "island", 0, hour): most for hour in range(8, 10)}
    assert not keeps_terms(struck, Seats(short))
    twice = once | {("island+", "island", 0, hour): most for hour in range(13, 17)}   # each comes once a day
    assert not keeps_terms(struck, Seats(twice))


def test_a_plan_of_people_called_in_alone_keeps_terms():
    """People of a city may be lent where those on duty there are not asked."""
    struck = STANCES[2].within(province(load(str(DATA / "two-struck.yaml"))))
    assert (STANCES[2].name, struck.lenders) == ("called_in", ())
    assert keeps_terms(struck, Seats({("market+", "island", 0, hour): 2 for hour in range(9, 13)}))


# --- judging ---------------------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def judge(two):
    return Judge(two, ReplicationCache(1, two), 4)


def test_a_plan_is_worth_what_it_brings_less_its_hours(two, judge):
    found = judge.of(lent(h12=2, h13=2))
    alone, helped = ReplicationCache(1, two).of(
        [two.scenario, two.scenario.model_copy(update={"levers": lent(h12=2, h13=2).levers(two)})], 4)
    assert found.worth == pytest.approx(np.mean(helped.people - alone.people)
                                        - 4 * float(two.agreement.seat_hour_cost))
    assert found.verdict.people.mean == pytest.approx(np.mean(helped.people - alone.people))


def test_only_better_plans_are_taken_and_only_not_lending_is_kept(judge):
    nothing, some = judge.of(Seats({})), lent(**{f"h{hour}": 2 for hour in range(12, 16)})
    assert judge.better(Seats({}), judge.of(some)) is None
    better = judge.better(some, nothing)
    assert better is not None
    assert better.merit > nothing.merit == (0, 0)
    assert len(judge.luck.known) == 1


def test_a_plan_that_breaks_floors_is_worse_than_any_that_does_not_and_is_cut(two, judge):
    most = Seats(caps(two))
    greedy = judge.of(most)
    assert not greedy.verdict.holds
    assert greedy.merit < judge.of(Seats({})).merit
    kept = held(judge, most)
    assert kept.verdict.holds
    assert 0 < sum(kept.seats.lent.values()) < sum(most.lent.values())


def test_a_cut_takes_from_those_whose_floor_gives_way(two):
    floor = SimpleNamespace(lender="west", number=12, broken=True)
    fine = SimpleNamespace(lender="west", number=13, broken=False)
    assert by_hour(cut(two, lent(h12=3, h13=3), [floor, fine])) == {12: 2, 13: 3}
    day = SimpleNamespace(lender="west", number=None, broken=True)
    assert by_hour(cut(two, lent(h12=3, h13=1), [day])) == {12: 2}


def test_a_search_finds_more_than_it_begins_with(judge, monkeypatch):
    monkeypatch.setattr(free_search, "PATIENCE", 15)
    start = lent(h12=1, h13=1)
    found = climbed(judge, start, Random(1), float("inf"))
    assert found.verdict.holds
    assert found.worth > judge.of(start).worth


def test_searches_begin_with_the_plan_with_nothing_and_with_what_ships(two):
    plan = lent(h12=1).levers(two)
    starts = starts_of(two, load("two-cities"), plan)
    assert starts[0].key == lent(h12=1).key
    assert starts[1].lent == {}
    assert any(by_hour(one) == dict.fromkeys(range(12, 20), 4) for one in starts)    # as it was
    assert len({one.key for one in starts}) == len(starts) >= 4
    assert PROCESSES == 2


def test_a_process_ends_with_plans_that_hold(two):
    found = searched(two, [Seats({}), Seats(caps(two))], 1, 0, 0.01)
    assert found
    luck = Judge(two, ReplicationCache(free_search.SEARCH_SEED + 1, two), max(replications(two), free_search.FEW))
    assert all(luck.of(one).verdict.holds for one in found)


def test_a_plan_is_a_part_of_the_best_on_fresh_luck(two):
    little, more = lent(h12=1), lent(**{f"h{hour}": 2 for hour in range(12, 16)})
    part, table = final(two, little.levers(two), [more], 4, 1)
    assert 0 < part < 0.97
    assert [line.split("|")[1].strip() for line in table[2:4]] == ["plan", "found 1"]
    assert table[3].endswith("| 100.0% |")
    assert any("west → east, 2 seats, borrower" in line for line in table[4:])
    assert final(two, more.levers(two), [little], 4, 1)[0] == 1


def test_the_search_asks_nobody_whom_the_plan_does_not_ask():
    loan = load("two-cities").levers[0]
    assert isinstance(loan, Lend)
    manifest = SimpleNamespace(levers=(loan,), stance="within")
    assert stance_of(manifest).calls == "nobody"
    off = loan.model_copy(update={"off_duty": loan.presence.model_copy(update={"number": 1.0})})
    assert stance_of(SimpleNamespace(levers=(off,), stance="within")) == WITHIN
    assert stance_of(SimpleNamespace(levers=(loan,), stance="")) == ON_DUTY


def test_parts_of_what_terms_allow_differ(two):
    assert len({any_part(two, Random(seed)).key for seed in range(8)}) > 2
