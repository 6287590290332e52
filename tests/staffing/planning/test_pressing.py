"""No empty hall while all have their meal, and a night after the last evening. All by hand."""
from datetime import date

import numpy as np
import pytest
from one_city import loaded

from optimizer.staffing.planning.city_roster.pressing import night_after, pressing_rows
from optimizer.staffing.planning.city_roster.rostering import problem_of
from optimizer.staffing.planning.rostered import as_rostered
from optimizer.staffing.rosters.problem import Duty
from optimizer.staffing.rosters.solve import solve
from sim.scenario.people import Break, Shift
from sim.scenario.quantities import plain

FIRST = date(2021, 8, 1)
DAY, NIGHT = Duty("D", 420, 480, 480), Duty("N", 1320, 600, 540)
LATE = Shift(start=840, hours=plain(8.5, "h"), code="中",
             breaks=(Break(length=plain(1800.0, "s"), window=(plain(3.0, "h"), plain(5.5, "h")), paid=False),))
EVENING = Shift(start=1320, hours=plain(9.0, "h"), code="夜")


def cost(needs, there):
    """Of people missing at one time, in prices of one."""
    rows = [row for row in pressing_rows(np.full((1, 48), needs), (DAY,), 1.0) if row.name.startswith("0 08:00")]
    return max(0, needs - there) + sum(sum(row.costs(there)) for row in rows)


@pytest.mark.parametrize(("need", "costs"), [
    (0, [0]), (1, [2, 0]), (2, [3, 1, 0]), (3, [4.5, 2.25, 1, 0]), (4, [6.25, 3.75, 2.25, 1, 0]),
    (8, [11.5, 9, 7.5, 6, 4.5, 3.25, 2, 1, 0])])
def test_one_missing_costs_the_more_the_more_are_and_the_last_one_as_much_again(need, costs):
    assert [cost(need, there) for there in range(len(costs))] == costs


def test_three_who_are_too_few_have_their_meal_in_turn(tmp_path):
    """Four are wanted all evening, so that as many are missing whenever the three eat."""
    scenario = loaded(tmp_path, change=lambda text: text.replace("agents: 4, ", "agents: 3, "))
    need = np.zeros((2, 48), int)
    need[1, 28:45] = 4
    problem = problem_of(scenario, "town", (LATE,), need, FIRST)
    found = solve(problem, seconds=2.0)
    assert len({problem.duties[k].code for k in found.roster[:, 1]}) == 3
    assert sorted(as_rostered(scenario, "town", problem, found, need, None).there[1, 34:39].tolist()) == [2, 2, 2, 3, 3]


# --- after the horizon -----------------------------------------------------------------------------------------------

def test_the_night_after_is_wanted_until_the_first_shift_of_its_morning():
    need = np.arange(3 * 48).reshape(3, 48)
    assert night_after(need, (DAY, NIGHT)).tolist() == [*range(96, 110), *[0] * 34]
    week = np.arange(9 * 48).reshape(9, 48)     # Sunday before the horizon, Monday to the next Monday; then Tuesday
    assert night_after(week, (DAY, NIGHT))[:14].tolist() == [*range(2 * 48, 2 * 48 + 14)]


def test_rows_after_the_horizon_count_shifts_of_the_last_evening():
    need = np.zeros((2, 48), int)
    need[1, :14] = 1
    after = [row for row in pressing_rows(need, (DAY, NIGHT), 1.0) if row.name.startswith("2 ")]
    assert [row.name for row in after] == [f"2 {k // 2:02d}:{k % 2 * 30:02d}{least}" for least in ("", " at least 1")
                                           for k in range(14)]
    assert {row.duties for row in after} == {((1, "N"),)}
    assert pressing_rows(need, (DAY,), 1.0)[-1].name == "1 06:30 at least 1"  # no shift could be there


def test_somebody_has_the_night_of_the_last_evening(tmp_path):
    """Nobody is wanted before midnight of the last day: the night is wanted for the morning after."""
    need = np.zeros((3, 48), int)
    need[1:, :14] = 1
    problem = problem_of(loaded(tmp_path), "town", (EVENING,), need, FIRST)
    found = solve(problem, seconds=2.0)
    assert (found.roster >= 0).sum(axis=0).tolist() == [1, 1, 1]
