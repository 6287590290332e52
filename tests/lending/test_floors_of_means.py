"""Floors of means: a time of day over all days, and the worst days as a whole."""
import numpy as np
import pytest
from scipy import stats

from optimizer.lending.inputs.province import province
from optimizer.lending.settings import AIM, LOOKS, SURE
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


def test_more_replications_prove_what_keeps_away_from_its_bound():
    """As surely as the half interval shrinks with their root."""
    one = floor(-0.015, 0.01)
    assert [one.promises_proof(times) for times in (1, 3.9, 4.1)] == [False, False, True]
    assert one.at_least(4) == pytest.approx(-0.02)
    assert floor(-0.025, 0.001).promises_proof(1e9) is False
    assert floor(-0.005, np.nan).promises_proof(100) is False     # a single replication promises nothing
    assert floor(-0.005, np.nan).at_least(100) == -np.inf


@pytest.mark.parametrize(("mean", "half", "times", "part"), [
    (-0.04, 0.01, 1, 0.25),     # one point of the two is the interval's: a quarter of four
    (-0.04, 0.01, 4, 0.375), (-0.01, 0.01, 4, 1.5), (-0.04, 0.03, 1, 0.0), (0.01, 0.02, 1, 1.0),
    (-0.04, np.nan, 9, 0.0)])
def test_drops_are_in_proportion_to_seats(mean, half, times, part):
    """What part of the seats just keeps a floor of two points: its interval does not shrink with them."""
    assert floor(mean, half).part(times) == pytest.approx(part)


def test_a_least_share_that_is_missed_takes_a_small_step_back():
    """How much of it is due to the seats that are away is not known."""
    owed = OfMean("west", 12, "answered", 0.8, Figure(0.79, 0.78, 0.80), 0.95)
    assert owed.part(100) == AIM
    assert OfMean("west", 12, "answered", 0.8, Figure(0.85, 0.83, 0.87), 0.95).part(1) == 1.0


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


# --- how sure one is that all hold -----------------------------------------------------------------------------------

def test_each_floor_is_looked_at_by_itself_with_all_looks_counted(two):
    """However many hours: a chance of 5 % that a floor at its bound is called proved, over all looks together."""
    levers = orders.levers_of(two, {("west", "east", 0, hour): 2 for hour in range(12, 20)})
    alone = counted(two, np.full((4, len(two.cities), len(two.blocks)), 10))
    for plans in ([levers], [levers[:1]]):
        found = floors(two, plans, alone, alone)
        assert [one.sure for one in found] == pytest.approx([1 - 2 * (1 - SURE) / LOOKS] * len(found))
        assert len(found) > 2
    days = two.under(floor=two.agreement.floor.model_copy(update={"by": "days"}))
    assert floors(days, [levers], alone, alone)[0].sure == pytest.approx(1 - 2 * (1 - SURE) / LOOKS)


SEEDS = 400
MOST_OF_SEEDS = int(stats.binom.ppf(0.999, SEEDS, 1 - SURE))
"""Of plans that keep their floors no better than they must, called proved: more are a matter of one in a thousand."""


def proved_in_looks(two, changes, levers):
    """Whether a plan is called proved at one of its looks: in three proofs, each with a quarter, half and all of its
    replications. A floor that is kept without doubt stands beside the one at its bound.

    :param changes: [proofs, replications] of the share answered at noon; each replication has a thousand dials.
    """
    for proof in changes:
        shape = (len(proof), len(two.cities), len(two.blocks))
        values = np.zeros((*shape, len(COUNTS)), np.int64)
        values[..., DIALS], values[..., ANSWERED], values[..., WITHIN] = 1000, 900, 900
        helped = values.copy()
        helped[:, list(two.cities).index("west"), 12, ANSWERED] += np.rint(1000 * proof).astype(int)
        for number in (len(proof) // 4, len(proof) // 2, len(proof)):
            alone, then = (Counts(tuple(two.cities), part[:number]) for part in (values, helped))
            found = floors(two, [levers], alone, then)
            assert {one.place for one in found if not one.proved} <= {("west", 12, "answered_drop")}
            if all(one.proved for one in found):
                return True
    return False


def test_a_plan_with_a_floor_at_its_bound_is_rarely_called_proved(two):
    """In one of twenty at the most, over all looks of three proofs: on the mean service drops as far as it may."""
    levers = orders.levers_of(two, {("west", "east", 0, 12): 2})
    luck = np.random.default_rng(20210802)
    often = sum(proved_in_looks(two, luck.normal(-0.02, 0.01, (3, 40)), levers) for _ in range(SEEDS))
    assert 0 < often <= MOST_OF_SEEDS


def test_a_plan_that_keeps_away_from_its_bound_is_proved_nearly_always(two):
    """So the test above is not kept by never calling anything proved."""
    levers = orders.levers_of(two, {("west", "east", 0, 12): 2})
    luck = np.random.default_rng(20210803)
    often = sum(proved_in_looks(two, luck.normal(-0.01, 0.01, (3, 40)), levers) for _ in range(100))
    assert often >= 98
