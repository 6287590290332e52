"""On whose luck a plan is made and looked at: needs on that of the search, service on what no search has seen."""
from __future__ import annotations

from concurrent.futures import Executor

from optimizer.staffing.need.target import Target
from optimizer.staffing.need.trials import Trials
from optimizer.staffing.planning.horizon import STEP
from optimizer.staffing.planning.plan import StaffingPlan
from optimizer.staffing.planning.serving import Service, service_of
from optimizer.staffing.rosters.problem import Ints
from sim.scenario.scenario import Scenario


def trials_of(plan: StaffingPlan, scenario: Scenario, city: str | tuple[str, ...], executor: Executor,
              target: Target) -> Trials:
    """On the luck on which the need was found."""
    return Trials.of(scenario, city, target, STEP * 60, plan.need.seed, plan.need.replications, executor, None)


def served(plan: StaffingPlan, scenario: Scenario, city: str, executor: Executor, seats: Ints | None = None) -> Service:
    """Service on luck that the need has not seen."""
    return service_of(scenario, city, plan.target, seed=plan.need.seed, first=plan.need.unseen,
                      replications=plan.need.replications, executor=executor, seats=seats)
