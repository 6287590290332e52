"""Levels at which an order is changed, by hand and in the two small cities."""
from __future__ import annotations

import numpy as np
import pytest
from helping import with_terms
from ordered import LEND

from optimizer.lending.inputs.province import province
from optimizer.lending.trials.levels import Rates, length_of, levels_of, lowest, of_city, quarters_of, runs
from sim.scenario.dates import Span
from sim.scenario.levers import ONE_LEVER


def rates(*answered: list[int], dials: int = 100) -> Rates:
    found = np.array(answered, float)
    return Rates(np.full(found.shape, float(dials)), found)


def test_so_many_in_a_row():
    true = np.array([[1, 1, 0, 0], [1, 0, 1, 0], [0, 1, 1, 1]], bool)
    assert runs(true, 2).tolist() == [True, False, True]
    assert runs(true, 3).tolist() == [False, False, True]
    assert runs(true, 5).tolist() == [False, False, False]


def test_one_quarter_in_twenty_is_lower():
    each = np.arange(40, dtype=float).reshape(4, 10) / 100
    assert lowest(each) == 0.01
    assert lowest(np.array([[np.nan, 0.5]])) == 0.5
    assert lowest(np.array([[np.nan]])) == 0


def test_levels_by_hand():
    """Two quarter-hours from noon on: usually 96 answer, 94 and 90 with the plan, 99 without a surge."""
    p = province(with_terms(block="1 h"))
    quarters = quarters_of(p.scenario)
    noon = next(i for i, one in enumerate(quarters) if one.start.hour == 12)
    alone, planned, calm = (np.full((2, len(quarters)), value) for value in (96, 94, 99))
    planned[1, noon:noon + 2] = 90
    span = Span(start=quarters[noon].start, end=quarters[noon + 1].end)
    found = of_city(p, "west", [span], quarters, [rates(*one.tolist()) for one in (alone, planned, calm)])
    [level] = found.times
    assert (found.minutes, level.start, level.end) == (15, 720, 780)
    assert (level.usual, level.expected, level.low, level.everyday) == pytest.approx((0.96, 0.92, 0.90, 0.99))
    assert level.recall == pytest.approx(0.90)          # 94 % less chance
    assert level.release == pytest.approx(0.97)
    assert level.escalate == pytest.approx(0.90)
    assert (found.recalls, found.escalations, found.releases) == (0, 0, 0)
    planned[1, noon:noon + 2], planned[0, noon:noon + 2] = 95, 95
    found = of_city(p, "west", [span], quarters, [rates(*one.tolist()) for one in (alone, planned, calm)])
    assert found.times[0].recall == pytest.approx(0.94)  # the floor: two points below usual


def test_levels_are_of_the_cities_and_times_of_the_plan():
    p = province(with_terms())
    found = levels_of(p, (ONE_LEVER.validate_python(LEND),), seed=1)
    assert set(found) == {"west", "east"}
    assert [(one.start, one.end) for one in found["west"].times] == [(h * 60, h * 60 + 60) for h in range(12, 18)]
    assert all(one.recall <= one.usual and one.escalate <= one.expected for one in found["east"].times)
    assert levels_of(p, (), seed=1) == {}


def test_times_of_day_are_longer_where_a_sheet_has_no_columns_for_them():
    p = province(with_terms(block="30 min"))
    assert length_of(p, np.arange(8 * 60, 20 * 60)) == 60
    assert length_of(p, np.arange(24 * 60)) == 120
    assert length_of(province(with_terms(block="2 h")), np.arange(24 * 60)) == 120
