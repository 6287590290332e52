"""What changed, told by hand; swaps that may be and may not."""
import numpy as np
import pytest

from optimizer.staffing.revising.changes import OfPerson, difference, may_swap
from optimizer.staffing.rosters.evaluate import evaluate
from optimizer.staffing.rosters.problem import Cell, Duty, Person, Problem, Rule, cover_by_duty

DUTIES = (Duty("E", 480, 480, 450), Duty("L", 960, 480, 450), Duty("N", 1320, 600, 540, night=True))
REST = Rule("least_rest", 660, "custom", "house rule 3")


def roster(*rows: str):
    return np.array([["ELN".find(letter) for letter in row] for row in rows])


def test_changes_with_hours_nights_notice_and_price():
    people = (Person("Zhang", "full", published=(Cell(0, "E"), Cell(1, None)), pins=(Cell(0, "E"),)),
              Person("Li", "full"), Person("Wu", "full"))
    problem = Problem(2, DUTIES, people, (), change_price=5.0)
    found = difference(problem, roster("E.", "L.", "E."), roster("EN", "..", "E."), told=600)
    first, second = found.changes
    assert (first.person, first.day, first.before, first.after) == ("Zhang", 1, None, "N")
    assert (first.minutes, first.nights, first.notice, first.published) == (540, 1, 1440 + 1320 - 600, True)
    assert (second.person, second.minutes, second.nights, second.notice) == ("Li", -450, 0, 360)
    assert found.people == (OfPerson("Zhang", 1, 540, 1), OfPerson("Li", 1, -450, 0))
    assert (found.change_price, found.price, found.frozen_kept) == (5.0, 5.0, True)
    assert not difference(problem, roster("E.", "L.", "E."), roster("L.", "L.", "E."), told=0).frozen_kept


def test_a_change_for_the_earlier_has_the_notice_of_the_earlier_duty():
    problem = Problem(1, DUTIES, (Person("Li", "full"),), ())
    assert difference(problem, roster("L"), roster("E"), told=500).changes[0].notice == -20


def test_two_swap_the_same_day():
    problem = Problem(1, DUTIES, (Person("Zhang", "full"), Person("Li", "full")), ())
    assert may_swap(problem, roster("E", "L"), "Zhang", 0, "Li", 0).possible


def test_rest_leave_and_pins_forbid_a_swap_and_say_whose():
    people = (Person("Zhang", "full", (REST,)), Person("Li", "full", (REST,), leave=frozenset([1])),
              Person("Wu", "full", pins=(Cell(1, "E"),)))
    problem = Problem(2, DUTIES, people, ())
    rest = may_swap(problem, roster("L.", "E.", ".E"), "Zhang", 0, "Wu", 1)
    assert [(person, check.name) for person, check in rest.reasons] == [("Wu", "pin")]
    leave = may_swap(problem, roster(".E", "L.", ".."), "Zhang", 1, "Li", 0)
    assert [(person, check.name) for person, check in leave.reasons] == [("Li", "leave")]
    tired = may_swap(problem, roster("LL", "..", ".E"), "Zhang", 1, "Wu", 1)
    assert [(person, check.name, check.added) for person, check in tired.reasons] \
        == [("Zhang", "least_rest", 180), ("Wu", "pin", 1)]


def test_the_price_of_a_swap_is_that_of_whole_evaluations():
    people = (Person("Zhang", "full", skills=frozenset(["english"])), Person("Li", "full", published=(Cell(0, "E"),)))
    problem = Problem(3, DUTIES, people, cover_by_duty(np.ones((3, 3), int), DUTIES, 10.0, 1.0), change_price=2.0)
    before, after = roster("N..", "E.L"), roster("..L", "N..")
    with pytest.raises(ValueError, match="must be off"):
        may_swap(problem, before, "Zhang", 0, "Li", 2)
    before, after = roster("N..", "..L"), roster("..L", "N..")
    swap = may_swap(problem, before, "Zhang", 0, "Li", 2)
    assert swap.price == pytest.approx(evaluate(problem, after).cost - evaluate(problem, before).cost)
    with pytest.raises(ValueError, match="nothing"):
        may_swap(problem, before, "Zhang", 1, "Li", 1)
