"""What Erlang C alone would say, each interval on its own and in its steady state: on callers, and on today's dials."""
from __future__ import annotations

from optimizer.staffing.need.formulas import seats_needed
from optimizer.staffing.need.own_seats import fresh_calls, part
from optimizer.staffing.need.target import Target
from sim.core.arrays import Floats, Ints
from sim.scenario.scenario import Scenario
from sim.studies.replication import Job


def handle_of(scenario: Scenario, city: str, seed: int) -> float:
    """Mean seconds that a call keeps a seat of the city's own busy."""
    calls, work = fresh_calls(part(Job.of(scenario, "kernel", seed), (city,)), (city,))
    return float(work.sum() / max(calls.sum(), 1e-9))


def by_erlang_c(calls: Floats, handle_s: float, interval_s: float, target: Target) -> Ints:
    """[K] seats, from calls expected in each interval."""
    return seats_needed(calls, max(handle_s, 0.001), interval_s, target.share or 0.0, target.within_s,
                        answered=0.0)
