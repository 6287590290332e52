"""The way through: need, shifts that cover it, a roster of people, and what all of it brings in simulation."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from time import perf_counter
from typing import Any

import numpy as np

from optimizer.staffing.need.price import ErlangC, Rates, Rung, best_with, climb, erlang_c_need
from optimizer.staffing.need.simulated import Need, found_by
from optimizer.staffing.need.target import Of, Target
from optimizer.staffing.need.trials import TargetError, Trials
from optimizer.staffing.planning.city_roster.delivering import to_be_written, with_roster
from optimizer.staffing.planning.city_roster.from_table import frozen_days, thawed
from optimizer.staffing.planning.city_roster.leaders import leader_rows, without_leaders
from optimizer.staffing.planning.city_roster.own_shifts import others_on_duty
from optimizer.staffing.planning.city_roster.published import revised
from optimizer.staffing.planning.city_roster.refusing import refuse_what_is_fixed
from optimizer.staffing.planning.city_roster.rostering import STEP, cover_of, in_words, problem_of
from optimizer.staffing.planning.city_roster.shortage import shortage
from optimizer.staffing.planning.city_roster.table_shifts import named_from, shifts_by_code, with_codes_apart
from optimizer.staffing.planning.city_roster.wishes import Answered, answered
from optimizer.staffing.planning.designing import Designed, designed, with_more_starts
from optimizer.staffing.planning.lent.manning import Lent, Standing, lent_on
from optimizer.staffing.planning.on_duty.needs import Needs, beside, on_duty_today, people_for, plain_needs, surge_needs
from optimizer.staffing.planning.on_duty.overload import within_workplaces
from optimizer.staffing.planning.on_duty.presence import HALF_HOURS, Presence, lent_from_duty, others_at_the_phone
from optimizer.staffing.planning.plannable import (
    plannable,
    refuse_nobody,
    refuse_what_nobody_covers,
    refuse_who_answers_some_only,
)
from optimizer.staffing.planning.serving import Service, service_of
from optimizer.staffing.planning.standby.plan import Standby, standby_of
from optimizer.staffing.planning.surge.called import Called, called
from optimizer.staffing.planning.surge.roster import SurgeRoster, known_from, surge_roster
from optimizer.staffing.revising.changes import Difference
from optimizer.staffing.revising.infeasible import Diagnosis
from optimizer.staffing.rosters.problem import Ints, Problem
from optimizer.staffing.rosters.solve import Solution, solve
from sim.core.arrays import Floats
from sim.measures.statistics import Figure
from sim.scenario.people import Roster, Shift
from sim.scenario.scenario import Scenario
from sim.scenario.staffing_terms import StaffingTerms
from sim.studies.executors import Workers, at_work
from sim.studies.replication import Tell
from sim.studies.study import study
from sim.world.people import half_up

REPLICATIONS, ALONE = 16, 32    # of each round: of several cities, and of one
SECONDS = 60.0  # for a roster, or for the shifts of all cities
NAMES: dict[str, Of] = {"offered": "offered", "answered": "answered", "without_short": "short hang-ups left out"}
NEED, PLANNED = 0.4, 0.7        # shares of the work that are done after each part
FOR_PRICES = 4                  # replications: a ladder of needs is looked at as a whole
DAYS_TO_COME = 4                # times as many for standby, and again to replay it
GOALS = (0.5, 0.7, 0.8, 0.9, 0.95)


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


@dataclass(frozen=True)
class CityPlan:
    """What is planned for one city."""

    presence: Presence
    needs: Needs
    designed: Designed
    rostered: Rostered | None
    scenario: Scenario          # with the roster in it, where there is one
    service: Service
    today: Service              # of the scenario as it is
    surge: Surge | None         # who is called in on top of the roster
    lent: Lending | None        # who mans the seats that the city lends, where it has a roster
    standby: Standby | None     # where it is asked for and there is a roster


@dataclass(frozen=True)
class Surge:
    """Who is called in on top of the roster, the service with them, and how many callers more are answered."""

    called: Called
    service: Service
    brings: Figure


@dataclass(frozen=True)
class Lending:
    """Who mans the seats that are lent, and the service at home when those have come who are called in for it."""

    lent: Lent
    service: Service


@dataclass(frozen=True)
class PriceOfService:
    """What levels of service take in one city, and the share in time that its workplaces can give at the most."""

    rungs: tuple[Rung, ...]
    at_workplaces: float


@dataclass
class StaffingPlan:
    """What was found: the need of all cities, and each city's plan."""

    scenario: Scenario
    terms: StaffingTerms
    target: Target
    need: Need
    by_formula: ErlangC
    cities: dict[str, CityPlan] = field(default_factory=dict)
    price: PriceOfService | None = None  # where one city is planned
    seconds: dict[str, float] = field(default_factory=dict)
    told: datetime | None = None    # when people hear of it; None: when the horizon begins

    @property
    def told_at(self) -> datetime:
        """When people hear of it."""
        return self.told or self.scenario.horizon.start


