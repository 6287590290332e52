"""People who keep shifts of their own beside a roster, such as part-time people on theirs, and seats they open."""
from __future__ import annotations

import numpy as np

from sim.core.arrays import Floats
from sim.scenario.people import Group, pool_of_some
from sim.scenario.scenario import Scenario
from sim.world.duty import duty_of


def rostered_groups(scenario: Scenario, city: str) -> dict[str, Group]:
    """The groups whose shifts are planned: full-time people, and part-time people who are in the city's table or have
    no shifts of their own. Reserves and volunteers come when they are called; who answers some classes of callers only
    is planned apart."""
    roster, found = scenario.workforce(city).roster, for_all(scenario, city)
    return {key: group for key, group in found.items() if group.contract == "full_time"
            or (group.contract == "part_time" and ((group.shifts is None and group.rota is None)
                                                   or (roster is not None and bool(roster.of_group(key)))))}


def for_all(scenario: Scenario, city: str) -> dict[str, Group]:
    """The groups that answer every class of callers."""
    return {key: group for key, group in scenario.groups(city).items() if not scenario.answered_by(group)}


def pools_on_shifts(scenario: Scenario, city: str) -> dict[str, tuple[str, ...]]:
    """The pools of a city's own people who work shifts, and the classes that they answer: first that of those who
    answer every class, for whom none stands."""
    some = (scenario.answered_by(group) for group in scenario.groups(city).values() if scenario.shifts_of(group))
    return {pool_of_some(city, classes): classes for classes in ((), *some)}


def others_on_duty(scenario: Scenario, city: str) -> Floats:
    """[I] people of all other groups who come and are at work by shifts of their own, breaks taken off. The need knows
    already of those who answer some classes only."""
    t, rostered = scenario.horizon.times, rostered_groups(scenario, city)
    found = np.zeros(t.number)
    for key, group in for_all(scenario, city).items():
        if key not in rostered:
            duty = duty_of(scenario, t, city, key, group)
            absence = scenario.cities[city].absence if group.absence is None else group.absence
            found += float(group.people) * (duty.on_shift() - duty.on_break()) * (1 - float(absence))
    return found
