"""What a plan brings in simulation, on luck that no search has seen: service by interval, and in all."""
from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass, replace

from optimizer.staffing.need.own_seats import Steps, own_seats, part
from optimizer.staffing.need.target import CALLERS_ANSWERED, OFFERED, Level, Target, level, levels, surely_missed
from optimizer.staffing.need.trials import Trials
from sim.core.arrays import Floats, Ints
from sim.scenario.scenario import Scenario

WITHIN, ANSWERED = "share", "answered"
ANY = 0.5  # a share to ask for where the target asks for none: what is found is told all the same


@dataclass(frozen=True)
class Service:
    """What became of the calls of one city. K intervals of the simulation's."""

    seats: Ints                  # [K] its own, at the telephone
    offered: Floats              # [K] dials, on the average
    by_interval: dict[str, Level]  # by promise, share and answered: [K, 1]
    in_all: dict[str, Level]     # likewise over the horizon: [1]
    callers_answered: Ints       # [replications] people whom anybody answered, over the horizon
    reached: float               # share of the target's periods, with calls, that reach it by their mean
    missed: float                # share of those that surely miss it, the intervals of all of them holding together


def service_of(scenario: Scenario, city: str, target: Target, *, seed: int, first: int, replications: int,
               executor: Executor, seats: Ints | None = None) -> Service:
    """The service of a city.

    :param first: the first replication; those before it were used to find the plan.
    :param seats: [K] its own seats, at the telephone; those of the scenario if None.
    """
    full = replace(target, share=target.share or ANY, answered=target.answered or ANY)
    trials = Trials.of(scenario, city, full, None, seed, replications, executor, None)
    own = own_seats(part(trials.job, trials.cities), trials.cities, trials.steps) if seats is None else seats[:, None]
    counts = trials.counts(own, range(first, first + replications))
    return Service(own[:, 0], counts.mean(axis=0)[:, 0, OFFERED], levels(full, counts), over_horizon(full, counts),
                   counts[..., CALLERS_ANSWERED].sum(axis=(1, 2)),
                   *reached_and_missed(target, trials.by_period(counts)))


@dataclass(frozen=True)
class ServiceOfPools:
    """What became of calls by what people can answer: each counts for those who answer it and the fewest others,
    whoever of the city took it. C pools."""

    seats: Ints                 # [K, C] at the telephone, the most of each half-hour
    in_all: dict[str, Level]    # by promise, over the horizon: [C]


def service_of_pools(scenario: Scenario, pools: tuple[str, ...], target: Target, *, step_s: int, seed: int, first: int,
                     replications: int, executor: Executor) -> ServiceOfPools:
    """The service of several pools of one city, as the scenario has them; replications as in ``service_of``."""
    full = replace(target, share=target.share or ANY, answered=target.answered or ANY)
    trials = Trials.of(scenario, pools, full, None, seed, replications, executor, None)
    setting = part(trials.job, pools)
    counts = trials.counts(own_seats(setting, pools, trials.steps), range(first, first + replications))
    return ServiceOfPools(own_seats(setting, pools, Steps.of(scenario, step_s)), over_horizon(full, counts))


def over_horizon(target: Target, counts: Ints) -> dict[str, Level]:
    """Each promise in all, from [replications, K, C, COUNTS]."""
    return {name: level(goal, *(x.sum(axis=1) for x in target.parts(counts, name)))
            for name, goal in target.promises.items()}


def reached_and_missed(target: Target, counts: Ints) -> tuple[float, float]:
    """Shares of the periods with calls in which every promise is kept, and in which one surely is not, from
    [replications, periods, 1, COUNTS]."""
    called = counts[..., OFFERED].sum(axis=0) > 0
    if not called.any():
        return 1.0, 0.0
    return float(target.kept(counts)[called].mean()), float(surely_missed(target, counts)[called].mean())
