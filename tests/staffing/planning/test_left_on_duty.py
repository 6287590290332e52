"""Who is on duty in a hall by the half-hour, counted by hand."""
from datetime import date
from pathlib import Path

import numpy as np

from optimizer.staffing.planning.left_on_duty import Hall, OnDuty, hall_of, left_of, on_duty
from optimizer.staffing.planning.plannable import plannable
from optimizer.staffing.rosters.problem import Duty, Person, Problem
from sim.reading.loading import load

NIGHT = Duty("N", 1320, 540, 480, night=True, breaks=((300, 60),))      # 22:00 to 07:00, a meal at three
LATER = Duty("M", 1320, 540, 480, night=True, breaks=((360, 60),))      # a meal at four
DUTIES = (NIGHT, LATER)
SHIFT = 1320, 1440 + 420


def hall(problem, roster, calls=True, leaders=1) -> Hall:
    planned = on_duty(problem, np.array(roster))
    nobody = np.zeros_like(planned.at_work)
    return Hall(planned, OnDuty(nobody, nobody, nobody), np.full(96, calls), leaders)


def test_two_at_night_and_one_is_ill():
    problem = Problem(2, DUTIES, (Person("Zhang", "full", leads=True), Person("Li", "full")), ())
    left = left_of(hall(problem, [[0, -1], [1, -1]]), problem, np.array([[-1, -1], [1, -1]]), SHIFT)
    assert (left.at_work, left.at_work_in) == (1, (SHIFT,))
    assert (left.at_phones, left.at_phones_in) == (0, ((1440 + 240, 1440 + 300),))
    assert left.nobody == left.at_phones_in
    assert left.leaderless == (SHIFT,)


def test_nobody_is_missed_where_nobody_calls_or_nobody_was_planned():
    problem = Problem(2, DUTIES, (Person("Zhang", "full"), Person("Li", "full")), ())
    quiet = left_of(hall(problem, [[0, -1], [1, -1]], calls=False), problem, np.array([[-1, -1], [1, -1]]), SHIFT)
    assert (quiet.at_phones, quiet.nobody, quiet.leaderless) == (0, (), ())
    same = left_of(hall(problem, [[0, -1], [0, -1]]), problem, np.array([[-1, -1], [0, -1]]), SHIFT)
    assert (same.at_phones, same.nobody) == (0, ())     # both were at their meal at three


def test_two_leaders_are_wanted_and_two_are_there():
    people = tuple(Person(name, "full", leads=True) for name in ("Zhang", "Li"))
    problem, ill = Problem(2, DUTIES, people, ()), np.array([[-1, -1], [1, -1]])
    assert left_of(hall(problem, [[0, -1], [1, -1]], leaders=1), problem, ill, SHIFT).leaderless == ()
    assert left_of(hall(problem, [[0, -1], [1, -1]], leaders=2), problem, ill, SHIFT).leaderless == (SHIFT,)


def test_what_is_left_of_a_shift_is_counted_alone():
    problem = Problem(2, DUTIES, (Person("Zhang", "full"), Person("Li", "full")), ())
    left = left_of(hall(problem, [[0, -1], [1, -1]]), problem, np.array([[-1, -1], [1, -1]]), (1440 + 310, 1440 + 420))
    assert (left.at_phones, left.at_phones_in, left.nobody) == (1, ((1440 + 330, 1440 + 420),), ())


def test_people_on_shifts_of_their_own_are_in_the_hall():
    """Half of four at noon, 4 % of them absent, on a day on which nobody else has a shift yet."""
    town = plannable(load(Path(__file__).parents[3] / "docs" / "examples" / "roster" / "town.yaml"), ["town"])
    nobody = np.zeros(8 * 48, np.int64)
    found = hall_of(town, "town", (), date(2021, 9, 29), OnDuty(nobody, nobody, nobody))
    day = found.planned.at_phones.reshape(8, 48)[5]     # 4 October
    assert day.tolist() == [0] * 20 + [2] * 8 + [0] * 20
    assert found.calls.reshape(8, 48).all(axis=1).tolist() == [False] + [True] * 7
    led = found.planned.leaders.reshape(8, 48)[1]       # 30 September: 陈晓 leads from seven, 王一 is off
    assert led[14:44].all()
