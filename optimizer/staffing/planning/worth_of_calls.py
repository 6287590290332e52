"""What an answered call is worth, at the price of an hour of a seat that is needed and not open."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimizer.staffing.need.formulas import seats_needed
from optimizer.staffing.need.own_seats import fresh_calls, handle_s
from sim.scenario.scenario import Scenario
from sim.studies.replication import Job, setting_of

HOUR_S = 3600
SHORTEST_S = 0.001


@dataclass(frozen=True)
class Worth:
    """Of an answered call."""

    yuan_an_hour: float     # of a seat that is needed and not open
    calls_an_hour: float    # that a needed seat answers; 0: nobody calls

    @property
    def yuan(self) -> float:
        return self.yuan_an_hour / self.calls_an_hour if self.calls_an_hour else 0.0


def worth_of_a_call(scenario: Scenario, city: str) -> Worth:
    """By the city's calls and its target alone, whoever its roster has on duty: the seats that Erlang's formula wants
    for the target answer all of them."""
    setting, target = setting_of(Job.of(scenario, "kernel", 0)), scenario.staffing_terms.target
    queues = np.flatnonzero(setting.world.queue_city == setting.names.cities.index(city))
    calls, interval_s = fresh_calls(setting)[:, queues], setting.world.interval_ms / 1000
    missing = float(scenario.staffing_terms.prices.missing)
    if not calls.sum():
        return Worth(missing, 0.0)
    handle = max(float(np.average(handle_s(setting)[queues], weights=calls.sum(axis=0))), SHORTEST_S)
    seats = seats_needed(calls.sum(axis=1), handle, interval_s, float(target.share),
                         float(target.within or scenario.answered_within))
    return Worth(missing, float(calls.sum() / (seats.sum() * interval_s / HOUR_S)))
