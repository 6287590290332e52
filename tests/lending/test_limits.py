"""How many seats of people on duty lenders can give, measured in simulation at some levels: by time of day, and for
plans that let service drop more or less far."""
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from helping import with_terms
from hypothesis import given
from hypothesis import strategies as st

from optimizer.lending.inputs.estimates import knowledge
from optimizer.lending.inputs.province import province
from optimizer.lending.menu.stances import ON_DUTY
from optimizer.lending.settings import LEVELS, PROOF_LEAST, PROOF_MOST_OF_FEW
from optimizer.lending.trials import limits, orders
from optimizer.lending.trials.evaluation import Evaluation, judge, seen
from optimizer.lending.trials.floors_of_means import OfMean
from optimizer.lending.trials.limits import Harm, Level, crossing, limited, measured, part_of
from optimizer.lending.trials.orders import FOR_BORROWER, HOME_FIRST, Way
from optimizer.lending.trials.proof import replications_of
from optimizer.lending.trials.replay import ReplicationCache, simulate
from sim.measures.statistics import Figure
from sim.reading.loading import load
from sim.studies.replication import Job

NOON = ("west", 12)
TWO_IDLE = Way("home_first", 2)


@pytest.fixture(scope="module")
def two():
    """West lends to east, who are on duty only."""
    return ON_DUTY.known(knowledge(province(with_terms())))


def level(part, least, bound=-0.02, place=NOON, name="answered_drop"):
    return Level(part, {place: {name: (least, bound)}})


NOTHING = Level(0.0, {})


def one_way(k, levels, drops):
    """Limits from what one way of lending does."""
    return limited(k, [Harm(FOR_BORROWER, levels)], drops)


# --- where a floor begins to give way --------------------------------------------------------------------------------

@pytest.mark.parametrize(("seen_at", "drops", "part"), [
    ([(0.1, -0.01), (0.2, -0.03)], 1.0, 0.15),         # from 1 point of room to 1 point too far: halfway
    ([(0.1, -0.015), (0.2, -0.035)], 1.0, 0.125),      # half a point of two
    ([(0.1, -0.04)], 1.0, 0.05),                       # from nothing on: who lends nothing does not drop
    ([(0.1, -0.01), (0.2, -0.015), (0.35, -0.02)], 1.0, 1.0),  # at the bound it is kept
    ([(0.1, 0.01), (0.2, -0.04)], 1.0, 0.15),          # luck made it rise: that leaves no more room than nothing lent
    ([(0.1, -0.01), (0.2, -0.03), (0.35, -0.01)], 1.0, 0.15),  # the first time counts
    ([(0.1, -0.01), (0.2, -0.03)], 0.5, 0.1),          # half the drop is just reached at the first level
    ([(0.1, -0.01), (0.2, -0.03)], 1.4, 0.19),         # 2.8 points, of which 1 is reached: 1.8 of 2
    ([(0.1, -0.01), (0.2, -0.03)], 2.5, 1.0),
])
def test_between_levels_a_drop_grows_by_straight_lines(seen_at, drops, part):
    levels = [NOTHING, *(level(at, least) for at, least in seen_at)]
    assert crossing(levels, NOON, "answered_drop", drops) == pytest.approx(part)
    assert part_of(levels, NOON, drops) == pytest.approx(part)


@pytest.mark.parametrize("drops", [0.5, 1.0, 2.5])
def test_a_least_share_holds_for_every_plan_alike(drops):
    """What citizens are owed at the least is no drop: a plan that lets service drop farther does not bend it. How far
    it was from its bound with nothing lent is not known, so nothing is interpolated."""
    seen_at = [(0.1, 0.9), (0.2, 0.82), (0.35, 0.7)]
    levels = [NOTHING, *(level(at, least, 0.8, name="answered") for at, least in seen_at)]
    assert crossing(levels, NOON, "answered", drops) == 0.2
    assert crossing([NOTHING, level(0.1, 0.7, 0.8, name="answered")], NOON, "answered", drops) == 0.0


def test_of_several_floors_at_a_time_the_first_that_gives_way_counts():
    two_floors = {"answered_drop": (-0.03, -0.02), "within_drop": (-0.1, -0.05)}
    assert part_of([NOTHING, Level(0.2, {NOON: two_floors})], NOON, 1.0) == pytest.approx(0.1)
    assert part_of([NOTHING, Level(0.2, {NOON: two_floors})], ("west", 13), 1.0) == 1.0


