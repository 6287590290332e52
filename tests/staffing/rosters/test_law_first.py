"""Rules that must never be broken are held where not all that adds up fits into the tables of a search."""
from datetime import date

import numpy as np
import pytest

from optimizer.staffing.planning.city_roster.limits import Period, full_time
from optimizer.staffing.rosters.paths import Paths
from optimizer.staffing.rosters.problem import OFF, CarriedIn, Duty, Person, Problem, cover_by_interval
from optimizer.staffing.rosters.solve import solve
from sim.scenario.work_rules import WorkRules

FIRST = date(2021, 8, 1)


def town(days, night, before, people=1, need=1):
    """People of the law's limits, on days of eight hours and nights of some minutes, from a Sunday on."""
    duties = (Duty("D", 480, 510, 480), Duty("N", 1320, night + 60, night, night=True))
    limits = full_time(WorkRules(), Period(FIRST, days, 68.0), 480.0 * days)
    staff = tuple(Person(f"p{k}", "all", limits, before=before) for k in range(people))
    return Problem(days, duties, staff, cover_by_interval(np.full((days, 48), need), duties, 340.0, 0.0),
                   first_weekday=FIRST.weekday())


@pytest.mark.parametrize(("days", "night", "names"), [
    (8, 480, []), (8, 540, []), (8, 450, []), (29, 480, []), (29, 540, []), (29, 450, ["most_minutes_a_week"])])
def test_what_is_left_out_has_a_price(days, night, names):
    """Nights of another length than days make many sums of hours."""
    before = CarriedIn(days_in_a_row=3, minutes_this_week=3 * night, days_this_week=3)
    problem = town(days, night, before)
    left_out = Paths(problem, problem.people[0], [before]).left_out
    assert [rule.name for rule in left_out] == names
    assert all(rule.price is not None for rule in left_out)


def test_nobody_works_all_days_of_a_week_however_many_are_needed():
    """Six days of the week were worked, the first one that is planned is its Sunday; another week follows."""
    before = CarriedIn(days_in_a_row=6, minutes_this_week=4 * 480 + 2 * 540, days_this_week=6, nights_in_a_row=0)
    found = solve(town(8, 540, before, people=2, need=2), seconds=2)
    assert found.evaluation.feasible
    assert (found.roster[:, 0] == OFF).all()
    assert ((found.roster[:, 1:] == OFF).sum(axis=1) >= 1).all()
