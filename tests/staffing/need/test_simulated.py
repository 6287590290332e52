"""Seats found by simulation, in two small cities."""
import numpy as np
import pytest
from one_city import loaded

from optimizer.staffing.need.each_interval import mended, of_its_own
from optimizer.staffing.need.fewest import is_needed
from optimizer.staffing.need.own_seats import Steps, part, with_own_seats
from optimizer.staffing.need.price import Rates, best_with, climb, erlang_c_need, ladder
from optimizer.staffing.need.simulated import found_by, need_of
from optimizer.staffing.need.target import Target
from optimizer.staffing.need.trials import TargetError, Trials
from sim import load
from sim.studies.executors import at_work
from sim.studies.replication import Job

HOUR = 3600
FEW = {"replications": 4, "workers": 1, "step_s": HOUR}


@pytest.fixture(scope="module")
def cities():
    return load("two-cities").with_levers([])


@pytest.fixture(scope="module")
def east(cities):
    return need_of(cities, "east", Target(0.8, 15.0), **FEW)


def test_the_target_is_kept_in_every_interval(east):
    assert east.met.all()
    assert east.not_met == []
    assert (east.found["share"].mean >= 0.8 - 1e-9).all()
    assert east.seats.shape == (24, 1)
    assert east.seat_hours == east.seats.sum()