@given(st.lists(st.floats(-0.2, 0.02), min_size=1, max_size=len(LEVELS)), st.floats(0.1, 2.5), st.floats(0.1, 2.5))
def test_who_lets_service_drop_farther_may_lend_no_less(least, one, other):
    levels = [NOTHING, *(level(part, value) for part, value in zip(LEVELS, least, strict=False))]
    fewer, more = (crossing(levels, NOON, "answered_drop", drops) for drops in sorted((one, other)))
    assert 0 <= fewer <= more + 1e-9 <= 1 + 1e-9


# --- limits ----------------------------------------------------------------------------------------------------------

def test_limits_are_that_part_of_what_terms_allow_by_hour(two):
    """West may give seven. At noon half of 0.2 keeps the floor, at other hours all; the whole day keeps 0.9 of it."""
    k = two.apart()
    one_way(k, [NOTHING, Level(0.2, {NOON: {"answered_drop": (-0.04, -0.02)}}),
                Level(1.0, {("west", None): {"day_drop": (-0.05, -0.045)}})], 1.0)
    assert k.province.caps["west"].tolist() == [7] * 8
    assert k.most["west"].tolist() == [0] + [6] * 7     # of seven seats 0.1 and 0.9
    one_way(k, [NOTHING, level(1.0, -0.06)], 2.5)
    assert k.most["west"].tolist() == [5] + [7] * 7     # 5 points of 6


def test_where_nothing_was_measured_formulas_hold_on(two):
    k = two.apart()
    one_way(k, [NOTHING, level(0.2, -0.04, place=("north", 12))], 1.0)
    assert k.most["west"].tolist() == two.most["west"].tolist()


def test_a_lender_that_borrows_is_left_as_formulas_say():
    """The help that it gets would hide what lending does to it."""
    k = ON_DUTY.known(knowledge(province(with_terms(borrowers=["east", "west"], lenders=["east", "west"]))))
    before = {name: most.copy() for name, most in k.most.items()}
    assert one_way(k, [NOTHING, level(0.1, -0.5)], 1.0) == {}
    assert all((k.most[name] == most).all() for name, most in before.items())


@pytest.mark.parametrize(("part", "seats"), [(0.1, 1), (0.2, 1), (0.35, 2), (0.5, 4), (1.0, 7)])
def test_all_lend_the_same_part_to_whoever_has_the_most_callers(two, part, seats):
    p = two.province
    assert limits.lent_by_all(p, part) == {("west", "east", *p.slot_of(block)): seats for block in p.open_blocks}


def test_hours_that_hold_for_several_days_lend_what_each_of_them_allows(tmp_path):
    (tmp_path / "three.yaml").write_text("surgeline: 1\nextends: two-cities\nhorizon: {end: 2021-08-04}\n"
                                         "lending: {to: 2021-08-04, hold: 3 days}\n", encoding="utf-8")
    p = ON_DUTY.within(province(load(tmp_path / "three.yaml")))
    caps = p.caps["west"]
    second = next(o for o, block in enumerate(p.open_blocks) if (p.day(block), p.slot_of(block)[1]) == (1, 13))
    caps[second] = 2
    lent = limits.lent_by_all(p, 1.0)
    assert lent["west", "east", 0, 12] == 7
    assert lent["west", "east", 0, 13] == 2


# --- measured --------------------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def levels(two):
    [harm] = measured(two, [FOR_BORROWER], ReplicationCache(5, two.province), 48, 4.0)
    assert harm.way == FOR_BORROWER
    return harm.levels


def test_levels_rise_from_nothing_to_all_that_terms_allow_or_to_where_every_floor_gives_way(levels):
    parts = [one.part for one in levels]
    assert parts == [0.0, *LEVELS][:len(parts)]
    assert levels[0].room == {}
    assert all(set(one.room) == {*(("west", hour) for hour in range(12, 20)), ("west", None)} for one in levels[1:])


def test_a_level_tells_what_a_proof_would_be_sure_of(two, levels):
    """Simulated again: the mean change less half an interval, which four times as many replications make half as
    wide."""
    p, one = two.province, levels[2]
    levers = orders.levers_of(p, limits.lent_by_all(p, one.part))
    jobs = [Job.of(scenario, "kernel", 5) for scenario in (p.scenario, orders.with_plan(p, levers))]
    floors = judge(p, [levers], *simulate(jobs, p.blocks, range(48))).floors
    assert sum(map(len, one.room.values())) == len(floors) == 17
    for floor in floors:
        least, bound = one.room[floor.lender, floor.number][floor.name]
        assert bound == floor.bound
        assert least == pytest.approx(floor.mean.mean - (floor.mean.mean - floor.mean.low) / 2)


