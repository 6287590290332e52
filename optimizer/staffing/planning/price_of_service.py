"""What levels of service take in one city, up to the highest that can be had."""
from __future__ import annotations

from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np

from optimizer.staffing.need.price import Rates, Rung, best_with, climb
from optimizer.staffing.need.trials import TargetError
from optimizer.staffing.planning.horizon import STEP
from optimizer.staffing.planning.on_duty.presence import Presence
from optimizer.staffing.planning.plan import PriceOfService, StaffingPlan

FOR_PRICES = 4  # replications: a ladder of needs is looked at as a whole
GOALS = (0.5, 0.7, 0.8, 0.9, 0.95)
IN_SURGE = (0.5, 0.8, 0.95)     # each takes a search of its own, and in a surge a long one


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
        rungs.extend(climb(plan.scenario, city, only, rates, IN_SURGE if plan.scenario.surges else GOALS, **how,
                           known=plan.need))
    return PriceOfService(tuple(rungs), at_most)