def test_it_is_kept_by_the_margin_in_a_row_of_busy_intervals_too(cities):
    """A day of three times the callers: intervals behind one that fails are mended with it."""
    busy = cities.change({"everyday_level": 3.0})
    with at_work(1) as executor:
        trials = Trials.of(busy, "east", Target(0.8, 15.0), HOUR // 4, 1, 4, executor, None)
        found = found_by(trials)
        assert trials.target.kept(trials.counts(found.seats, trials.confirming), trials.margin).all()
        short = np.maximum(found.seats - 2, 0)
        assert not trials.target.kept(trials.counts(short, trials.confirming)).all()
        mend = mended(trials, short)
        assert trials.target.kept(trials.counts(mend, trials.confirming), trials.margin).all()


def test_what_an_interval_lacks_is_less_behind_one_that_lacks_seats():
    assert of_its_own(np.array([[4.0], [4.0], [1.0], [-2.0], [3.0]]))[:, 0] == pytest.approx([4, 2.8, -0.2, -2, 3])


def test_as_the_scenario_is_staffed_it_is_not(cities, east):
    busy = east.calls[:, 0].argmax()
    assert east.seats[busy, 0] > east.as_planned[busy, 0]
    assert (best_with(cities, "east", 12, Target(), **FEW).level["share"].mean < 0.8).any()


def test_it_is_proved_on_luck_that_the_search_has_not_seen(east):
    assert (east.found["share"].mean != east.proved["share"].mean).any()
    assert (np.abs(east.proved["share"].mean - 0.8) < 0.5).all()


def test_on_unseen_luck_few_intervals_miss_the_target(cities):
    need = need_of(cities, None, Target(0.8, 15.0), workers=1, step_s=HOUR)
    assert need.confirmed == need.unseen / 2 == 64
    missed = need.proved["share"].mean < 0.8 - 1e-9
    assert (missed == ~need.kept_unseen).all()
    assert missed.mean() < 0.1  # the fewest on the luck of a search alone miss it in a quarter
    assert need.surely_missed.mean() < 0.02
    assert (missed | ~need.surely_missed).all()


def test_a_seat_less_misses_the_target_or_its_margin(cities, east):
    with at_work(1) as executor:
        trials = Trials.of(cities, "east", Target(0.8, 15.0), HOUR, 1, 4, executor, None)
        needed = is_needed(trials, east.seats)
        assert not needed[east.seats == 0].any()
        assert needed[east.seats > 0].mean() > 0.6
        busy = int(east.seats[:, 0].argmax())
        alone = east.seats - (np.arange(24) == busy)[:, None]
        kept = trials.target.kept(trials.counts(alone, trials.confirming), trials.margin)
        assert kept[busy, 0] == (not needed[busy, 0])
        assert not is_needed(trials, 3 * east.seats + 9).any()


def test_the_same_seed_finds_the_same(cities, east):
    assert (need_of(cities, "east", Target(0.8, 15.0), **FEW).seats == east.seats).all()


def test_workplaces_have_room_for_breaks_and_bring_their_lines(cities, east):
    assert (east.workplaces == np.ceil(east.seats / 0.8)).all()
    beyond = np.maximum(east.workplaces - 12, 0)
    assert (east.lines_brought == 2 * beyond).all()  # two lines a seat
    setting = part(Job.of(cities, "kernel", 1), ("east",))
    world = with_own_seats(setting, cities, ("east",), east.seats, 4).world
    assert (world.seats[::4, 0] == east.seats[:, 0]).all()
    assert (world.lines[:, 0] - setting.world.lines[:, 0] == np.repeat(east.lines_brought[:, 0], 4)).all()


def test_a_city_that_is_not_asked_for_is_left_alone(cities, east):
    both = need_of(cities, None, Target(0.8, 15.0), **FEW)
    assert both.cities == ("east", "west")
    assert (both.seats[:, 0] == east.seats[:, 0]).all()  # they do not touch each other


def test_twice_the_callers_need_more(cities, east):
    twice = need_of(cities.change({"everyday_level": 2.0}), "east", Target(0.8, 15.0), **FEW)
    assert twice.met.all()
    assert twice.seat_hours > east.seat_hours


def test_over_the_day_fewer_are_enough(cities, east):
    day = need_of(cities, "east", Target(0.8, 15.0, each="day"), **FEW)
    assert day.met.shape == (1, 1)
    assert day.met.all()
    assert day.seat_hours <= east.seat_hours


def test_on_most_days_needs_more_than_on_the_average(cities, east):
    most = need_of(cities, "east", Target(0.8, 15.0, in_share=0.9), **FEW)
    assert most.met.all()
    assert most.seat_hours >= east.seat_hours


def test_short_hang_ups_left_out_need_no_more(cities, east):
    kind = need_of(cities, "east", Target(0.8, 15.0, of="short hang-ups left out", short_s=60), **FEW)
    assert kind.met.all()
    assert kind.seat_hours <= east.seat_hours + 1


def test_a_target_that_lines_forbid_is_an_error_that_says_what_can_be_had(cities):
    narrow = cities.change({"cities.east.lines": 3, "cities.east.lines_per_seat": None})
    with pytest.raises(TargetError, match=r"no number of seats keeps this target: in east at 2021-08-02 \d\d:00 at "
                                          r"most \d+\.\d% can be had, and 99\.0% is asked for"):
        need_of(narrow, "east", Target(0.99, 15.0), **FEW)


def test_steps_must_fit(cities):
    assert Steps.of(cities, None).number == 96
    for step in (1000, 0, 7 * 900):
        with pytest.raises(ValueError, match="step_s must be a multiple"):
            Steps.of(cities, step)
    with pytest.raises(KeyError):
        need_of(cities, "north", **FEW)


def test_a_ladder_of_targets_costs_more_on_every_rung(cities):
    low, high = ladder(cities, "east", Target(), Rates(50.0), (0.6, 0.9), **FEW)
    assert (low.need.found["share"].mean >= 0.6 - 1e-9).all()
    assert (high.need.found["share"].mean >= 0.9 - 1e-9).all()
    assert high.seat_hours.sum() == high.need.seats.sum()
    assert high.yuan == pytest.approx(high.person_hours.sum() * 50)  # nobody is absent here
    assert high.person_hours.sum() == pytest.approx(high.seat_hours.sum() / 0.8)
    assert high.people == pytest.approx(high.person_hours.sum() * 7 / 40)
    assert high.yuan_per_point == pytest.approx((high.yuan - low.yuan) / 30)
    assert (high.yuan_per_point > 0).all()
    assert np.isnan(low.yuan_per_point).all()


def test_erlang_c_counts_redialers_as_often_as_they_dial(cities):
    formula = erlang_c_need(cities, "east", Target(), **FEW)
    assert formula.on_dials.shape == formula.on_callers.shape == (24, 1)
    assert formula.dials.sum() > formula.callers.sum()
    assert formula.on_dials.sum() > formula.on_callers.sum()


@pytest.mark.parametrize("calls", [20, 60])
def test_where_few_call_a_higher_goal_never_costs_less(tmp_path, calls):
    rungs = ladder(loaded(tmp_path, calls=calls, talk="3 min"), "town", Target(), Rates(50.0),
                   (0.5, 0.6, 0.7, 0.8, 0.9), workers=1, step_s=HOUR, replications=4)
    assert [rung.goal for rung in rungs] == [0.5, 0.6, 0.7, 0.8, 0.9]
    assert (np.diff([float(rung.yuan[0]) for rung in rungs]) >= 0).all()
    assert all(rung.need.met.all() for rung in rungs)


def test_a_ladder_gives_the_rungs_that_can_be_had(cities):
    narrow = cities.change({"cities.east.lines": 3, "cities.east.lines_per_seat": None})
    rungs = climb(narrow, "east", Target(), Rates(50.0), (0.9, 0.01, 0.99), **FEW)
    assert next(rungs).goal == 0.01
    with pytest.raises(TargetError, match=r"90\.0% is asked for"):
        next(rungs)


@pytest.mark.parametrize("replications", [4, 16])
def test_where_nobody_calls_nobody_is_needed(tmp_path, replications):
    """However little a few calls tell: an interval that keeps its target never asks for more seats."""
    need = need_of(loaded(tmp_path), "town", Target(0.8, 15.0), step_s=HOUR // 2, workers=1, replications=replications)
    assert need.seats[:, 0].tolist() == 2 * (16 * [0] + 16 * [1] + 16 * [0])


def test_a_need_that_is_known_is_the_rung_of_its_goal(cities):
    known = need_of(cities, "east", Target(), replications=16, workers=1, step_s=HOUR)
    low, its_own, high = ladder(cities, "east", Target(), Rates(50.0), (0.6, 0.8, 0.9), known=known, **FEW)
    assert (its_own.need.seats == known.seats).all()
    assert low.need.confirmed == high.need.confirmed == known.confirmed / 4
    assert low.need.margin == high.need.margin == known.margin / 2
    assert low.yuan < its_own.yuan < high.yuan
