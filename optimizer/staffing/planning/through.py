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
from optimizer.staffing.planning.asked import Asked
from optimizer.staffing.planning.by_skill.specialists import by_skill
from optimizer.staffing.planning.city_roster.delivering import with_roster
from optimizer.staffing.planning.city_roster.own_shifts import others_on_duty
from optimizer.staffing.planning.horizon import STEP
from optimizer.staffing.planning.laps import lap
from optimizer.staffing.planning.luck import served
from optimizer.staffing.planning.needed_in_surge import needs_in_surge
from optimizer.staffing.planning.on_duty.needs import beside, people_for, plain_needs
from optimizer.staffing.planning.on_duty.presence import Presence, lent_from_duty, others_at_the_phone, seats_of
from optimizer.staffing.planning.on_top import lent_of, standby_on, standing_of, surge_of
from optimizer.staffing.planning.plan import CityPlan, StaffingPlan
from optimizer.staffing.planning.plannable import (
    plannable,
    refuse_nobody,
    refuse_what_nobody_covers,
    refuse_who_answers_some_only,
)
from optimizer.staffing.planning.price_of_service import price_of
from optimizer.staffing.planning.served_by_skill import served_by_skill
from optimizer.staffing.planning.shift_work import apart, roster_for, shifts_for
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

    :param seconds: for all shifts together, for a roster, and for calls on top of it; in a city where some answer some
        classes of callers only, for all kinds of people together.
    :param told: when people hear of it, for the notice of what changes; when the horizon begins if left out.
    :param tell: is told the share that is done.
    :raises TargetError: where no number of seats keeps the target.
    :raises UserError: where days are not whole, where nobody who works full time answers every class of callers, and
        where no roster can do what is asked.
    """
    scenario = plannable(scenario, cities)
    refuse_who_answers_some_only(scenario, cities)
    say_done = tell or (lambda share: None)
    target = target_of(scenario, scenario.staffing_terms)
    asked = Asked(target, seed, replications or (ALONE if len(cities) == 1 else REPLICATIONS), seconds, told)
    with at_work(workers) as executor:
        plan = needed(scenario, cities, asked, executor, lambda share: say_done(NEED * share))
        for c, city in enumerate(cities):
            plan.cities[city] = planned(plan, city, c, asked, executor)
            say_done(NEED + (PLANNED - NEED) * (c + 1) / len(cities))
        if len(cities) == 1:
            with lap(plan.seconds, "service"):
                plan.served_by_skill = served_by_skill(plan, cities[0], executor)
            with lap(plan.seconds, "price"):
                plan.price = price_of(plan, cities[0], executor)
    return plan


def needed(scenario: Scenario, cities: Sequence[str], asked: Asked, executor: Executor, tell: Tell) -> StaffingPlan:
    """The need, and as yet nothing planned for it but, in a single city, shifts of those who answer some classes of
    callers only: the need is that of those who answer everything, who stand in for them."""
    some = by_skill(scenario, cities[0], asked, executor) if len(cities) == 1 else None
    with_some = some.scenario if some else scenario
    with lap(asked.laps, "need"):
        need = found_by(Trials.of(with_some, tuple(cities), asked.target, STEP * 60, asked.seed, asked.replications,
                                  executor, tell))
        if some and some.need:
            need = replace(need, as_planned=some.need.as_planned[:, :1])
    with lap(asked.laps, "formulas"):
        formulas = erlang_c_need(scenario, tuple(cities), asked.target, step_s=STEP * 60, seed=asked.seed,
                                 replications=asked.replications, workers=executor)
    return StaffingPlan(scenario, with_some, scenario.staffing_terms, asked.target, need, formulas, by_skill=some,
                        seconds=asked.laps, told=asked.told)


def planned(plan: StaffingPlan, city: str, c: int, asked: Asked, executor: Executor) -> CityPlan:
    """The shifts of a city, its roster if it is the only one, and what they bring."""
    scenario, alone = plan.scenario, len(plan.need.cities) == 1
    asked = asked.for_part(1 / (1 + len(plan.specialists)))
    others = others_on_duty(scenario, city)
    presence = Presence.beside_others(scenario, city)
    needs = needs_in_surge(plan, city, presence, executor) if alone and scenario.surges else plain_needs(
        presence, people_for(presence, plan.need.seats[:, c], beside(scenario, city)))
    refuse_what_nobody_covers(plan.terms, city, presence, needs.usual)
    shifts = shifts_for(scenario, city, needs, asked.for_part(1 / len(plan.need.cities)))
    refuse_nobody(plan.terms, city, needs.usual, shifts)
    shifts = apart(shifts, scenario, city)
    rostered = roster_for(scenario, city, shifts, needs, asked) if alone else None
    whole = with_roster(scenario, city, rostered.shifts, rostered.table) if rostered else scenario
    seats = None if rostered else seats_of(presence, shifts.plan.cover[1:], scenario.horizon.interval_s, others,
                                           lent_from_duty(scenario, city))
    with lap(plan.seconds, "service"):
        service = served(plan, whole, city, executor, seats)
        today = served(plan, plan.as_it_is, city, executor)
    surge = surge_of(plan, city, rostered, needs, service, asked.seconds, executor) if rostered else None
    standing = standing_of(scenario, city, rostered, surge) if rostered else None
    home = people_for(presence, plan.need.seats[:, c], -others_at_the_phone(scenario, city))
    lent = lent_of(plan, city, standing, home, executor) if standing else None
    standby = standby_on(plan, city, standing, lent, executor) if standing else None
    return CityPlan(presence, needs, shifts, rostered, whole, service, today, surge, lent, standby)


def target_of(scenario: Scenario, terms: StaffingTerms) -> Target:
    """The target of a scenario; a share of 0 asks for nothing."""
    asked = terms.target
    return Target(float(asked.share) or None, float(asked.within or scenario.answered_within),
                  float(asked.answered) or None, asked.each, None if asked.in_days is None else float(asked.in_days),
                  NAMES[asked.of], float(asked.short))