def target_of(scenario: Scenario, terms: StaffingTerms) -> Target:
    """The target of a scenario; a share of 0 asks for nothing."""
    asked = terms.target
    return Target(float(asked.share) or None, float(asked.within or scenario.answered_within),
                  float(asked.answered) or None, asked.each, None if asked.in_days is None else float(asked.in_days),
                  NAMES[asked.of], float(asked.short))


def staffed(scenario: Scenario, cities: Sequence[str], *, seconds: float = SECONDS, seed: int = 1,
            replications: int | None = None, workers: Workers = None, tell: Tell | None = None,
            told: datetime | None = None) -> StaffingPlan:
    """Need, shifts and service of some cities; a single city also gets a roster and the price of its service.

    :param seconds: for all shifts together, for a roster, and for calls on top of it.
    :param told: when people hear of it, for the notice of what changes; when the horizon begins if left out.
    :param tell: is told the share that is done.
    :raises TargetError: where no number of seats keeps the target.
    :raises UserError: where days are not whole, where nobody who works full time answers every class of callers, and
        where no roster can do what is asked.
    """
    scenario = plannable(scenario, cities)
    refuse_who_answers_some_only(scenario, cities)
    number = replications or (ALONE if len(cities) == 1 else REPLICATIONS)
    say_done = tell or (lambda share: None)
    terms, laps = scenario.staffing or StaffingTerms(), dict[str, float]()
    target = target_of(scenario, terms)
    with at_work(workers) as executor:
        with lap(laps, "need"):
            need = found_by(Trials.of(scenario, tuple(cities), target, STEP * 60, seed, number, executor,
                                      lambda share: say_done(NEED * share)))
        with lap(laps, "formulas"):
            formulas = erlang_c_need(scenario, tuple(cities), target, step_s=STEP * 60, seed=seed,
                                     replications=number, workers=executor)
        plan = StaffingPlan(scenario, terms, target, need, formulas, seconds=laps, told=told)
        for c, city in enumerate(cities):
            plan.cities[city] = planned(plan, city, c, seconds, executor)
            say_done(NEED + (PLANNED - NEED) * (c + 1) / len(cities))
        if len(cities) == 1:
            with lap(laps, "price"):
                plan.price = price_of(plan, cities[0], executor)
    return plan


