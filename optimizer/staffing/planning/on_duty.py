"""Seats at the telephone and people on duty: one into the other, as the simulation does."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimizer.staffing.planning.own_shifts import rostered_groups
from sim.core.arrays import Floats, Ints
from sim.scenario.scenario import Scenario
from sim.world.people import Staffing


@dataclass(frozen=True)
class Presence:
    """What part of a city's people who are planned for an interval, meals apart, sits at the telephone."""

    comes: float         # who is not absent
    at_the_phone: float  # of those who come: less short breaks and training
    workplaces: float

    @classmethod
    def of(cls, scenario: Scenario, city: str, taken: float = 0.0) -> Presence:
        """Of the people of a city.

        :param taken: workplaces of people who keep shifts of their own.
        """
        own, force = scenario.cities[city], scenario.workforce(city)
        places = own.seats if force.workplaces is None else force.workplaces
        home = 0.0 if force.home_seats is None else float(force.home_seats)
        left = float(places) + home - taken - most_apart(scenario, city)
        return cls(1 - usual_absence(scenario, city), 1 - float(own.shrinkage), max(0.0, left))

    @property
    def seats_each(self) -> float:
        """Seats that a person who is planned opens on the average."""
        return self.comes * self.at_the_phone

    def people(self, seats: Ints) -> Ints:
        """[...] the fewest people planned who open so many seats; half a seat is a seat."""
        return np.ceil(np.maximum(seats - 0.5, 0) / max(self.seats_each, 1e-9) - 1e-9).astype(np.int64)

    def seats(self, people: Floats) -> Floats:
        """[...] seats that so many people planned open, as far as there are workplaces."""
        return np.minimum(people * self.comes, self.workplaces) * self.at_the_phone

    @property
    def most_people(self) -> int:
        """People planned at once, at most, so that all who come have a workplace."""
        return int(self.workplaces / max(self.comes, 1e-9) + 1e-9)


def most_apart(scenario: Scenario, city: str) -> float:
    """The most workplaces that are taken at once by people who answer some classes of callers only, on their own
    shifts."""
    staffing = Staffing(scenario, scenario.horizon.times, scenario.effects)
    apart = staffing.hall(city, with_events=False).apart.values()
    return float(sum(apart, np.zeros(scenario.horizon.intervals)).max())


def usual_absence(scenario: Scenario, city: str) -> float:
    """Share of a city's people on its roster who usually do not come, its groups by their size."""
    groups = list(rostered_groups(scenario, city).values())
    people = sum(float(one.people) for one in groups)
    away = sum(float(one.people) * float(scenario.cities[city].absence if one.absence is None else one.absence)
               for one in groups)
    return away / people if people else float(scenario.cities[city].absence)
