"""The way through: need, shifts that cover it, a roster of people, and what all of it brings in simulation."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from time import perf_counter

import numpy as np

from optimizer.staffing.need.simulated import Need, Trials, found_by
from optimizer.staffing.need.target import Of, Target
from optimizer.staffing.planning.by_formula import by_erlang_c, handle_of
from optimizer.staffing.planning.delivering import with_roster
from optimizer.staffing.planning.designing import Designed, designed
from optimizer.staffing.planning.on_duty import Presence
from optimizer.staffing.planning.rostering import STEP, problem_of, table_of
from optimizer.staffing.planning.serving import Service, service_of
from optimizer.staffing.rosters.problem import Ints, Problem
from optimizer.staffing.rosters.solve import Solution, solve
from sim.core.arrays import Floats
from sim.scenario.messages import say
from sim.scenario.people import OFF, Roster
from sim.scenario.problems import UserError
from sim.scenario.scenario import Scenario
from sim.scenario.staffing_terms import StaffingTerms
from sim.studies.executors import Workers, at_work
from sim.studies.replication import Tell
from sim.world.people import half_up

REPLICATIONS = 16
SECONDS = 60.0  # for a roster, or for the shifts of all cities
NAMES: dict[str, Of] = {"offered": "offered", "answered": "answered", "without_short": "short hang-ups left out"}
NEED, SHIFTS, ROSTER = 0.6, 0.75, 0.95  # shares of the work that are done after each part


@dataclass(frozen=True)
class Rostered:
    """Who works when."""

    problem: Problem
    solved: Solution
    table: Roster


@dataclass(frozen=True)
class CityPlan:
    """What is planned for one city."""

    presence: Presence
    people_needed: Ints         # [1 + days, half-hours] planned on duty, meals apart, from the day before on
    designed: Designed
    rostered: Rostered | None
    scenario: Scenario          # with the roster in it, where there is one
    service: Service
    today: Service              # of the scenario as it is
    by_formula: dict[str, Ints]  # [K] of the need: seats by Erlang C, on callers and on today's dials


@dataclass
class StaffingPlan:
    """What was found: the need of all cities, and each city's plan."""

    scenario: Scenario
    terms: StaffingTerms
    target: Target
    need: Need
    cities: dict[str, CityPlan] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


def refuse_parts_of_days(scenario: Scenario) -> None:
    """:raises UserError: where days are not whole, or intervals longer than those that cover is planned by."""
    horizon = scenario.horizon
    if horizon.start.time() != time.min or horizon.end.time() != time.min:
        raise UserError(say("people are planned for whole days: let the horizon begin and end at midnight, and it goes "
                            "from {start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M}", start=horizon.start,
                            end=horizon.end))
    if STEP * 60 % horizon.interval_s:
        raise UserError(say("people are planned by the half hour: take an interval that divides 30 min, not "
                            "{minutes:g} min", minutes=horizon.interval_s / 60))


def target_of(scenario: Scenario, terms: StaffingTerms) -> Target:
    """The target of a scenario; a share of 0 asks for nothing."""
    asked = terms.target
    return Target(float(asked.share) or None, float(asked.within or scenario.answered_within),
                  float(asked.answered) or None, asked.each, None if asked.in_days is None else float(asked.in_days),
                  NAMES[asked.of], float(asked.short))


def staffed(scenario: Scenario, cities: Sequence[str], *, with_rosters: bool, seconds: float = SECONDS, seed: int = 1,
            replications: int = REPLICATIONS, workers: Workers = None, tell: Tell | None = None) -> StaffingPlan:
    """Need, shifts, rosters and service of some cities.

    :param with_rosters: whether people get a roster, or shifts are counted only.
    :param seconds: for all shifts together, and for each roster.
    :param tell: is told the share that is done.
    :raises TargetError: where no number of seats keeps the target.
    :raises UserError: where days are not whole, or intervals longer than those that cover is planned by.
    """
    refuse_parts_of_days(scenario)
    told = tell or (lambda share: None)
    terms, seconds_of = scenario.staffing or StaffingTerms(), dict[str, float]()
    target = target_of(scenario, terms)
    with at_work(workers) as executor:
        with lap(seconds_of, "need"):
            trials = Trials.of(scenario, tuple(cities), target, STEP * 60, seed, replications, executor,
                               lambda share: told(NEED * share))
            need = found_by(trials)
        plan = StaffingPlan(scenario, terms, target, need, seconds=seconds_of)
        for c, city in enumerate(cities):
            plan.cities[city] = planned(plan, city, c, with_rosters, seconds, executor)
            told(NEED + (1 - NEED) * (c + 1) / len(cities))
    return plan


