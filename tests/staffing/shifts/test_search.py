"""Flows by search cost as little as those of the linear program with whole people."""
import numpy as np
import pytest

from optimizer.staffing.shifts.breaks.floor import away_of, floor_of
from optimizer.staffing.shifts.breaks.paths import paths_of
from optimizer.staffing.shifts.breaks.program import best_flows
from optimizer.staffing.shifts.breaks.search import searched_flows
from optimizer.staffing.shifts.breaks.terms import Break, BreakProblem, BreakRules, DutyGroup

RULES = BreakRules((Break("meal", 60, 1, 120, 300), Break("rest", 30, 2)), 30, 30, 180, settling_min=30)
NEED = [2.0, 2, 1, 3, 0, 2, 2, 1, 3, 2, 2, 0, 1, 2, 4, 2, 1, 1, 0, 2, 1, 1, 2, 1]
GROUPS = (DutyGroup(0, 480, 2, RULES), DutyGroup(240, 480, 2, RULES))


def test_both_find_the_best():
    floor = floor_of(BreakProblem(np.array(NEED), 30, GROUPS))
    nobody, all_day = np.zeros(24), np.ones(24, np.bool_)
    whole, is_proved = best_flows(floor, [0, 1], [], nobody, all_day, 10.0)
    searched = searched_flows(floor, [0, 1], nobody, all_day, 10.0, 1)
    costs = [floor.cost(away_of(floor, [paths_of(crew, flow) for crew, flow in zip(floor.crews, flows, strict=True)]))
             for flows in (whole, searched)]
    assert is_proved
    assert costs[0] == pytest.approx(costs[1])


def test_parts_of_people_to_spare_are_not_searched():
    floor = floor_of(BreakProblem(np.array(NEED) + 0.5, 30, GROUPS))
    assert searched_flows(floor, [0, 1], np.zeros(24), np.ones(24, np.bool_), 10.0, 1) is None