@pytest.mark.parametrize(("drops", "parts"), [
    ((-0.01, -0.049, -0.051), [0.0, 0.1, 0.2, 0.35]),            # beyond two and a half times two points
    ((-0.051,), [0.0, 0.1]), ((-0.049,), [0.0, *LEVELS])])
def test_nothing_is_measured_beyond_where_every_floor_gives_way_to_the_most_generous_plan(two, monkeypatch, drops,
                                                                                         parts):
    found = iter([*drops, *[drops[-1]] * len(LEVELS)])

    def told(*_):
        drop = next(found)
        floor = OfMean("west", 12, "answered_drop", -0.02, Figure(drop, drop, drop), 0.95)
        return Evaluation(48, floor.mean, {}, {}, {}, [floor], {})

    monkeypatch.setattr(limits, "seen", told)
    [harm] = measured(two, [FOR_BORROWER], ReplicationCache(5, two.province), 48, 4.0)
    assert [one.part for one in harm.levels] == parts


def test_nobody_who_is_on_duty_lends_where_no_stance_asks_them(two):
    nobody = replace(two, province=replace(two.province, pairs=()))
    ways = [HOME_FIRST, TWO_IDLE]
    assert measured(nobody, ways, ReplicationCache(5, two.province), 4, 4.0) == [Harm(HOME_FIRST, [Level(0.0, {})])]


def test_with_what_was_measured_floors_are_kept_and_beyond_it_they_are_not(two, levels):
    """All hours at once, on the luck on which it was measured: but for one floor at the edge, whose hour before it had
    other seats away when it was measured."""
    k, p = two.apart(), two.province
    one_way(k, levels, 1.0)
    assert k.most["west"].max() > 0
    assert (k.most["west"] <= p.caps["west"]).all()
    lent = {("west", "east", *p.slot_of(block)): int(seats) for block, seats in zip(p.open_blocks, k.most["west"],
                                                                                  strict=True) if seats}
    luck = ReplicationCache(5, p)
    assert len(seen(p, orders.levers_of(p, lent), luck, 48).unsure(4.0)) <= 1
    more = {slot: seats + 2 for slot, seats in lent.items()}
    assert len(seen(p, orders.levers_of(p, more), luck, 48).unsure(4.0)) > 1


def test_what_a_level_keeps_of_a_floor_is_what_a_proof_will_say_of_it():
    floor = OfMean("west", 12, "answered_drop", -0.02, Figure(-0.01, -0.018, -0.002), 0.95)
    assert Level.of(0.2, [floor], 4.0).room == {NOON: {"answered_drop": (pytest.approx(-0.014), -0.02)}}


# --- how many replications -------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("days", "least", "number"), [(48, 4, 48), (1, 4, 4), (1000, 20, 1000)])
def test_floors_are_looked_at_on_so_many_days(two, days, least, number):
    """Of a scenario whose help lasts a day."""
    assert limits.replications(two.province, days, least) == number


def calling(p, callers, days=1):
    """A province with so many callers, in which help lasts so many days."""
    first = p.open_blocks[0]
    blocks = [replace(p.blocks[first], start=p.blocks[first].start + timedelta(days=day)) for day in range(days)]
    city = replace(p.cities["west"], callers=np.array([callers / 2, callers / 2]))
    return replace(p, cities={"west": city}, blocks=blocks, open_blocks=list(range(days)))


@pytest.mark.parametrize(("callers", "days", "number"), [
    (1500, 1, 1000),         # 27 million of 26,500: 1018, of which a thousand are enough
    (5000, 1, 900),          # of 30,000, in which are those that one could have had in the time that a beginning takes
    (83_000, 1, 250),        # of 108,000
    (300_000, 1, 120),       # 600 days would take 600: too many where each takes a while
    (1_000_000, 1, 120), (1_000_000, 12, 50), (2_000_000, 31, 20),     # 600 days
    (1_000_000, 31, 26),     # 27 million of 1,025,000
    (2_000_000, 300, 20),    # at the least
    (5000, 31, 900),         # the more of both
])
def test_a_proof_has_as_many_replications_as_its_days_need_and_more_where_few_call(two, callers, days, number):
    assert replications_of(calling(two.province, callers, days)) == number


@given(st.floats(0, 1e8), st.floats(0, 1e8), st.integers(1, 62))
def test_a_proof_of_more_callers_has_no_more_replications(two, one, other, days):
    few, many = (replications_of(calling(two.province, callers, days)) for callers in sorted((one, other)))
    assert PROOF_LEAST <= many <= few <= PROOF_MOST_OF_FEW
