"""The row model finds least amounts that enumeration finds with evaluate, rule by rule."""
from itertools import product

import pytest
from ortools.sat.python import cp_model

from optimizer.staffing.revising.row_model import RowModel, duties_of, solver_of
from optimizer.staffing.rosters.evaluate import broken_rules
from optimizer.staffing.rosters.problem import CarriedIn, Cell, Duty, Person, Problem, Rule

EARLY = Duty("E", 480, 480, 450)
NIGHT = Duty("N", 1320, 600, 540, night=True, not_followed_by=frozenset("E"))
PAST = CarriedIn(days_in_a_row=2, nights_in_a_row=1, last_duty="N", minutes=300, minutes_this_week=500,
                 days_this_week=2)
OFF_BEFORE = CarriedIn(days_off_in_a_row=1)


@pytest.mark.parametrize("before", [None, PAST, OFF_BEFORE])
@pytest.mark.parametrize(("name", "value"), [
    ("most_minutes", 1000), ("least_minutes", 1800), ("most_minutes_a_week", 700), ("most_minutes_a_day", 500),
    ("most_days_in_a_row", 2), ("least_days_in_a_row", 3), ("least_days_off_in_a_row", 3), ("most_weekends", 0),
    ("most_nights", 1), ("most_nights_in_a_row", 1), ("most_of_duty", 1), ("least_rest", 660),
    ("weekly_rest_days", 5)])
def test_each_rule_is_broken_by_as_much_as_evaluate_says(name, value, before):
    rule = Rule(name, value, "law", "law 1", duty="N" if name == "most_of_duty" else None)
    problem = Problem(4, (EARLY, NIGHT), (Person("Li", "full", (rule,), before=before),), (), first_weekday=4)
    for row in product(range(-1, 2), repeat=4):
        expected = sum(one.amount for one in broken_rules(problem, problem.people[0], list(row))
                       if one.rule.name == name)
        assert least(problem, row, rule) == expected


def least(problem, row, rule) -> float:
    """By which the rule is broken in a row that is given."""
    model = cp_model.CpModel()
    built = RowModel(model, problem, problem.people[0], frozenset([rule]), frozenset(["succession"]))
    for day, k in enumerate(row):
        for j, x in enumerate(built.x[day]):
            model.add(x == int(j == k))
    model.minimize(sum(amount for _, amount in built.beyond))
    solver = solver_of(10.0)
    assert solver.solve(model) == cp_model.OPTIMAL
    assert duties_of(solver, built) == list(row)
    return solver.objective_value


def test_what_the_problem_says_itself():
    person = Person("Li", "full", allowed=frozenset("EN"), leave=frozenset([0]), pins=(Cell(1, "N"),))
    problem = Problem(3, (EARLY, NIGHT, Duty("Q", 0, 60, 60, leader=True, skills=frozenset("q"))), (person,), ())
    model = cp_model.CpModel()
    built = RowModel(model, problem, person)
    model.maximize(sum(built.works))
    solver = solver_of(10.0)
    assert solver.solve(model) == cp_model.OPTIMAL
    assert duties_of(solver, built) == [-1, 1, 1]
