"""Plans of breaks that are drawn at once: the chances they are drawn by, and what they leave."""
import math

import numpy as np
import pytest
from break_ways import LEGAL, LENGTH, RULES

from optimizer.staffing.shifts.breaks import staggering
from optimizer.staffing.shifts.breaks.chances import chances_of, favour_of, graph_of
from optimizer.staffing.shifts.breaks.drawing import Drawing
from optimizer.staffing.shifts.breaks.floor import away_of, floor_of
from optimizer.staffing.shifts.breaks.particles import expect
from optimizer.staffing.shifts.breaks.terms import BreakProblem, DutyGroup

SLOTS = LENGTH // 30
ONE = np.array([[any(begin <= slot * 30 < end + RULES.settling_min for begin, end in taken) for slot in range(SLOTS)]
                for taken in sorted(LEGAL)], np.float64)  # [ways, intervals] away


def planted(is_cyclic, seed=5):
    """A day on which every four intervals three people begin, and the need that chance ways of theirs leave."""
    luck, need = np.random.default_rng(seed), np.zeros(48)
    starts = range(0, 48 if is_cyclic else 32, 4)
    for start in starts:
        for _ in range(3):
            need[(start + np.arange(SLOTS)) % 48] += 1 - ONE[luck.integers(len(ONE))]
    return BreakProblem(need, 30, tuple(DutyGroup(start * 30, LENGTH, 3, RULES) for start in starts), is_cyclic)


def test_without_favour_all_ways_are_as_likely():
    floor = floor_of(BreakProblem(np.zeros(SLOTS), 30, (DutyGroup(0, LENGTH, 2, RULES),)))
    graph = graph_of(floor.crews)
    weight, value, flow = np.zeros((3, len(graph.begins)))
    expected, spread = np.zeros((2, SLOTS))
    expect(graph, np.zeros(SLOTS), weight, value, flow, expected, spread)
    assert expected == pytest.approx(2 * ONE.mean(axis=0))
    assert value[0] == pytest.approx(len(LEGAL))


def test_favour_brings_as_many_away_as_there_are_to_spare():
    floor = floor_of(planted(is_cyclic=True))
    graph = graph_of(floor.crews)
    weight, value, flow = np.zeros((3, len(graph.begins)))
    before, after, _ = np.zeros((3, 48))
    expect(graph, np.zeros(48), weight, value, flow, before, np.zeros(48))
    expect(graph, favour_of(graph, floor.spare, np.ones(48, np.bool_)), weight, value, flow, after, np.zeros(48))
    assert np.abs(before - floor.spare).max() > 1
    assert after == pytest.approx(floor.spare, abs=0.35)


def test_chances_are_those_of_the_ways():
    """Without favour, the first break begins at a time as often as it does among all ways."""
    floor = floor_of(BreakProblem(np.zeros(SLOTS), 30, (DutyGroup(0, LENGTH, 1, RULES),)))
    begin, not_yet = chances_of(graph_of(floor.crews), np.zeros(SLOTS)).begin[0], 1.0
    for slot in range(SLOTS - 1):
        share = sum(taken[0][0] == slot * 30 for taken in LEGAL) / len(LEGAL)
        assert not_yet * begin[slot] == pytest.approx(share)
        not_yet -= share


@pytest.mark.parametrize("is_cyclic", [False, True])
def test_an_exact_fit_is_drawn(is_cyclic):
    floor = floor_of(planted(is_cyclic))
    paths = Drawing(floor).paths(2000, 1, math.inf)
    assert [len(its) for its in paths] == [3] * len(floor.crews)
    assert floor.cost(away_of(floor, paths)) == 0


def test_the_same_seed_draws_the_same():
    drawing = Drawing(floor_of(planted(is_cyclic=True)))
    first, again, other = (drawing.paths(20, seed, math.inf) for seed in (3, 3, 4))
    flat = [np.concatenate([path for its in paths for path in its]).tolist() for paths in (first, again, other)]
    assert flat[0] == flat[1] != flat[2]


def test_no_time_draws_nothing():
    assert Drawing(floor_of(planted(is_cyclic=True))).paths(20, 1, -math.inf) is None


def test_needs_that_nothing_fits_are_drawn_too():
    """Parts of people, far too many people on duty, and far too few."""
    problem = planted(is_cyclic=True)
    for need in (problem.need + 0.5, problem.need - 20, problem.need + 20):
        floor = floor_of(BreakProblem(need, 30, problem.groups, True))
        paths = Drawing(floor).paths(50, 1, math.inf)
        assert math.isfinite(floor.cost(away_of(floor, paths)))


def test_large_problems_are_drawn_and_every_person_keeps_the_rules(monkeypatch):
    monkeypatch.setattr(staggering, "SMALL", 0)
    problem = planted(is_cyclic=True)
    groups = tuple(DutyGroup(group.start_min, LENGTH, 1, RULES) for group in problem.groups for _ in range(3))
    plan = staggering.stagger_breaks(BreakProblem(problem.need, 30, groups, True), 60.0)
    assert plan.cost == 0
    for group, (person,) in zip(groups, plan.breaks, strict=True):
        taken = sorted(((its.start_min - group.start_min) % 1440, its.length_min) for its in person)
        assert tuple((begin, begin + length) for begin, length in taken) in LEGAL