def planned(plan: StaffingPlan, city: str, c: int, seconds: float, executor: Executor) -> CityPlan:
    """The shifts of a city, its roster if it is the only one, and what they bring."""
    scenario, alone = plan.scenario, len(plan.need.cities) == 1
    others = others_on_duty(scenario, city)
    presence = Presence.of(scenario, city, float(others.max(initial=0)))
    needs = needs_in_surge(plan, city, presence, executor) if alone and scenario.surges else plain_needs(
        presence, people_for(presence, plan.need.seats[:, c], beside(scenario, city)))
    refuse_what_nobody_covers(plan.terms, city, presence, needs.usual)
    with lap(plan.seconds, "shifts"):
        shifts = designed(plan.terms.shift_types, needs.usual, needs.most_at_once, plan.terms.prices,
                          seconds / len(plan.need.cities), plan.need.seed, handover_of(plan),
                          named_from(scenario, city, first_day(scenario)))
        refuse_nobody(plan.terms, city, needs.usual, shifts)
        shifts = replace(shifts, shifts=with_codes_apart(shifts.shifts, shifts_by_code(scenario, city), STEP))
    with lap(plan.seconds, "roster"):
        rostered = rostered_for(plan, city, shifts, needs, seconds) if alone else None
    whole = with_roster(scenario, city, rostered.shifts, rostered.table) if rostered else scenario
    seats = None if rostered else seats_of(presence, shifts.plan.cover[1:], scenario.horizon.interval_s, others,
                                           lent_from_duty(scenario, city))
    with lap(plan.seconds, "service"):
        service = served(plan, whole, city, executor, seats)
        today = served(plan, scenario, city, executor)
    surge = surge_of(plan, city, rostered, needs, whole, seconds, executor) if rostered else None
    standing = standing_of(scenario, rostered, surge) if rostered else None
    home = people_for(presence, plan.need.seats[:, c], -others_at_the_phone(scenario, city))
    lent = lent_of(plan, city, standing, home, executor) if standing else None
    standby = standby_on(plan, city, standing, lent, executor) if standing else None
    return CityPlan(presence, needs, shifts, rostered, whole, service, today, surge, lent, standby)


def rostered_for(plan: StaffingPlan, city: str, shifts: Designed, needs: Needs, seconds: float) -> Rostered | None:
    """The roster of the only city: of ordinary time, or where a surge is known, on shifts that may begin at other hours
    too."""
    scenario, seed, since = plan.scenario, plan.need.seed, known_from(plan.scenario, city, needs)
    if since is None:
        return rostered_on(scenario, city, shifts, needs.usual, seconds, seed, plan.told_at, needs.most_at_once)
    every = with_codes_apart(with_more_starts(plan.terms.shift_types, shifts.shifts, handover_of(plan)),
                             shifts_by_code(scenario, city), STEP)
    found = surge_roster(scenario, city, every, needs, first_day(scenario), since, seconds, seed)
    if found is None:
        return None
    return as_rostered(scenario, city, found.problem, found.solved, needs.usual, plan.told_at, found,
                       needs.most_at_once)


def handover_of(plan: StaffingPlan) -> int:
    """Minutes for which each shift goes on after its end."""
    return round(float(plan.terms.handover) / 60)


def served(plan: StaffingPlan, scenario: Scenario, city: str, executor: Executor, seats: Ints | None = None) -> Service:
    """Service on luck that the need has not seen."""
    return service_of(scenario, city, plan.target, seed=plan.need.seed, first=plan.need.unseen,
                      replications=plan.need.replications, executor=executor, seats=seats)


