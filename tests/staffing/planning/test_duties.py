"""Shifts as duties with their meals, and what counts as a night."""
import pytest

from optimizer.staffing.planning.duties import duties_of, is_night, shift_code, times_between
from sim.scenario.people import Break, Shift
from sim.scenario.quantities import plain


def shift(code, start, hours, *breaks):
    return Shift(start=start * 60, hours=plain(hours, "h"), code=code, breaks=breaks)


def meal(minutes, first, last, paid=False):
    return Break(length=plain(minutes * 60.0, "s"), window=(plain(first, "h"), plain(last, "h")), paid=paid)


@pytest.mark.parametrize(("first", "last", "times"), [
    (180, 300, [180, 240, 300]), (180, 180, [180]), (180, 210, [180, 210]), (180, 240, [180, 210, 240]),
    (180, 200, [180]), (0, 390, [0, 180, 390])])
def test_meals_are_at_three_times_at_most(first, last, times):
    assert list(times_between(first, last, 30)) == times


def test_meals_are_at_the_beginning_the_middle_and_the_end_of_their_window():
    duties = duties_of([shift("早", 8, 8.5, meal(30, 3, 5.5))], 30)
    assert [duty.code for duty in duties] == ["早①", "早②", "早③"]
    assert [duty.breaks for duty in duties] == [((180, 30),), ((240, 30),), ((300, 30),)]
    assert {(duty.start, duty.presence, duty.paid, duty.night) for duty in duties} == {(480, 510, 480, False)}
    assert {shift_code(duty.code) for duty in duties} == {"早"}


def test_a_paid_break_is_paid_and_a_shift_without_a_meal_is_one_duty():
    [alone] = duties_of([shift("N", 22, 8)], 30)
    assert (alone.code, alone.breaks, alone.paid, alone.night) == ("N", (), 480, True)
    [one] = duties_of([shift("P", 9, 4, meal(30, 2, 2.5, paid=True))], 30)
    assert (one.code, one.breaks, one.paid) == ("P", ((120, 30),), 240)


@pytest.mark.parametrize(("start", "hours", "night"), [
    (22, 8, True), (23, 8, True), (0, 8, True), (16, 8.5, False), (18, 9, True), (18, 8.9, False), (3, 8, True),
    (3.5, 8, False), (21, 6, True), (8, 8, False), (8, 24, True), (20, 7, True)])
def test_three_hours_between_midnight_and_six_make_a_night(start, hours, night):
    assert is_night(round(start * 60), round(hours * 60)) is night
