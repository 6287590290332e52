"""What the only city needs by what people can answer: of those who answer some classes of callers only, and of those
who answer every class for the rest."""
from __future__ import annotations

from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import replace

from optimizer.staffing.need.own_seats import own_seats, part
from optimizer.staffing.need.simulated import Need, found_by
from optimizer.staffing.need.trials import TargetError
from optimizer.staffing.planning.asked import Asked
from optimizer.staffing.planning.city_roster.own_shifts import for_all, pools_on_shifts
from optimizer.staffing.planning.laps import lap
from sim.core.arrays import Ints
from sim.scenario.people import pool_of_some
from sim.scenario.scenario import Scenario


def need_of_pools(scenario: Scenario, city: str, asked: Asked, executor: Executor) -> Need | None:
    """The need of all pools of a city whose people work shifts, if those who answer every class leave to the others
    what these answer. Else the search would let them stand in for anybody, and the others would be wanted nowhere.

    None where no number of seats keeps the target in each pool: the city may keep it as a whole all the same.
    """
    pools = pools_on_shifts(scenario, city)
    rest = rest_of(scenario, pools)
    left_to_them = with_rest_only(scenario, city, rest)
    names = tuple(pool_of_some(city, classes or rest) for classes in pools.values())
    with lap(asked.laps, "need"), suppress(TargetError):
        found = found_by(asked.trials(left_to_them, names, executor))
        return replace(found, cities=tuple(pools), as_planned=open_in(scenario, tuple(pools), asked, executor))
    return None


def open_in(scenario: Scenario, pools: tuple[str, ...], asked: Asked, executor: Executor) -> Ints:
    """[K, pools] seats that a scenario opens in each half-hour."""
    trials = asked.trials(scenario, pools, executor)
    return own_seats(part(trials.job, trials.cities), trials.cities, trials.steps)


def rest_of(scenario: Scenario, pools: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The classes that nobody on shifts answers but those who answer every class."""
    some = {klass for classes in pools.values() for klass in classes}
    return tuple(klass for klass in scenario.classes if klass not in some)


def with_rest_only(scenario: Scenario, city: str, rest: tuple[str, ...]) -> Scenario:
    """Those on shifts who answer every class answer the rest only."""
    force = scenario.workforce(city)
    groups = {key: group.model_copy(update={"answers": rest}) for key, group in for_all(scenario, city).items()
              if scenario.shifts_of(group)}
    whole = force.model_copy(update={"groups": scenario.groups(city) | groups})
    return scenario.model_copy(update={"people": {**scenario.people, city: whole}})
