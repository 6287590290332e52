"""Standby on top of a roster: how many, when, who, and what it costs against more people on duty."""
from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import date

from optimizer.staffing.need.target import Target
from optimizer.staffing.planning.calling.overtime import account_of
from optimizer.staffing.planning.calling.reach import minutes
from optimizer.staffing.planning.standby.days_to_come import DaysToCome
from optimizer.staffing.planning.standby.names import OnStandby, Roster
from optimizer.staffing.planning.standby.sizing import Sized, sized
from optimizer.staffing.revising.overtime import Done
from optimizer.staffing.rosters.problem import Ints, Problem
from sim.scenario.scenario import Scenario
from sim.scenario.staffing_terms import StandbyTerms


@dataclass(frozen=True)
class Standby:
    """How many stand by when, who, and yuan over the horizon."""

    terms: StandbyTerms
    sized: Sized
    names: tuple[OnStandby, ...]
    ready: float            # for being reachable
    called: float           # for the hours to be expected of those who are called
    on_duty: float          # of more people on duty instead


def standby_of(scenario: Scenario, city: str, target: Target, problem: Problem, roster: Ints, overtime: Sequence[Done],
               first: date, *, seed: int, first_replication: int, replications: int, executor: Executor) -> Standby:
    """Standby for the share of days that the scenario asks for.

    :param scenario: with the roster in it, and its terms of standby.
    :param overtime: that people have in the roster and by being called.
    :param first: the first day of the roster.
    """
    staffing, force = scenario.staffing_terms, scenario.workforce(city)
    assert staffing.standby is not None
    terms, hour = staffing.standby, float(staffing.prices.hour)
    days = DaysToCome(scenario, city, replace(target, each="day", in_share=None), problem, roster, first, seed,
                      executor)
    account = account_of(scenario, city, problem, overtime, first)
    longest = min(minutes(force.terms_of(group).longest) for group in scenario.groups(city).values())
    found = sized(days, terms, longest, lambda windows: Roster.of(problem, roster, account, windows, longest).most(),
                  first_replication, replications)
    names = Roster.of(problem, roster, account, found.windows, longest).named(found.people.tolist())
    return Standby(terms, found, tuple(names), found.hours_ready * float(terms.pay),
                   found.hours_called * hour * force.rules.pay_rest_day.value, found.hours_on_duty * hour)
