"""Half-hours with the same people are one row of a program, and each has its own price again."""
from itertools import product

import numpy as np
import pytest
import scipy.sparse as sp

from optimizer.staffing.rosters.columns import Master, Pool, relax
from optimizer.staffing.rosters.instance import Instance
from optimizer.staffing.rosters.problem import Cover, Duty, Person, Problem, Rule
from optimizer.staffing.rosters.same_people import Together, together

NEED, MISSING, SURPLUS = np.array([5.0, 3.0, 1.0]), np.array([4.0, 2.0, 3.0]), np.array([1.0, 0.5, 0.0])
ROWS = Together(np.arange(3), MISSING, SURPLUS)


def cost(there):
    return float(MISSING @ np.maximum(NEED - there, 0) + SURPLUS @ np.maximum(there - NEED, 0))


@pytest.mark.parametrize("there", range(8))
def test_pieces_cost_what_the_rows_cost(there):
    found, left = ROWS.at_the_top(NEED), NEED[0] - there
    if left < 0:
        assert cost(there) == found - left * SURPLUS.sum()
        return
    for width, slope in zip(ROWS.below(NEED), ROWS.slopes, strict=True):
        found += min(width, left) * slope
        left -= min(width, left)
    assert found == cost(there)


@pytest.mark.parametrize("price", np.arange(-1.5, 9.5, 0.5))
def test_a_price_is_parted_as_it_bounds_best(price):
    """Of all prices of the rows inside their own that add up to it, those under which the needs are worth the most."""
    grid = [np.arange(-s, m + 0.25, 0.25) for s, m in zip(SURPLUS, MISSING, strict=True)]
    best = max(float(np.array(some) @ NEED) for some in product(*grid) if sum(some) == price)
    apart = ROWS.apart(price)
    assert apart.sum() == price
    assert apart @ NEED == best
    assert ((apart >= -SURPLUS) & (apart <= MISSING)).all()


def test_rows_are_together_where_the_same_people_contribute_and_count():
    at = sp.csr_array(np.array([[1.0, 0], [1, 0], [0, 1], [1, 0]]))
    counted = np.array([[1.0, 1, 1, 1], [1, 1, 1, 0]])
    found = together(at, counted, np.array([2.0, 3, 1, 4]), np.full(4, 2.0), np.ones(4))
    assert [one.rows.tolist() for one in found] == [[1, 0], [2], [3]]


def test_the_program_costs_what_its_rows_cost_one_by_one():
    """Five people who may work four days, on rows that are one each day; the bound meets the cost."""
    day = Duty("D", 480, 480, 480)
    rows = tuple(Cover(f"{d} {need}", need, missing, surplus, ((d, "D"),)) for d in range(7)
                 for need, missing, surplus in ((4, 10.0, 1.0), (2, 5.0, 0.0), (1, 7.0, 0.0)))
    people = tuple(Person(str(k), "all", (Rule("weekly_rest_days", 3, "law", "test"),)) for k in range(5))
    instance = Instance(Problem(7, (day,), people, rows))
    assert len(Master(instance, range(5), np.zeros(21)).cover) == 7
    found = relax(instance, range(5), np.zeros(21), Pool(5), None, np.inf)
    assert found.cost == pytest.approx((7 * 4 - 5 * 4) * 10.0)
    assert found.bound == pytest.approx(found.cost)
