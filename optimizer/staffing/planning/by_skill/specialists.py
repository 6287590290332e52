"""Shifts and a roster for people who answer some classes of callers only, each kind of them by itself: those who answer
everything leave them their callers first, and are planned afterwards for what they leave. Where they are too few for
all that their callers need, they are planned for the same part of it at any time (``their_part``).

Workplaces are shared: what one kind takes is not there for the next. Where they are too few for all, each kind may take
a part of them by what it needs at the most, so that the first leave some to the last."""
from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np

from optimizer.staffing.need.simulated import Need
from optimizer.staffing.planning.asked import Asked
from optimizer.staffing.planning.by_skill.as_city import as_city, groups_of
from optimizer.staffing.planning.by_skill.joining import joined
from optimizer.staffing.planning.by_skill.need import need_of_pools
from optimizer.staffing.planning.by_skill.their_part import part_within_hours, their_part
from optimizer.staffing.planning.city_roster.own_shifts import others_on_duty, pools_on_shifts, rostered_groups
from optimizer.staffing.planning.designing import Designed
from optimizer.staffing.planning.on_duty.needs import (
    Needs,
    beside,
    calm,
    on_duty_today,
    people_for,
    plain_needs,
    surge_needs,
)
from optimizer.staffing.planning.on_duty.presence import Presence
from optimizer.staffing.planning.plannable import refuse_too_many
from optimizer.staffing.planning.rostered import Rostered
from optimizer.staffing.planning.shift_work import apart, roster_for, shifts_for
from sim.core.arrays import Floats, Ints
from sim.scenario.scenario import Scenario
from sim.world.people import Staffing


@dataclass(frozen=True)
class Specialists:
    """People who answer the same classes only, whose shifts are planned."""

    classes: tuple[str, ...]
    groups: tuple[str, ...]
    presence: Presence
    needs: Needs
    alone: Designed         # shifts for all that their callers need
    part: float             # of that, for which they are planned
    designed: Designed
    rostered: Rostered


@dataclass(frozen=True)
class BySkill:
    """What is found for a city in which some answer some classes only."""

    need: Need | None       # by pool, who answers every class first; None: no seats keep the target in each
    planned: tuple[Specialists, ...]
    scenario: Scenario      # with their rosters in it


def by_skill(scenario: Scenario, city: str, asked: Asked, executor: Executor) -> BySkill | None:
    """None where all who work shifts answer everything."""
    if len(pools_on_shifts(scenario, city)) == 1:
        return None
    need = need_of_pools(scenario, city, asked, executor)
    usual = need_of_pools(calm(scenario), city, asked, executor) if need and scenario.surges else need
    if need is None or usual is None or not rostered_groups(scenario, city):
        return BySkill(need, (), scenario)
    return planned(scenario, city, need, usual, asked)


def planned(scenario: Scenario, city: str, need: Need, usual: Need, asked: Asked) -> BySkill:
    """One kind of people after another, in the order of the file.

    :param usual: what is needed in ordinary time.
    """
    taken, whole, found = 0.0, scenario, list[Specialists]()
    parts = parts_of_workplaces(scenario, city, need)
    _, *pools = pools_on_shifts(scenario, city).values()
    for c, classes in enumerate(pools, 1):
        left = scenario.workplaces(city) - taken - parts[0] - parts[c + 1:].sum()
        own = as_city(whole, city, groups_of(scenario, city, classes), max(0.0, left))
        one = specialists(own, whole, city, classes, need.seats[:, c], usual.seats[:, c],
                          asked.for_part(1 / len(parts)))
        if one is not None:
            found.append(one)
            whole = joined(whole, city, one.rostered, one.groups)
        taken += at_most(own, city, one)
    return BySkill(need, tuple(found), whole)


def parts_of_workplaces(scenario: Scenario, city: str, need: Need) -> Floats:
    """[pools] for each as many as it needs at the most, or less where they are too few for all; at least one for those
    who answer everything."""
    wanted = need.workplaces.max(axis=0).astype(np.float64)
    wanted[0] = max(wanted[0], 1.0)
    return np.asarray(wanted * min(1.0, scenario.workplaces(city) / wanted.sum()))


def at_most(own: Scenario, city: str, one: Specialists | None) -> float:
    """Workplaces that one kind of people takes at the most: by its roster, or on its shifts of today."""
    if one is None:
        return float(Staffing(own, own.horizon.times, own.effects).hall(city, with_events=False).sitting.max())
    others = others_on_duty(own, city).max(initial=0)
    return float((one.rostered.there[1:] * one.presence.comes).max() + others)


def specialists(own: Scenario, whole: Scenario, city: str, classes: tuple[str, ...], seats: Ints, usual: Ints,
                asked: Asked) -> Specialists | None:
    """Their plan; None where none of them is wanted, or has a place in a roster: they keep their shifts.

    :param own: the city as if it had nobody else.
    :param seats: [K] that are needed, with all that the scenario says; ``usual`` in ordinary time.
    """
    refuse_too_many(own, city)
    presence = Presence.beside_others(own, city)
    needs = needs_of(own, city, presence, seats, usual)
    if not needs.wanted.any() or presence.most_people.max() < 1:
        return None
    alone = shifts_for(own, city, needs, asked)
    needs, part = their_part(needs, part_within_hours(own, city, alone))
    shifts = apart(alone if part == 1 else shifts_for(own, city, needs, asked), whole, city)
    rostered = roster_for(own, city, shifts, needs, asked, whole)
    return None if rostered is None else Specialists(classes, tuple(rostered_groups(own, city)), presence, needs, alone,
                                                     part, shifts, rostered)


def needs_of(own: Scenario, city: str, presence: Presence, seats: Ints, usual: Ints) -> Needs:
    """People of theirs who are wanted on duty. In a surge what workplaces hold of the need, with no more for those who
    call again because of it."""
    more = beside(own, city)
    grown = people_for(presence, seats, more)
    if not own.surges:
        return plain_needs(presence, grown)
    ordinary = people_for(Presence.of(calm(own), city), usual, more)
    return surge_needs(presence, ordinary, grown, grown, on_duty_today(own, city, presence))
