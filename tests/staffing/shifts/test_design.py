"""Shifts for a need, against all plans of small problems, and what must hold of every plan."""
import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.staffing.shifts.design import NoShiftsError, design_shifts
from optimizer.staffing.shifts.terms import Away, Limits, ShiftProblem, ShiftType, Steps

tries = settings(max_examples=15, deadline=None, database=None, derandomize=True)
needs = st.lists(st.integers(0, 3), min_size=6, max_size=6)
prices = st.integers(0, 5)


def day(need, *types, understaffed=10.0, **rest):
    """A day in six intervals of four hours."""
    return ShiftProblem(np.array([need], np.float64), types, understaffed, **rest)


def eight_hours(**prices):
    return ShiftType("eight hours", Steps(0, 960, 480), Steps(480, 480, 240), **prices)


def counted_cost(problem, starts, people):
    """By hand: shifts of two intervals that begin in the intervals ``starts``."""
    its, need, cover = problem.types[0], problem.need[0], np.zeros(6)
    for start, count in zip(starts, people, strict=True):
        cover[start] += count
        cover[(start + 1) % 6] += count
    if (cover > problem.limits.workplaces).any() or sum(people) > problem.limits.most_people:
        return math.inf
    used = sum(count > 0 for count in people)
    if used > problem.limits.most_kinds:
        return math.inf
    return (sum(people) * (8 * its.hour_price + its.duty_price) + used * its.kind_price
            + problem.understaffed_price * np.maximum(need - cover, 0).sum()
            + problem.overstaffed_price * np.maximum(cover - need, 0).sum())


@tries
@given(needs, prices, prices, prices, st.integers(1, 12), st.integers(1, 6), st.integers(1, 9), st.integers(1, 3))
def test_the_best_of_all_plans(need, hour, kind, over, short, workplaces, most_people, most_kinds):
    its = ShiftType("eight hours", Steps(0, 1200, 480), Steps(480, 480, 240), hour_price=hour, kind_price=kind)
    problem = day(need, its, understaffed=short, overstaffed_price=over, is_cyclic=True,
                  limits=Limits(workplaces, 0, most_people, most_kinds))
    best = min(counted_cost(problem, (0, 2, 4), people) for people in itertools.product(range(4), repeat=3))
    plan = design_shifts(problem, 10.0)
    assert plan.cost.total == pytest.approx(best, abs=1e-6)
    assert plan.is_proved
    assert plan.bound <= plan.cost.total + 1e-6