def needs_in_surge(plan: StaffingPlan, city: str, presence: Presence, executor: Executor) -> Needs:
    """What the only city needs in ordinary time and with the surges of the scenario, at its workplaces."""
    scenario, need = plan.scenario, plan.need
    grown = need.seats[:, 0]
    with lap(plan.seconds, "need"):
        most = half_up(presence.seats(presence.most_people * np.ones((len(grown) // HALF_HOURS, HALF_HOURS)))).ravel()
        within = within_workplaces(
            trials_of(plan, scenario, city, executor, replace(plan.target, each="interval")), grown, most)
    more = beside(scenario, city)
    return surge_needs(presence, ordinary_need(plan, city, executor), people_for(presence, grown, more),
                       people_for(presence, within, more), on_duty_today(scenario, city, presence))


def ordinary_need(plan: StaffingPlan, city: str, executor: Executor) -> Ints:
    """[1 + days, half-hours] people whom the city needs without its surges, without help and with the usual absence:
    what rosters of ordinary time are made for."""
    calm = plan.scenario.model_copy(update={"surges": (), "levers": (), "absences": ()})
    with lap(plan.seconds, "need"):
        need = found_by(trials_of(plan, calm, city, executor, plan.target))
    return people_for(Presence.of(calm, city), need.seats[:, 0], beside(calm, city))


def trials_of(plan: StaffingPlan, scenario: Scenario, city: str, executor: Executor, target: Target) -> Trials:
    """On the luck on which the need was found."""
    return Trials.of(scenario, city, target, STEP * 60, plan.need.seed, plan.need.replications, executor, None)


def surge_of(plan: StaffingPlan, city: str, rostered: Rostered, needs: Needs, whole: Scenario,
             seconds: float, executor: Executor) -> Surge | None:
    """Who is called in where a surge needs more than the roster has; None where nobody is."""
    scenario, seed, number = plan.scenario, plan.need.seed, plan.need.replications
    with lap(plan.seconds, "call-in"):
        found = called(scenario, city, rostered.problem, rostered.solved.roster, needs, plan.terms.prices,
                       first_day(scenario), seconds)
        if found is None or not found.plan.calls:
            return None
        helped = with_roster(scenario, city, found.shifts, found.roster)
        both = study(whole, {"called": helped}, replications=number, seed=seed, workers=executor)
        return Surge(found, served(plan, helped, city, executor),
                     both.difference("called", "callers_answered", f"city:{city}"))


def standing_of(scenario: Scenario, rostered: Rostered, surge: Surge | None) -> Standing:
    """The roster with those called in a surge, as one on top of which people may be called, on frozen days too."""
    if surge is None:
        problem = thawed(without_leaders(rostered.problem), frozen_days(scenario, first_day(scenario)))
        return Standing(problem, rostered.solved.roster, (), (rostered.shifts, rostered.table))
    called_in = surge.called
    return Standing(called_in.plan.problem, called_in.plan.roster, called_in.plan.calls,
                    (called_in.shifts, called_in.roster))


def lent_of(plan: StaffingPlan, city: str, standing: Standing, needed: Ints, executor: Executor) -> Lending | None:
    """Who mans the seats that the city lends, on top of its roster and of those called in a surge."""
    with lap(plan.seconds, "lent"):
        found = lent_on(plan.scenario, city, standing, needed, first_day(plan.scenario), seed=plan.need.seed,
                        replications=plan.need.replications, executor=executor)
        return Lending(found, served(plan, found.scenario, city, executor)) if found else None


def standby_on(plan: StaffingPlan, city: str, standing: Standing, lending: Lending | None,
               executor: Executor) -> Standby | None:
    """Who stands by, on top of everybody who is called in a surge and for what is lent; None where it is not asked
    for."""
    if plan.terms.standby is None:
        return None
    scenario, problem, roster = with_roster(plan.scenario, city, *standing.words), standing.problem, standing.roster
    calls = standing.calls
    if lending is not None:
        lent = lending.lent
        scenario, problem, roster = lent.scenario, lent.plan.problem, lent.plan.roster
        calls = (*calls, *lent.plan.calls)
    number = plan.need.replications
    with lap(plan.seconds, "standby"):
        return standby_of(scenario, city, plan.target, problem, roster, calls, first_day(plan.scenario),
                          seed=plan.need.seed, first_replication=plan.need.unseen + number,
                          replications=DAYS_TO_COME * number, executor=executor)


def price_of(plan: StaffingPlan, city: str, executor: Executor) -> PriceOfService:
    """Levels of service up to the highest that can be had."""
    rates = Rates(float(plan.terms.prices.hour), float(plan.scenario.workforce(city).rules.standard_week))
    how: dict[str, Any] = {"step_s": STEP * 60, "seed": plan.need.seed, "workers": executor,
                           "replications": min(plan.need.replications, FOR_PRICES)}
    only = replace(plan.target, answered=None) if plan.target.share else plan.target
    best = best_with(plan.scenario, city, int(Presence.of(plan.scenario, city).workplaces), only, **how)
    level = best.level["share" if plan.target.share else "answered"].mean
    at_most = float(np.average(level, weights=best.calls)) if level.shape == best.calls.shape else float(level.mean())
    rungs = list[Rung]()
    with suppress(TargetError):
        rungs.extend(climb(plan.scenario, city, only, rates, GOALS, **how))
    return PriceOfService(tuple(rungs), at_most)


def first_day(scenario: Scenario) -> date:
    """The day before the horizon, on which planning begins."""
    return scenario.horizon.start.date() - timedelta(days=1)


def rostered_on(scenario: Scenario, city: str, plan: Designed, people: Ints, seconds: float, seed: int,
                told: datetime | None = None, most: int | None = None) -> Rostered | None:
    """A roster on these shifts; None where nobody has a place in one, or there are no shifts.

    :param told: when people hear of it; when the horizon begins if left out.
    :param most: people at once for whom there are workplaces.
    """
    problem = problem_of(scenario, city, plan.shifts, people, first_day(scenario), most)
    if not problem.people or not problem.duties:
        return None
    refuse_what_is_fixed(problem, first_day(scenario))
    solved = solve(problem, seconds=seconds, seed=seed)
    return as_rostered(scenario, city, problem, solved, people, told, most=most)


def as_rostered(scenario: Scenario, city: str, problem: Problem, solved: Solution, usual: Ints,
                told: datetime | None, surge: SurgeRoster | None = None, most: int | None = None) -> Rostered:
    """With what it lacks of the need of ordinary time, and why; what it changes of what was published, and wishes."""
    first, prices = first_day(scenario), (scenario.staffing or StaffingTerms()).prices
    ordinary = replace(problem, cover=(*cover_of(usual, problem.duties, prices, most), *leader_rows(problem)))
    missing = int(np.maximum(usual.ravel() - solved.evaluation.cover[:usual.size], 0).sum())
    words = to_be_written(scenario, city, *in_words(problem, solved.roster, first))
    changed = revised(ordinary, solved.roster, minutes_after(first, told or scenario.horizon.start))
    return Rostered(ordinary, solved, *words,
                    shortage(without_leaders(ordinary), missing, price_of_person(scenario, city)),
                    answered(problem, solved.roster, scenario.workforce(city).roster, first), changed, usual, surge)


def minutes_after(first: date, at: datetime) -> int:
    """From the first midnight to a moment."""
    return (at - datetime.combine(first, time.min)) // timedelta(minutes=1)


def price_of_person(scenario: Scenario, city: str) -> float:
    """Yuan for one more full-time person over the horizon."""
    hours = scenario.workforce(city).rules.standard_week.value
    weeks = (scenario.horizon.end - scenario.horizon.start) / timedelta(weeks=1)
    return hours * weeks * float((scenario.staffing or StaffingTerms()).prices.hour)


def seats_of(presence: Presence, on_duty: Floats, interval_s: int, others: Floats | float = 0.0,
             lent: Floats | float = 0.0) -> Ints:
    """[K] seats that people on duty, [days, half-hours], open in each interval of the simulation.

    :param others: [K] people who come and are at work by shifts of their own.
    :param lent: [days, half-hours] seats that those on duty open for other cities.
    """
    seats = np.repeat((presence.seats(on_duty) - lent).ravel(), STEP * 60 // interval_s)
    return half_up(seats + others * presence.at_the_phone)


@contextmanager
def lap(seconds: dict[str, float], name: str) -> Iterator[None]:
    """How long a part takes is added to what its like have taken."""
    began = perf_counter()
    yield
    seconds[name] = seconds.get(name, 0.0) + perf_counter() - began
