"""Who works when: a roster of ordinary time on given shifts, what it lacks, changes and grants."""
from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

import numpy as np

from optimizer.staffing.planning.city_roster.delivering import to_be_written
from optimizer.staffing.planning.city_roster.from_table import frozen_days
from optimizer.staffing.planning.city_roster.leaders import leader_rows, without_leaders
from optimizer.staffing.planning.city_roster.pressing import pressing_rows
from optimizer.staffing.planning.city_roster.published import revised, unless_hardly_better
from optimizer.staffing.planning.city_roster.refusing import refuse_what_is_fixed
from optimizer.staffing.planning.city_roster.rostering import cover_of, in_words, price_of_missing, problem_of
from optimizer.staffing.planning.city_roster.shortage import shortage
from optimizer.staffing.planning.city_roster.wishes import Answered, answered
from optimizer.staffing.planning.designing import Designed
from optimizer.staffing.planning.horizon import first_day
from optimizer.staffing.planning.surge.roster import SurgeRoster
from optimizer.staffing.revising.changes import Difference
from optimizer.staffing.revising.infeasible import Diagnosis
from optimizer.staffing.rosters.problem import Ints, Problem
from optimizer.staffing.rosters.solve import Solution, solve
from sim.scenario.people import Roster, Shift
from sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Rostered:
    """Who works when."""

    problem: Problem            # with the cover of ordinary time
    solved: Solution
    shifts: tuple[Shift, ...]   # that the cells of the table name, each with its meal
    table: Roster               # with the days before it and the people whom it leaves out, as far as a table has them
    shortage: Diagnosis | None  # why it lacks people in ordinary time, where it does
    wishes: tuple[Answered, ...]
    changed: Difference | None  # from the roster that was published, where one was
    usual: Ints                 # [1 + days, half-hours] people wanted in ordinary time, the first rows of its cover
    surge: SurgeRoster | None   # where it is planned for a surge

    @property
    def there(self) -> Ints:
        """[1 + days, half-hours] people on duty."""
        return self.solved.evaluation.cover[:self.usual.size].reshape(self.usual.shape)


def rostered_on(scenario: Scenario, city: str, plan: Designed, people: Ints, seconds: float, seed: int,
                told: datetime | None = None, most: Ints | None = None) -> Rostered | None:
    """A roster on these shifts; None where nobody has a place in one, or there are no shifts.

    :param told: when people hear of it; when the horizon begins if left out.
    :param most: [days, half-hours] people at once for whom there are workplaces.
    """
    problem = problem_of(scenario, city, plan.shifts, people, first_day(scenario), most)
    if not problem.people or not problem.duties:
        return None
    refuse_what_is_fixed(problem, first_day(scenario))
    solved = unless_hardly_better(problem, solve(problem, seconds=seconds, seed=seed))
    return as_rostered(scenario, city, problem, solved, people, told, most=most)


def as_rostered(scenario: Scenario, city: str, problem: Problem, solved: Solution, usual: Ints,
                told: datetime | None, surge: SurgeRoster | None = None, most: Ints | None = None) -> Rostered:
    """With what it lacks of the need of ordinary time, and why; what it changes of what was published, and wishes."""
    first, prices = first_day(scenario), scenario.staffing_terms.prices
    ordinary = replace(problem, cover=(*cover_of(usual, problem.duties, prices, most), *leader_rows(problem)))
    pressing = pressing_rows(usual, problem.duties, price_of_missing(prices))
    missing = int(np.maximum(usual.ravel() - solved.evaluation.cover[:usual.size], 0).sum())
    words = to_be_written(scenario, city, *in_words(problem, solved.roster, first))
    changed = revised(replace(ordinary, cover=(*ordinary.cover, *pressing)), solved.roster,
                      minutes_after(first, told or scenario.horizon.start))
    return Rostered(ordinary, solved, *words,
                    shortage(without_leaders(ordinary), solved.roster, missing, price_of_person(scenario, city),
                             frozen_days(scenario, first)),
                    answered(problem, solved.roster, scenario.workforce(city).roster, first), changed, usual, surge)


def minutes_after(first: date, at: datetime) -> int:
    """From the first midnight to a moment."""
    return (at - datetime.combine(first, time.min)) // timedelta(minutes=1)


def price_of_person(scenario: Scenario, city: str) -> float:
    """Yuan for one more full-time person over the horizon."""
    hours = scenario.workforce(city).rules.standard_week.value
    weeks = (scenario.horizon.end - scenario.horizon.start) / timedelta(weeks=1)
    return hours * weeks * float(scenario.staffing_terms.prices.hour)
