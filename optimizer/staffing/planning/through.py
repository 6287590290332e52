"""The way through: need, shifts that cover it, a roster of people, and what all of it brings in simulation."""
from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import replace
from datetime import datetime

from optimizer.staffing.need.price import erlang_c_need
from optimizer.staffing.need.simulated import found_by
from optimizer.staffing.need.target import Of, Target
from optimizer.staffing.need.trials import Trials
from optimizer.staffing.planning.city_roster.delivering import with_roster
from optimizer.staffing.planning.city_roster.own_shifts import others_on_duty
from optimizer.staffing.planning.city_roster.table_shifts import named_from, shifts_by_code, with_codes_apart
from optimizer.staffing.planning.designing import Designed, designed, with_more_starts
from optimizer.staffing.planning.horizon import STEP, first_day
from optimizer.staffing.planning.laps import lap
from optimizer.staffing.planning.luck import served
from optimizer.staffing.planning.need_of_pools import need_of_pools
from optimizer.staffing.planning.needed_in_surge import needs_in_surge
from optimizer.staffing.planning.on_duty.needs import Needs, beside, people_for, plain_needs
from optimizer.staffing.planning.on_duty.presence import (
    Presence,
    in_half_hours,
    lent_from_duty,
    others_at_the_phone,
    seats_of,
)
from optimizer.staffing.planning.on_top import lent_of, standby_on, standing_of, surge_of
from optimizer.staffing.planning.plan import CityPlan, StaffingPlan
from optimizer.staffing.planning.plannable import (
    plannable,
    refuse_nobody,
    refuse_what_nobody_covers,
    refuse_who_answers_some_only,
)
from optimizer.staffing.planning.price_of_service import price_of
from optimizer.staffing.planning.rostered import Rostered, as_rostered, rostered_on
from optimizer.staffing.planning.surge.roster import known_from, surge_roster
from sim.scenario.scenario import Scenario
from sim.scenario.staffing_terms import StaffingTerms
from sim.studies.executors import Workers, at_work
from sim.studies.replication import Tell

REPLICATIONS, ALONE = 16, 32    # of each round: of several cities, and of one
SECONDS = 60.0  # for a roster, or for the shifts of all cities
NAMES: dict[str, Of] = {"offered": "offered", "answered": "answered", "without_short": "short hang-ups left out"}
NEED, PLANNED = 0.4, 0.7        # shares of the work that are done after each part


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
    terms, laps = scenario.staffing_terms, dict[str, float]()
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
            plan.of_pools = need_of_pools(plan, cities[0], executor)
            with lap(laps, "price"):
                plan.price = price_of(plan, cities[0], executor)
    return plan


def planned(plan: StaffingPlan, city: str, c: int, seconds: float, executor: Executor) -> CityPlan:
    """The shifts of a city, its roster if it is the only one, and what they bring."""
    scenario, alone = plan.scenario, len(plan.need.cities) == 1
    others = others_on_duty(scenario, city)
    presence = Presence.of(scenario, city, in_half_hours(scenario, others))
    needs = needs_in_surge(plan, city, presence, executor) if alone and scenario.surges else plain_needs(
        presence, people_for(presence, plan.need.seats[:, c], beside(scenario, city)))
    refuse_what_nobody_covers(plan.terms, city, presence, needs.usual)
    with lap(plan.seconds, "shifts"):
        shifts = designed(plan.terms.shift_types, needs.usual, needs.most, plan.terms.prices,
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
    standing = standing_of(scenario, city, rostered, surge) if rostered else None
    home = people_for(presence, plan.need.seats[:, c], -others_at_the_phone(scenario, city))
    lent = lent_of(plan, city, standing, home, executor) if standing else None
    standby = standby_on(plan, city, standing, lent, executor) if standing else None
    return CityPlan(presence, needs, shifts, rostered, whole, service, today, surge, lent, standby)


def rostered_for(plan: StaffingPlan, city: str, shifts: Designed, needs: Needs, seconds: float) -> Rostered | None:
    """The roster of the only city: of ordinary time, or where a surge is known, on shifts that may begin at other hours
    too."""
    scenario, seed, since = plan.scenario, plan.need.seed, known_from(plan.scenario, city, needs)
    if since is None:
        return rostered_on(scenario, city, shifts, needs.usual, seconds, seed, plan.told_at, needs.most)
    every = with_codes_apart(with_more_starts(plan.terms.shift_types, shifts.shifts, handover_of(plan)),
                             shifts_by_code(scenario, city), STEP)
    found = surge_roster(scenario, city, every, needs, first_day(scenario), since, seconds, seed)
    if found is None:
        return None
    return as_rostered(scenario, city, found.problem, found.solved, needs.usual, plan.told_at, found,
                       needs.most)


def target_of(scenario: Scenario, terms: StaffingTerms) -> Target:
    """The target of a scenario; a share of 0 asks for nothing."""
    asked = terms.target
    return Target(float(asked.share) or None, float(asked.within or scenario.answered_within),
                  float(asked.answered) or None, asked.each, None if asked.in_days is None else float(asked.in_days),
                  NAMES[asked.of], float(asked.short))


def handover_of(plan: StaffingPlan) -> int:
    """Minutes for which each shift goes on after its end."""
    return round(float(plan.terms.handover) / 60)
