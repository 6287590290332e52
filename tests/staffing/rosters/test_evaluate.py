"""Costs and broken rules of rosters that a person can check by hand."""
from dataclasses import replace

import numpy as np
import pytest

from optimizer.staffing.rosters.evaluate import Evaluation, evaluate
from optimizer.staffing.rosters.problem import (
    CarriedIn,
    Ceiling,
    Cell,
    Cover,
    Duty,
    Fairness,
    Person,
    Problem,
    ProblemError,
    Rule,
    Wish,
    cover_by_interval,
)

EARLY = Duty("E", 480, 480, 450, breaks=((240, 30),))
LATE = Duty("L", 960, 480, 450, not_followed_by=frozenset("E"))
NIGHT = Duty("N", 1320, 600, 540, night=True)
DUTIES = (EARLY, LATE, NIGHT)


def rule(name, value, price=None, duty=None):
    return Rule(name, value, "contract", "contract 7", price, duty)


def judged(row: str, *limits: Rule, **person) -> Evaluation:
    """One person's row, a letter a day."""
    problem = Problem(len(row), DUTIES, (Person("Zhang", "full", limits, **person),), ())
    return evaluate(problem, np.array([["ELN".find(letter) for letter in row]]))


def found(evaluation: Evaluation) -> list[tuple[str, int | None, float]]:
    return [(one.rule.name, one.day, one.amount) for one in evaluation.broken]


@pytest.mark.parametrize(("row", "limit", "expected"), [
    ("EE.E", rule("most_minutes", 1300), [("most_minutes", None, 50)]),
    ("EE.E", rule("least_minutes", 1400), [("least_minutes", None, 50)]),
    ("EEEEE..EEEE", rule("most_minutes_a_week", 2200), [("most_minutes_a_week", 6, 50)]),
    ("E.N", rule("most_minutes_a_day", 480), [("most_minutes_a_day", 2, 60)]),
    ("EEEE.EE", rule("most_days_in_a_row", 2), [("most_days_in_a_row", 2, 2)]),
    (".E.EE.E", rule("least_days_in_a_row", 2), [("least_days_in_a_row", 1, 1)]),
    ("E.E..E.", rule("least_days_off_in_a_row", 2), [("least_days_off_in_a_row", 1, 1)]),
    (".....E......EE", rule("most_weekends", 1), [("most_weekends", None, 1)]),
    ("NNEN", rule("most_nights", 2), [("most_nights", None, 1)]),
    ("NNNEN", rule("most_nights_in_a_row", 2), [("most_nights_in_a_row", 2, 1)]),
    ("LLE", rule("most_of_duty", 1, duty="L"), [("most_of_duty", None, 1), ("succession", 2, 1)]),
    ("EN.NE", rule("least_rest", 660), [("least_rest", 4, 660)]),
    ("EEEEEEE", rule("weekly_rest_days", 1), [("weekly_rest_days", 6, 1)]),
])
def test_each_rule(row, limit, expected):
    assert sorted(found(judged(row, limit))) == sorted(expected)
    assert not judged(row, limit).feasible


def test_a_price_makes_a_rule_soft():
    evaluation = judged("EEEE", rule("most_days_in_a_row", 2, price=30.0))
    assert evaluation.feasible
    assert evaluation.cost == evaluation.parts["most_days_in_a_row"] == 60.0


def test_what_was_carried_in_counts():
    five = CarriedIn(days_in_a_row=5, last_duty="N", minutes=1000, minutes_this_week=500, days_this_week=5)
    assert found(judged("E.", rule("most_days_in_a_row", 5), before=five)) == [("most_days_in_a_row", 0, 1)]
    assert found(judged("L.", rule("least_rest", 660), before=five)) == [("least_rest", 0, 180)]
    assert found(judged("L.", rule("most_minutes", 1440), before=five)) == [("most_minutes", None, 10)]
    assert found(judged("L.", rule("most_minutes_a_week", 940), before=five)) == [("most_minutes_a_week", 1, 10)]
    assert found(judged("LL", rule("weekly_rest_days", 1), before=five)) == [("weekly_rest_days", 1, 1)]
    one = CarriedIn(days_in_a_row=1)
    assert found(judged(".E", rule("least_days_in_a_row", 2), before=one)) == [("least_days_in_a_row", 0, 1)]
    assert not judged("E.", rule("least_days_in_a_row", 2), before=one).broken
    assert not judged("E.", rule("least_days_in_a_row", 2)).broken


