"""Plans that fit the need exactly, against all of them."""
import itertools
import math
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.staffing.shifts.exact_fit import exactly_fitting_people
from optimizer.staffing.shifts.kinds import duties_of
from optimizer.staffing.shifts.plan import cost_of
from optimizer.staffing.shifts.program import program_of
from optimizer.staffing.shifts.terms import Limits, ShiftProblem, ShiftType, Steps

TYPES = (ShiftType("any", Steps(0, 960, 480), Steps(480, 720, 240), kind_price=7, hour_price=1),)
counts = st.lists(st.integers(0, 2), min_size=6, max_size=6)
WAYS = np.array(list(itertools.product(range(3), repeat=6)))  # of all plans: people on each way, two at most


def problem_for(people, **limits):
    """A day of six intervals, and a need that these people on six ways to work fit."""
    problem = ShiftProblem(np.zeros((1, 6)), TYPES, 9.0, 9.0, Limits(**limits), is_cyclic=True)
    return replace(problem, need=(duties_of(problem).cover @ np.array(people)).reshape(1, 6))


def searched(problem, enough=-math.inf):
    return exactly_fitting_people(program_of(problem, duties_of(problem)), 10.0, 1, enough)


@settings(max_examples=10, deadline=None, database=None, derandomize=True)
@given(counts, st.integers(2, 12), st.integers(1, 6))
def test_none_is_cheaper_and_no_limit_is_passed(people, most_people, most_kinds):
    problem = problem_for(people, most_people=most_people, most_kinds=most_kinds)
    duties = duties_of(problem)
    keeps = (WAYS.sum(axis=1) <= most_people) & ((WAYS > 0).sum(axis=1) <= most_kinds)
    fitting = WAYS[keeps & (problem.need[0] == WAYS @ duties.cover.toarray().T).all(axis=1)]
    found = searched(problem)
    if found is None:
        assert not len(fitting)
        return
    assert (duties.cover @ found == problem.need[0]).all()
    assert found.sum() <= most_people
    assert (found > 0).sum() <= most_kinds
    assert cost_of(problem, duties, found).total <= min(
        (cost_of(problem, duties, its).total for its in fitting), default=math.inf)


def test_what_fits_nothing_is_left():
    fits = problem_for([1] * 6)
    assert searched(fits) is not None
    assert searched(replace(fits, need=fits.need + 0.5)) is None
    assert searched(replace(fits, limits=Limits(workplaces=fits.need.max() - 1))) is None
    assert searched(replace(fits, need=np.array([[1.0, 0, 0, 0, 0, 0]]))) is None


def test_enough_ends_the_search():
    problem = problem_for([2, 0, 1, 2, 1, 0])
    duties = duties_of(problem)
    best = cost_of(problem, duties, searched(problem)).total
    assert cost_of(problem, duties, searched(problem, enough=best + 30)).total <= best + 30
    assert np.array_equal(searched(problem), searched(problem))
