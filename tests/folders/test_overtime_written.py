"""Overtime and holidays of a roster, in people, hours and yuan, by hand."""
from types import SimpleNamespace

import numpy as np
import pytest
from one_city import loaded

from optimizer.staffing.planning.city_roster.rostering import problem_of
from optimizer.staffing.planning.horizon import first_day
from optimizer.staffing.rosters.problem import OFF
from sim.scenario.people import Shift
from sim.scenario.quantities import plain
from surgeline.folders.overtime_writing import overtime

PEOPLE = "people: {town: {groups: {full: {people: 3, shifts: days}}HOLIDAYS}}\n"


@pytest.mark.parametrize(("holidays", "ordinary", "on_holidays"), [
    ("", (1, 4.0, 4 * 68 * 1.5), (0, 0.0, 0.0)),
    (", holidays: [2021-08-03]", (0, 0.0, 0.0), (2, 44.0, 44 * 68 * 3.0))])
def test_hours_beyond_the_week_and_on_holidays_are_paid_more(tmp_path, holidays, ordinary, on_holidays):
    """Two people work 22 hours on the second day, one of them also on the first, which makes 44 of 40 hours; the third
    works on the day before the horizon only. An hour costs 68 yuan."""
    town = loaded(tmp_path, PEOPLE.replace("HOLIDAYS", holidays), lambda text: text.replace("agents: 4, ", ""))
    shift = Shift(start=0, hours=plain(22.0, "h"), code="长")
    problem = problem_of(town, "town", (shift,), np.zeros((3, 48), int), first_day(town))
    on = problem.index["长"]
    roster = np.array([[OFF, on, on], [OFF, OFF, on], [on, OFF, OFF]])
    found = overtime(town, "town", [SimpleNamespace(problem=problem, solved=SimpleNamespace(roster=roster))])
    for kind, expected in (("ordinary", ordinary), ("holidays", on_holidays)):
        assert tuple(found[kind][name] for name in ("people", "hours", "yuan")) == pytest.approx(expected)
