"""Fixed rotas by hand."""
import numpy as np
import pytest

from optimizer.staffing.rosters.problem import Duty, ProblemError
from optimizer.staffing.rosters.rota import fixed_rota, spread_offsets

DUTIES = (Duty("D", 480, 480, 480), Duty("E", 960, 480, 480), Duty("N", 0, 480, 480, night=True))


def test_four_teams_on_three_shifts_man_every_shift_of_every_day():
    cycle = ["D", "D", "E", "E", "N", "N", None, None]
    roster = fixed_rota(cycle, DUTIES, 16, spread_offsets(4, 8, teams=4))
    assert [sorted(column) for column in roster.T] == [[-1, 0, 1, 2]] * 16
    assert list(roster[0][:8]) == [0, 0, 1, 1, 2, 2, -1, -1]


def test_people_are_spread_evenly():
    assert list(np.bincount(spread_offsets(11, 4))) == [3, 3, 3, 2]
    assert list(np.bincount(spread_offsets(7, 8, teams=4), minlength=8)) == [2, 0, 2, 0, 2, 0, 1, 0]


def test_a_code_that_is_no_duty_is_refused():
    with pytest.raises(ProblemError):
        fixed_rota(["X"], DUTIES, 7, [0])
