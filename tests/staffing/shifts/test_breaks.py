"""Break times, against all ways of small problems, and the rules that every plan keeps."""
import numpy as np
import pytest
from break_ways import LEGAL, LENGTH, RULES
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.staffing.shifts.breaks.floor import floor_of
from optimizer.staffing.shifts.breaks.staggering import least_cost, stagger_breaks
from optimizer.staffing.shifts.breaks.terms import BreakProblem, DutyGroup
from optimizer.staffing.shifts.breaks.ways import ways

tries = settings(max_examples=15, deadline=None, database=None, derandomize=True)
def walked(its, rules, interval):
    """Every path of a graph of ways."""
    paths, done = [(0, ())], set()
    while paths:
        node, taken = paths.pop()
        if node == its.nodes - 1:
            done.add(taken)
        for arc in np.flatnonzero(its.tail == node):
            begin = int(its.begins[arc]) * interval
            more = ((begin, begin + rules.breaks[its.sort[arc]].length_min),) if its.sort[arc] >= 0 else ()
            paths.append((int(its.head[arc]), taken + more))
    return done


def test_paths_are_all_ways_that_keep_the_rules():
    assert walked(ways(RULES, LENGTH, 30), RULES, 30) == LEGAL
    assert len(LEGAL) > 20


def cover_left(problem, taken_by_all):
    """[intervals] by hand, for one group that begins at 0."""
    settling = problem.groups[0].rules.settling_min
    cover = np.zeros(len(problem.need))
    for taken in taken_by_all:
        for slot in range(min(LENGTH // 30, len(cover))):
            cover[slot] += not any(begin <= slot * 30 < end + settling for begin, end in taken)
    return cover


@tries
@given(st.lists(st.integers(0, 2), min_size=16, max_size=16))
def test_the_best_of_all_ways(need):
    problem = BreakProblem(np.array(need, np.float64), 30, (DutyGroup(0, LENGTH, 2, RULES),))
    one = np.array([cover_left(problem, [taken]) for taken in sorted(LEGAL)])
    missing = problem.need - (one[:, None] + one[None, :])  # by the ways of both people
    best = (10 * np.maximum(missing, 0) + 2 * np.maximum(-missing, 0)).sum(axis=2).min()
    plan = stagger_breaks(problem, 5.0)
    assert plan.cost == pytest.approx(best)
    assert least_cost(floor_of(problem)) <= best


@tries
@given(st.lists(st.integers(0, 4), min_size=48, max_size=48), st.booleans(), st.integers(0, 40))
def test_every_person_keeps_the_rules_and_the_cover_is_what_is_left(need, is_cyclic, start):
    groups = (DutyGroup(0, LENGTH, 2, RULES), DutyGroup(start * 30, LENGTH, 2, RULES), DutyGroup(60, LENGTH, 0, RULES))
    problem = BreakProblem(np.array(need, np.float64), 30, groups, is_cyclic)
    plan = stagger_breaks(problem, 0.5)
    cover = np.zeros(48)
    for group, people in zip(groups, plan.breaks, strict=True):
        assert len(people) == group.people
        for breaks in people:
            taken = sorted((((its.start_min - group.start_min) % 1440), its.length_min) for its in breaks)
            taken = tuple((begin, begin + length) for begin, length in taken)
            assert taken in LEGAL
            for slot in range(LENGTH // 30):
                at = group.start_min // 30 + slot
                if is_cyclic or at < 48:
                    cover[at % 48] += not any(begin <= slot * 30 < end + 30 for begin, end in taken)
    assert np.array_equal(plan.cover, cover)
    assert np.array_equal(plan.cover + plan.understaffed - plan.overstaffed, problem.need)


def test_a_need_that_breaks_can_leave_is_left():
    legal = sorted(LEGAL)
    problem = BreakProblem(np.zeros(16), 30, (DutyGroup(0, LENGTH, 3, RULES),))
    need = cover_left(problem, [legal[0], legal[7], legal[-1]])
    plan = stagger_breaks(BreakProblem(need, 30, problem.groups), 10.0)
    assert plan.cost == 0
    assert plan.proved


def test_negative_prices_are_refused():
    with pytest.raises(ValueError, match="overstaffed_price is negative; a price is 0 or more"):
        BreakProblem(np.zeros(4), 30, (), overstaffed_price=-1.0)


def test_what_cannot_be_is_said():
    with pytest.raises(ValueError, match="no break times keep all rules in a shift of 900 min"):
        ways(RULES, 900, 30)
    with pytest.raises(ValueError, match="30 min is no whole number of intervals of 20 min"):
        ways(RULES, 480, 20)
