"""Shifts for a need that is drawn by hand: how many begin when, at what price, and what they are called."""
import numpy as np
import pytest

from optimizer.staffing.planning.designing import as_types, designed
from sim.scenario.staffing_terms import Prices, ShiftType

DAY = np.tile([0] * 16 + [3] * 16 + [0] * 16, (2, 1))   # three people from eight to four on two days


def kind(code="A", start=(480, 480), hours=(8.0,), meal=0.0, **more):
    return ShiftType.model_validate({"code": code, "from": start, "hours": [{"number": h, "unit": "h"} for h in hours],
                                     "meal": {"number": meal, "unit": "s"}, **more})


def found(*kinds, need=DAY, most=99, prices=None):
    return designed(kinds, need, most, prices or Prices(), 2.0, 1)


def test_three_people_begin_at_eight_on_each_day():
    of = found(kind())
    [shift] = of.shifts
    assert (shift.code, shift.start, float(shift.hours), shift.breaks) == ("A0800", 480, 8, ())
    assert of.people.tolist() == [[3, 3]]
    assert of.work_hours == 48
    assert of.plan.cost.hours == pytest.approx(48 * 68)
    assert of.plan.cost.kinds == pytest.approx(1000 * 2 / 7)     # the price of a kind of shift is that of a week
    assert of.plan.cost.total == pytest.approx(of.plan.bound, rel=1e-3)


def test_where_people_cost_more_than_they_are_worth_nobody_works():
    cheap = Prices.model_validate({"hour": {"number": 100.0}, "missing": {"number": 50.0}, "kind": {"number": 0.0}})
    of = found(kind(), prices=cheap)
    assert of.people.sum() == 0
    assert of.plan.cost.total == pytest.approx(48 * 50)


def test_no_more_are_planned_than_have_workplaces():
    of = found(kind(), most=2)
    assert of.people.tolist() == [[2, 2]]
    assert of.plan.cost.understaffed == pytest.approx(16 * 680)  # one of three, eight hours on two days


def test_meals_are_made_up_for():
    """Nobody may be missing for half an hour: while some eat, others are there."""
    dear = Prices.model_validate({"hour": {"number": 25.0}, "missing": {"number": 1000.0}})
    of = found(kind(hours=(8.5,), meal=1800.0), need=np.tile([0] * 16 + [3] * 17 + [0] * 15, (2, 1)), prices=dear)
    assert (of.people.sum(axis=0) > 3).all()
    assert (of.plan.cover >= 3)[:, 16:33].all()
    assert {float(one.breaks[0].length) for one in of.shifts} == {1800}
    assert {one.work_hours for one in of.shifts} == {8}


def test_a_split_shift_covers_two_peaks_with_nobody_between_them():
    """Two people from eight to twelve and from four to eight: a shift of eight hours would sit there all afternoon."""
    need = np.tile([0] * 16 + [2] * 8 + [0] * 8 + [2] * 8 + [0] * 8, (2, 1))
    of = found(kind("白", start=(480, 720)), kind("分", hours=(12.0,), meal=14_400.0, meal_after=[
        {"number": 3.0, "unit": "h"}, {"number": 5.0, "unit": "h"}]), need=need)
    assert [(one.code, one.work_hours) for one in of.shifts] == [("分0800", 8.0)]
    assert of.people.tolist() == [[2, 2]]
    assert (of.plan.cover == need).all()


def test_several_lengths_are_told_apart_by_their_codes():
    need = np.tile([0] * 16 + [3] * 8 + [1] * 17 + [0] * 7, (2, 1))
    of = found(kind(hours=(4.0, 12.5), meal=0.0), need=need)
    assert {one.code: float(one.hours) for one in of.shifts} == {"A0800x4": 4, "A0800x12.5": 12.5}
    assert of.people.sum(axis=1).tolist() in ([4, 2], [2, 4])


def test_a_night_costs_its_allowance():
    night = np.tile([0] * 44 + [2] * 4, (2, 1))
    night[1, :12] = 2
    of = found(kind("N", (1320, 1320), extra={"number": 1.5}), need=night)
    assert of.people.tolist() == [[2, 2]]
    assert of.plan.cost.hours == pytest.approx(4 * 8 * 68 * 1.5)


def test_a_kind_of_shift_is_one_type_for_each_length_and_start():
    types = list(as_types(kind(start=(480, 540), hours=(8.0, 10.0), meal=1800.0,
                               every={"number": 1800.0, "unit": "s"}), Prices(), 14))
    assert [(one.name, *one.starts.values()) for one in types] == [
        ("A8", 480), ("A8", 510), ("A8", 540), ("A10", 480), ("A10", 510), ("A10", 540)]
    assert {one.kind_price for one in types} == {2000.0}
    assert {one.hour_price for one in types} == {68.0}


def test_nothing_is_planned_where_nobody_is_needed():
    of = found(kind(), need=np.zeros((2, 48), int))
    assert of.people.sum() == 0
    assert of.work_hours == 0
    assert of.plan.cost.total == 0


def test_shifts_that_hand_over_go_on_and_cost_it():
    of = designed((kind(),), DAY, 99, Prices(), 2.0, 1, handover=15)
    [shift] = of.shifts
    assert (shift.code, float(shift.hours), shift.work_hours) == ("A0800", 8.25, 8.25)
    assert of.plan.cost.hours == pytest.approx(6 * 8.25 * 68)


def test_where_nobody_is_needed_nobody_begins_on_any_day():
    found = designed((kind(),), np.zeros((3, 48), np.int64), 10, Prices(), 1.0, 1)
    assert found.people.shape == (0, 3)
    assert found.people.sum(axis=0).tolist() == [0, 0, 0]