def planned(plan: StaffingPlan, city: str, c: int, with_roster_too: bool, seconds: float,
            executor: Executor) -> CityPlan:
    """The shifts of a city, its roster, and what they bring."""
    scenario, terms = plan.scenario, plan.terms
    presence = Presence.of(scenario, city)
    people = with_the_day_before(presence.people(plan.need.seats[:, c]).reshape(-1, 1440 // STEP))
    with lap(plan.seconds, "shifts"):
        shifts = designed(terms.shift_types, people, presence.most_people, terms.prices,
                          seconds / len(plan.need.cities))
    with lap(plan.seconds, "rosters"):
        rostered = rostered_on(scenario, city, shifts, people, seconds, plan.need.seed) if with_roster_too else None
    whole = with_roster(scenario, city, shifts.shifts, rostered.table) if rostered else scenario
    seats = None if rostered else seats_of(presence, shifts.on_duty[1:], scenario.horizon.interval_s)
    with lap(plan.seconds, "service"):
        service = service_of(whole, city, plan.target, seed=plan.need.seed, first=2 * plan.need.replications,
                             replications=plan.need.replications, executor=executor, seats=seats)
        today = service_of(scenario, city, plan.target, seed=plan.need.seed, first=2 * plan.need.replications,
                           replications=plan.need.replications, executor=executor)
    return CityPlan(presence, people, shifts, rostered, whole, service, today,
                    formulas(plan, city, plan.need.callers[:, c], today.offered))


def formulas(plan: StaffingPlan, city: str, callers: Floats, dials: Floats) -> dict[str, Ints]:
    """Seats by Erlang C.

    :param callers: [K] of the need; :param dials: [I] of the simulation, today.
    """
    steps, handle = plan.need.steps, handle_of(plan.scenario, city, plan.need.seed)
    calls = {"callers": callers, "dials": dials.reshape(steps.number, steps.every).sum(axis=1)}
    return {name: by_erlang_c(one, handle, steps.step_s, plan.target) for name, one in calls.items()}


def with_the_day_before(people: Ints) -> Ints:
    """[1 + days, half-hours]: whoever works in the first hours has begun on the evening before."""
    return np.concatenate([np.zeros_like(people[:1]), people])


def first_day(scenario: Scenario) -> date:
    """The day before the horizon, on which planning begins."""
    return scenario.horizon.start.date() - timedelta(days=1)


def rostered_on(scenario: Scenario, city: str, shifts: Designed, people: Ints, seconds: float, seed: int) -> Rostered:
    """A roster on these shifts."""
    problem = problem_of(scenario, city, shifts.shifts, people, first_day(scenario))
    solved = solve(problem, seconds=seconds, seed=seed)
    return Rostered(problem, solved, table_of(problem, solved.roster, first_day(scenario), OFF))


def seats_of(presence: Presence, on_duty: Floats, interval_s: int) -> Ints:
    """[K] seats that people on duty, [days, half-hours], open in each interval of the simulation."""
    return np.repeat(half_up(presence.seats(on_duty)).ravel(), STEP * 60 // interval_s)


@contextmanager
def lap(seconds: dict[str, float], name: str) -> Iterator[None]:
    """How long a part takes is added to what its like have taken."""
    began = perf_counter()
    yield
    seconds[name] = seconds.get(name, 0.0) + perf_counter() - began
