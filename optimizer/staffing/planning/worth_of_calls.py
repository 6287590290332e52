"""What an answered call is worth, at the price of an hour of a seat that is needed and not open."""
from __future__ import annotations

import numpy as np

from optimizer.staffing.need.own_seats import handle_s, own_pools
from sim.scenario.scenario import Scenario
from sim.studies.replication import Job, setting_of

HOUR_S = 3600


def yuan_a_call(scenario: Scenario, city: str) -> float:
    """Yuan: as much of an hour as the city's own seats have for each call; where more call than they can answer, as
    much as a call keeps a seat. 0 where nobody calls."""
    setting = setting_of(Job.of(scenario, "kernel", 0))
    queues = np.flatnonzero(setting.world.queue_city == setting.names.cities.index(city))
    calls = setting.demand.mean[:, queues].sum(axis=0)
    if not calls.sum():
        return 0.0
    open_s = setting.world.seats[:, own_pools(setting, (city,))].sum() * setting.world.interval_ms / 1000
    seconds = max(float(np.average(handle_s(setting)[queues], weights=calls)), float(open_s / calls.sum()))
    return seconds / HOUR_S * float(scenario.staffing_terms.prices.missing)