@tries
@given(st.lists(st.integers(0, 4), min_size=12, max_size=12), st.booleans(), st.integers(0, 4), st.integers(1, 5))
def test_cover_is_the_shifts_laid_out_and_no_limit_is_passed(need, is_cyclic, home, workplaces):
    types = (ShiftType("whole", Steps(0, 1200, 240), Steps(480, 720, 240), meal=Away(240, (240,)), kind_price=3),
             ShiftType("split", Steps(0, 480, 240), Steps(720, 720, 240), gap=Away(240, (240,)), hour_price=1))
    problem = ShiftProblem(np.array(need, np.float64).reshape(2, 6), types, 20.0, 1.0,
                           Limits(workplaces, home), is_cyclic)
    plan = design_shifts(problem, 1.0)
    cover = np.zeros(12)
    for shift in plan.shifts:
        for meal, people in shift.by_meal.items():
            away = {x // 240 for x in (meal, shift.kind.gap_start_min) if x is not None}
            for first, count in zip((0, 6), people, strict=True):
                for k in set(range(shift.kind.length_min // 240)) - away:
                    slot = first + shift.kind.start_min // 240 + k
                    if is_cyclic or slot < 12:
                        cover[slot % 12] += count
    assert np.array_equal(plan.cover.ravel(), cover)
    assert (plan.cover <= workplaces + home).all()
    assert np.array_equal(plan.at_home, np.maximum(plan.cover - workplaces, 0))
    assert np.array_equal(plan.cover + plan.understaffed - plan.overstaffed, problem.need)
    assert plan.bound <= plan.cost.total + 1e-6


def test_hours_are_paid_at_the_price_of_their_time():
    night_price = np.array([[3.0, 1, 1, 1, 1, 2]])
    its = ShiftType("night", Steps(1200, 1200, 240), Steps(480, 480, 240), hour_price=night_price, duty_price=5,
                    is_night=True)
    plan = design_shifts(day([2, 0, 0, 0, 0, 2], its, understaffed=99.0, is_cyclic=True), 5.0)
    assert (plan.cost.hours, plan.cost.duties, plan.night_duties) == (2 * 4 * (3 + 2), 10, 2)


def test_an_unpaid_meal_is_presence_without_hours():
    its = ShiftType("with a meal", Steps(0, 0, 240), Steps(720, 720, 240), meal=Away(240, (240,)), hour_price=1)
    assert design_shifts(day([1, 0, 1, 0, 0, 0], its), 5.0).hours == 8
    paid = replace(its, is_meal_paid=True)
    assert design_shifts(day([1, 0, 1, 0, 0, 0], paid), 5.0).hours == 12


def test_people_carried_in_cover_the_first_hours():
    plan = design_shifts(day([2, 1, 0, 0, 0, 0], eight_hours(hour_price=1),
                             carried=np.array([[2.0, 1, 0, 0, 0, 0]])), 5.0)
    assert not plan.shifts
    assert plan.cost.total == 0


def test_people_at_least_by_weekly_hours_and_duties():
    its = ShiftType("eight hours", Steps(0, 0, 240), Steps(480, 480, 240))
    problem = ShiftProblem(np.tile([2.0, 2, 0, 0, 0, 0], (7, 1)), (its,), 1.0)
    assert design_shifts(problem, 5.0).people_at_least == 2
    assert design_shifts(replace(problem, limits=Limits(weekly_hours=40)), 5.0).people_at_least == 3  # 112 / 40
    assert design_shifts(replace(problem, limits=Limits(weekly_duties=3)), 5.0).people_at_least == 5  # 14 / 3


def test_weekdays_without_a_type_stay_empty():
    its = ShiftType("weekdays", Steps(0, 0, 240), Steps(480, 480, 240), weekdays=(0, 1, 2, 3, 4))
    problem = ShiftProblem(np.tile([1.0, 1, 0, 0, 0, 0], (7, 1)), (its,), 1.0, first_weekday=5)
    assert list(design_shifts(problem, 5.0).shifts[0].people) == [0, 0, 1, 1, 1, 1, 1]


def test_what_cannot_be_is_said():
    with pytest.raises(NoShiftsError, match="keep the limits"):
        design_shifts(day([2, 2, 0, 0, 0, 0], eight_hours(), understaffed=math.inf, limits=Limits(workplaces=1)), 5.0)
    with pytest.raises(ValueError, match="100 min is no whole number of intervals of 240 min"):
        design_shifts(day([1] * 6, ShiftType("odd", Steps(100, 100, 1), Steps(480, 480, 1))), 5.0)
    with pytest.raises(ValueError, match="longer than the cycle"):
        design_shifts(day([1] * 6, ShiftType("long", Steps(0, 0, 1), Steps(1680, 1680, 1)), is_cyclic=True), 5.0)
    with pytest.raises(ValueError, match="no type of shift"):
        design_shifts(day([1] * 6, ShiftType("none", Steps(0, 0, 1), Steps(480, 480, 1), weekdays=(3,))), 5.0)


def test_negative_prices_are_refused():
    with pytest.raises(ValueError, match="kind_price is negative; a price is 0 or more"):
        eight_hours(kind_price=-1)
    with pytest.raises(ValueError, match="hour_price is negative"):
        eight_hours(hour_price=np.array([[1.0, 1, 1, -1, 1, 1]]))
    with pytest.raises(ValueError, match="understaffed_price is negative"):
        day([1] * 6, eight_hours(), understaffed=-1.0)
    with pytest.raises(ValueError, match="overstaffed_price is negative"):
        day([1] * 6, eight_hours(), overstaffed_price=math.nan)


def test_an_exact_fit_of_few_kinds_is_found():
    """Three kinds of shift make the need of a week in hours; six hours and more would do with more kinds."""
    its = ShiftType("any", Steps(0, 1380, 60), Steps(360, 600, 60), kind_price=60)
    need, people = np.zeros(7 * 24), ((6, 8, (2, 2, 3, 2, 2, 1, 1)), (13, 9, (1, 2, 2, 2, 1, 1, 1)), (21, 10, (1,) * 7))
    for start, hours, by_day in people:
        for first, count in enumerate(by_day):
            need[(first * 24 + start + np.arange(hours)) % need.size] += count
    problem = ShiftProblem(need.reshape(7, 24), (its,), 60.0, 60.0, is_cyclic=True)
    plan = design_shifts(problem, 20.0, enough=180)
    assert plan.cost.total <= 180


def test_the_same_seed_gives_the_same_plan():
    types = (ShiftType("any", Steps(0, 1200, 240), Steps(480, 720, 240), kind_price=7, hour_price=1),)
    problem = ShiftProblem(np.array([[3.0, 4, 1, 5, 2, 6], [1, 3, 5, 2, 4, 4]]), types, 9.0, 2.0, is_cyclic=True)
    first, second = (design_shifts(problem, 20.0, seed=4) for _ in range(2))
    assert first.cost == second.cost
    assert [list(shift.people) for shift in first.shifts] == [list(shift.people) for shift in second.shifts]


def test_twice_the_peak_may_begin_together_so_that_half_of_them_eat():
    whole = ShiftType("whole day", Steps(0, 0, 240), Steps(1440, 1440, 240), meal=Away(240, (480, 720)), kind_price=1.0,
                      hour_price=0.01)
    plan = design_shifts(day([2] * 6, whole))
    assert [used.people.tolist() for used in plan.shifts] == [[4]]
    assert plan.cost.understaffed == 0
    assert plan.is_proved
