"""Days in a row count those for which people are called: the law's six, but in an emergency, which is told."""
import numpy as np
import pytest

from optimizer.staffing.planning.calling.within_law import within_law
from optimizer.staffing.revising.added_duties import interval_spans
from optimizer.staffing.revising.call_in import call_in
from optimizer.staffing.revising.call_options import Asked
from optimizer.staffing.revising.overtime import Account, Terms
from optimizer.staffing.revising.take_over import Reach
from optimizer.staffing.rosters.problem import Duty, Person, Problem, Rule, cover_by_interval
from sim.scenario.work_rules import WorkRules

DAY = Duty("D", 480, 480, 480)
SIX = Rule("most_days_in_a_row", 6, "law", "劳动法第 38 条 | Labour Law art. 38")


def longest_run(row) -> int:
    return max(map(len, "".join("x" if k >= 0 else " " for k in row).split()), default=0)


def called(emergency: bool):
    """One person who works Tuesday to Friday and again Monday to Wednesday, in a surge that wants somebody each day."""
    need = np.zeros((11, 24), int)
    need[:, 8:16] = 1
    problem = Problem(11, (DAY,), (Person("P", "full", (SIX,)),), cover_by_interval(need, (DAY,), 900.0, 0.0))
    terms, roster = Terms(wage=0.1, emergency=emergency), np.array([[-1, 0, 0, 0, 0, -1, -1, 0, 0, 0, -1]])
    lawful = within_law(problem, WorkRules(emergency=emergency), 1.25)
    return call_in(lawful, roster, Account(lawful, terms), interval_spans(11, 24), Asked(told=0),
                   Reach(shortest_call=120))


def test_no_call_makes_more_than_six_days_in_a_row():
    plan = called(False)
    assert plan.calls
    assert longest_run(plan.roster[0]) <= 6
    assert all(not call.breaks for call in plan.calls)


def test_in_an_emergency_it_may_and_calls_tell_how_many_days_it_makes():
    plan = called(True)
    run = longest_run(plan.roster[0])
    assert run == 11
    told = [one.reached for call in plan.calls for one in call.breaks if one.name == "most_days_in_a_row"]
    assert told
    assert set(told) == {11.0}


def test_a_rule_that_is_not_the_laws_keeps_its_price():
    custom = Rule("most_days_in_a_row", 6, "custom", "", 7.0)
    problem = Problem(1, (DAY,), (Person("P", "full", (custom, SIX)),), ())
    in_emergency = within_law(problem, WorkRules(emergency=True), 1.25)
    assert [rule.price for rule in in_emergency.people[0].limits] == [7.0, 10.0]
    assert within_law(problem, WorkRules(), 1.25) == problem


@pytest.mark.parametrize("emergency", [False, True])
def test_other_limits_stay(emergency):
    rest = Rule("least_rest", 660, "custom", "", 1.0)
    problem = Problem(1, (DAY,), (Person("P", "full", (rest,)),), ())
    assert within_law(problem, WorkRules(emergency=emergency), 1.25).people[0].limits == (rest,)
