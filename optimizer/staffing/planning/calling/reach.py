"""How the people of a city are reached: on what notice, for how long at least, and who does not come."""
from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from optimizer.staffing.revising.take_over import Reach
from optimizer.staffing.rosters.problem import Person
from sim.scenario.people import CallInTerms
from sim.scenario.quantities import Quantity
from sim.scenario.scenario import Scenario


def reach_of(scenario: Scenario, city: str, people: Sequence[Person]) -> Reach:
    """How people are reached, on the terms of their groups."""
    force, groups = scenario.workforce(city), scenario.groups(city)
    of = {name: force.terms_of(group) for name, group in groups.items()}
    first = next(iter(of.values()))
    return Reach(call_in=minutes(first.notice), change=minutes(first.notice), shortest_call=minutes(first.shortest),
                 people={one.name: minutes(of[one.group].notice) for one in people if one.group in of},
                 unwilling=frozenset().union(*(unwilling([one for one in people if one.group == name], terms)
                                               for name, terms in of.items())))


def minutes(duration: Quantity) -> int:
    return round(float(duration) / 60)


def unwilling(people: Sequence[Person], terms: CallInTerms) -> frozenset[str]:
    """Those who do not come when called, as many as the terms say, spread evenly over the roster."""
    part = 1 - float(terms.willing)
    steps = np.floor(np.arange(len(people) + 1) * part + 1e-9)
    return frozenset(person.name for person, stays in zip(people, np.diff(steps), strict=True) if stays)
