"""Floors of means: a time of day over all days, and the worst days as a whole."""
import numpy as np
import pytest

from optimizer.lending.inputs.province import province
from optimizer.lending.trials import orders
from optimizer.lending.trials.floors import days_of, floors, lending_blocks
from optimizer.lending.trials.floors_of_means import OfMean, worst_days
from optimizer.lending.trials.replay import ANSWERED, COUNTS, DIALS, WITHIN, Counts
from sim.measures.statistics import Figure
from sim.reading.loading import load

ALWAYS = np.array([[True]])


def floor(mean, half, bound=-0.02):
    return OfMean("west", 12, "answered_drop", bound, Figure(mean, mean - half, mean + half), 0.95)


@pytest.fixture
def two():
    return province(load("two-cities"))


# --- the worst days --------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("part", "mean"), [(0.1, -0.09), (0.2, -0.085), (0.25, -0.082), (1.0, -0.045), (0.0, -0.09)])
def test_the_worst_days_are_a_part_of_all(part, mean):
    """Ten days that drop by 0 to 9 points; of two and a half of them the third counts by half."""
    drops = np.arange(10)[:, None] / 100
    assert worst_days(drops, ALWAYS, part, 0.95).mean == pytest.approx(mean)


def test_days_without_lending_are_no_days():
    drops = np.array([[0.0, 0.1], [0.0, 0.2], [0.0, 0.3], [0.0, 0.4]])
    lends = np.array([[False, True]])
    assert worst_days(drops, lends, 0.5, 0.95).mean == pytest.approx(-0.35)
    some = np.array([[False, True], [False, True], [False, False], [False, False]])
    assert worst_days(drops, some, 1.0, 0.95).mean == pytest.approx(-0.15)


def test_the_interval_of_the_worst_days_holds_the_truth_about_as_often_as_it_says():
    """Drops between 0 and 1, all as likely: the worst tenth drops by 0.95."""
    draws = np.random.default_rng(1).uniform(size=(400, 200, 1))
    found = [worst_days(of, ALWAYS, 0.1, 0.9) for of in draws]
    held = np.mean([one.low <= -0.95 <= one.high for one in found])
    assert 0.85 < held < 0.95


# --- three words -----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("mean", "half", "proved", "broken", "surely"), [
    (-0.01, 0.005, True, False, False), (-0.015, 0.01, False, False, False), (-0.021, 0.01, False, True, False),
    (-0.04, 0.01, False, True, True), (-0.01, np.nan, False, False, False)])
def test_a_floor_is_proved_or_broken_or_holds_as_far_as_seen(mean, half, proved, broken, surely):
    one = floor(mean, half)
    assert (one.proved, one.broken, one.surely_broken) == (proved, broken, surely)
    assert one.keeps(4) is not broken


def test_more_replications_prove_what_keeps_away_from_its_bound():
    one = floor(-0.015, 0.01)
    assert [one.promises_proof(times) for times in (1, 3.9, 4.1)] == [False, False, True]
    assert not one.bears_proof(4.1)
    assert floor(-0.005, 0.005).bears_proof(4)
    assert not floor(-0.005, np.nan).bears_proof(100)


# --- of counts -------------------------------------------------------------------------------------------------------

def counted(province, answered):
    """Ten dials in each block; so many answered, in time too: [replications, cities, blocks]."""
    values = np.zeros((*answered.shape, len(COUNTS)), np.int64)
    values[..., DIALS], values[..., ANSWERED], values[..., WITHIN] = 10, answered, answered
    return Counts(tuple(province.cities), values)


def test_drops_are_of_the_time_of_day_and_of_the_whole_day(two):
    levers = orders.levers_of(two, {("west", "east", 0, 13): 2, ("west", "east", 0, 14): 2})
    west, blocks = list(two.cities).index("west"), len(two.blocks)
    alone, helped = (np.full((2, len(two.cities), blocks), 10) for _ in range(2))
    helped[0, west, 13], helped[1, west, 14], helped[1, west, 16] = 6, 8, 4     # the last one after help has gone
    found = {one.place: one.mean.mean for one in floors(two, [levers], counted(two, alone), counted(two, helped))}
    assert found == {
        ("west", 13, "answered_drop"): pytest.approx(-0.2), ("west", 13, "within_drop"): pytest.approx(-0.2),
        ("west", 14, "answered_drop"): pytest.approx(-0.1), ("west", 14, "within_drop"): pytest.approx(-0.1),
        ("west", None, "day_drop"): pytest.approx(-8 / 10 / blocks)}    # the worse of two days


def test_a_plan_of_each_replication_counts_where_it_lends(two):
    plans = [orders.levers_of(two, {("west", "east", 0, 13): 2}), orders.levers_of(two, {("west", "east", 0, 14): 2})]
    west, blocks = list(two.cities).index("west"), len(two.blocks)
    alone, helped = (np.full((2, len(two.cities), blocks), 10) for _ in range(2))
    helped[:, west, 13] = 5
    found = {one.place: one.mean.mean for one in floors(two, plans, counted(two, alone), counted(two, helped))}
    assert found["west", 13, "answered_drop"] == pytest.approx(-0.5)    # of the first alone
    assert found["west", 14, "answered_drop"] == 0
    bounds, there = days_of(two, lending_blocks(two, plans, "west"))
    assert bounds == [(0, blocks)]
    assert there.tolist() == [[True], [True]]


def test_floors_of_days_are_there_where_they_are_asked_for(two):
    of_days = two.under(floor=two.agreement.floor.model_copy(update={"by": "days"}))
    levers = orders.levers_of(two, {("west", "east", 0, 13): 2})
    all_answered = counted(two, np.full((4, len(two.cities), len(two.blocks)), 10))
    found = floors(of_days, [levers], all_answered, all_answered)
    assert [(one.place, one.kept.mean) for one in found] == [
        (("west", 13, "answered_drop"), 1.0), (("west", 13, "within_drop"), 1.0)]
