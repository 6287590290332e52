"""Shifts as duties with their meals, and what counts as a night."""
from dataclasses import replace

import pytest

from optimizer.staffing.planning.city_roster.duties import (
    as_shift,
    duties_of,
    handover,
    is_night,
    shift_code,
    times_between,
    with_handover,
)
from optimizer.staffing.rosters.problem import intervals_at_work
from sim.scenario.people import Break, Shift
from sim.scenario.quantities import plain


def shift(code, start, hours, *breaks):
    return Shift(start=start * 60, hours=plain(hours, "h"), code=code, breaks=breaks)


def meal(minutes, first, last, paid=False):
    return Break(length=plain(minutes * 60.0, "s"), window=(plain(first, "h"), plain(last, "h")), paid=paid)


@pytest.mark.parametrize(("first", "last", "times"), [
    (180, 300, [180, 210, 240, 270, 300]), (180, 180, [180]), (180, 210, [180, 210]), (180, 240, [180, 210, 240]),
    (180, 200, [180]), (0, 390, [0, 90, 180, 270, 390])])
def test_meals_are_at_five_times_at_most(first, last, times):
    assert list(times_between(first, last, 30)) == times


def test_meals_are_from_the_beginning_to_the_end_of_their_window():
    duties = duties_of([shift("早", 8, 8.5, meal(30, 3, 5.5))], 30)
    assert [duty.code for duty in duties] == ["早①", "早②", "早③", "早④", "早⑤"]
    assert [duty.breaks for duty in duties] == [((at, 30),) for at in (180, 210, 240, 270, 300)]
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


def test_a_handover_is_a_paid_break_at_the_end_and_comes_back_as_one():
    """Eight hours and a half with an unpaid meal, and a quarter of an hour to hand over."""
    longer = with_handover(shift("早", 8, 8.5, meal(30, 3, 5.5)), 15)
    assert (float(longer.hours), longer.work_hours) == (8.75, 8.25)
    first, *_ = duties_of([longer], 30)
    assert (first.presence, first.paid, first.breaks) == (525, 495, ((180, 30), (510, 15)))
    back = as_shift(first, "早①")
    assert ([pause.paid for pause in back.breaks], back.work_hours) == ([False, True], 8.25)
    assert duties_of([back], 30) == (replace(first, code="早①"),)
    [alone] = duties_of([with_handover(shift("N", 22, 8), 30)], 30)
    assert (alone.presence, alone.paid, alone.breaks) == (510, 510, ((480, 30),))
    assert len(intervals_at_work(alone, 30)) == 16      # nobody is at the telephone while handing over
    assert with_handover(shift("N", 22, 8), 0) == shift("N", 22, 8)


def test_a_paid_meal_in_the_middle_is_no_handover():
    [one] = duties_of([shift("P", 9, 4, meal(30, 2, 2.5, paid=True))], 30)
    assert as_shift(one, "P").breaks[0].paid
    assert handover(shift("P", 9, 4, meal(30, 3.5, 4, paid=False))) == ()