def test_leave_pins_skills_and_leaders():
    assert found(judged("E", leave=frozenset([0]))) == [("leave", 0, 1)]
    assert found(judged("E", pins=(Cell(0, "L"),))) == [("pin", 0, 1)]
    assert found(judged("E", pins=(Cell(0, None),))) == [("pin", 0, 1)]
    assert found(judged("E", allowed=frozenset("L"))) == [("allowed", 0, 1)]
    duty = Duty("Q", 0, 480, 480, skills=frozenset(["english"]), leader=True)
    problem = Problem(1, (duty,), (Person("Li", "full"),), ())
    assert found(evaluate(problem, np.array([[0]]))) == [("skill", 0, 1), ("leader", 0, 1)]


def test_wishes_changes_and_holidays_cost():
    person = Person("Li", "full", published=(Cell(0, "E"), Cell(1, None)),
                    wishes=(Wish(0, None, False, 5), Wish(1, "L", True, 7), Wish(1, "E", False, 11)))
    problem = Problem(2, DUTIES, (person,), (), premium=(0.0, 2.0), change_price=3.0)
    parts = evaluate(problem, np.array([[-1, 0]])).parts
    assert (parts["wishes"], parts["changes"], parts["premium"]) == (18.0, 6.0, 900.0)


def test_cover_passes_midnight_and_knows_breaks_and_skills():
    need = np.zeros((2, 48), int)
    need[0, 24], need[1, 0], need[1, 16] = 1, 2, 1  # a break at noon; a night past midnight; it ends at 08:00
    rows = cover_by_interval(need, DUTIES, 10.0, 1.0)
    english = Cover("english", 2, 100.0, 0.0, ((0, "E"), (0, "N")), skill="english")
    people = (Person("Li", "full", skills=frozenset(["english"])), Person("Wu", "full"))
    evaluation = evaluate(Problem(2, DUTIES, people, (*rows, english)), np.array([[0, -1], [2, -1]]))
    assert [evaluation.cover[k] for k in (24, 48, 64)] == [0, 1, 0]
    assert evaluation.parts["missing"] == 10 + 10 + 10 + 100
    assert evaluation.parts["surplus"] == 15 + 4 + 15  # eight hours less a break; 22:00 to 24:00; 00:30 to 08:00


def test_who_has_no_place_counts_beside_who_is_too_many():
    people = tuple(Person(name, "full") for name in "ABC")
    row = Cover("noon", 1, 10.0, 1.0, ((0, "E"),), ceiling=Ceiling(2, 100.0))
    parts = [evaluate(Problem(1, DUTIES, people, (row,)), np.array(roster)).parts
             for roster in ([[0], [0], [-1]], [[0], [0], [0]])]
    assert [(one["missing"], one["surplus"], one["beyond"]) for one in parts] == [(0, 1, 0), (0, 2, 100)]


def test_fairness_counts_what_is_outside_the_best_band():
    people = tuple(Person(name, "full", before=CarriedIn(nights=n)) for name, n in [("A", 0), ("B", 0), ("C", 3)])
    problem = Problem(4, DUTIES, people, (), fairness=(Fairness("nights", "full", 10.0),))
    roster = np.array([[2, -1, -1, -1], [-1, -1, -1, -1], [2, 2, -1, -1]])  # 1, 0, 5 with the balance
    evaluation = evaluate(problem, roster)
    assert evaluation.parts["fairness"] == 30.0
    assert list(evaluation.nights) == [1, 0, 2]


def test_nonsense_is_refused():
    problem = Problem(1, DUTIES, (Person("Li", "full"),), ())
    with pytest.raises(ProblemError):
        evaluate(problem, np.array([[3]]))
    with pytest.raises(ProblemError):
        replace(problem, duties=(EARLY, EARLY))
    with pytest.raises(ProblemError):
        replace(problem, people=(Person("Li", "full", pins=(Cell(1, "E"),)),))
