"""What the only city needs in ordinary time, and more in a surge."""
from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import replace

import numpy as np

from optimizer.staffing.need.simulated import found_by
from optimizer.staffing.planning.horizon import SLOTS
from optimizer.staffing.planning.laps import lap
from optimizer.staffing.planning.luck import trials_of
from optimizer.staffing.planning.on_duty.needs import Needs, beside, calm, on_duty_today, people_for, surge_needs
from optimizer.staffing.planning.on_duty.overload import within_workplaces
from optimizer.staffing.planning.on_duty.presence import Presence
from optimizer.staffing.planning.plan import StaffingPlan
from optimizer.staffing.rosters.problem import Ints
from sim.world.people import half_up


def needs_in_surge(plan: StaffingPlan, city: str, presence: Presence, executor: Executor) -> Needs:
    """What the only city needs in ordinary time and with the surges of the scenario, at its workplaces."""
    scenario, need = plan.scenario, plan.need
    grown = need.seats[:, 0]
    with lap(plan.seconds, "need"):
        most = half_up(presence.seats(presence.most_people * np.ones((len(grown) // SLOTS, SLOTS)))).ravel()
        within = within_workplaces(
            trials_of(plan, scenario, city, executor, replace(plan.target, each="interval")), grown, most)
    more = beside(scenario, city)
    return surge_needs(presence, ordinary_need(plan, city, executor), people_for(presence, grown, more),
                       people_for(presence, within, more), on_duty_today(scenario, city, presence))


def ordinary_need(plan: StaffingPlan, city: str, executor: Executor) -> Ints:
    """[1 + days, half-hours] people whom the city needs without its surges, without help and with the usual absence:
    what rosters of ordinary time are made for."""
    ordinary = calm(plan.scenario)
    with lap(plan.seconds, "need"):
        need = found_by(trials_of(plan, ordinary, city, executor, plan.target))
    return people_for(Presence.of(ordinary, city), need.seats[:, 0], beside(ordinary, city))
