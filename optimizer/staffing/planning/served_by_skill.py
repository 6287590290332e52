"""What rosters bring to the callers of each kind of people, where those who answer some classes only are planned."""
from __future__ import annotations

from concurrent.futures import Executor

from optimizer.staffing.planning.city_roster.own_shifts import pools_on_shifts
from optimizer.staffing.planning.horizon import STEP
from optimizer.staffing.planning.plan import ServedBySkill, StaffingPlan
from optimizer.staffing.planning.serving import ServiceOfPools, service_of_pools
from sim.scenario.scenario import Scenario


def served_by_skill(plan: StaffingPlan, city: str, executor: Executor) -> ServedBySkill | None:
    """On luck that no search has seen; None where nobody of them is planned."""
    pools, need = tuple(pools_on_shifts(plan.as_it_is, city)), plan.need

    def served_in(scenario: Scenario) -> ServiceOfPools:
        return service_of_pools(scenario, pools, plan.target, step_s=STEP * 60, seed=need.seed, first=need.unseen,
                                replications=need.replications, executor=executor)
    if not plan.specialists:
        return None
    return ServedBySkill(served_in(plan.as_it_is), served_in(plan.cities[city].scenario))
