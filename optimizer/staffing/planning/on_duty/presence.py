"""Seats at the telephone and people on duty: one into the other, as the simulation does."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimizer.staffing.planning.city_roster.own_shifts import others_on_duty, rostered_groups
from optimizer.staffing.planning.horizon import SLOTS, STEP
from sim.core.arrays import Floats, Ints
from sim.scenario.scenario import Scenario
from sim.world.people import Staffing, half_up, missed


@dataclass(frozen=True)
class Presence:
    """What part of a city's people who are planned for an interval, meals apart, sits at the telephone."""

    comes: float | Floats  # [days, half-hours] who is not absent, or the same at any time
    at_the_phone: float    # of those who come: less short breaks and training
    workplaces: float | Floats  # [days, half-hours], or the same at any time

    @classmethod
    def of(cls, scenario: Scenario, city: str, taken: float | Floats = 0.0, with_events: bool = True) -> Presence:
        """Of the people of a city; an outbreak keeps more of them away than is usual.

        :param taken: workplaces of people who keep shifts of their own, [days, half-hours] or at any time.
        :param with_events: whether absences of the file count, or only the usual one.
        """
        left = np.maximum(0.0, scenario.workplaces(city) - taken - most_apart(scenario, city))
        return cls(1 - absence(scenario, city, with_events), 1 - float(scenario.cities[city].shrinkage),
                   left + at_home(scenario, city, left))

    @classmethod
    def beside_others(cls, scenario: Scenario, city: str) -> Presence:
        """Where people on shifts of their own have their workplaces while they are there."""
        return cls.of(scenario, city, in_half_hours(scenario, others_on_duty(scenario, city)))

    @property
    def seats_each(self) -> Floats:
        """Seats that a person who is planned opens on the average."""
        return np.asarray(self.comes * self.at_the_phone)

    def people(self, seats: Ints) -> Ints:
        """[...] the fewest people planned who open so many seats; half a seat is a seat."""
        return np.ceil(np.maximum(seats - 0.5, 0) / np.maximum(self.seats_each, 1e-9) - 1e-9).astype(np.int64)

    def seats(self, people: Floats) -> Floats:
        """[...] seats that so many people planned open, as far as there are workplaces."""
        return np.minimum(people * self.comes, self.workplaces) * self.at_the_phone

    @property
    def most_people(self) -> Ints:
        """[days, half-hours] people planned at once, at most, so that all who come have a workplace; or one number."""
        return np.asarray(self.workplaces / np.maximum(self.comes, 1e-9) + 1e-9).astype(np.int64)


def at_home(scenario: Scenario, city: str, workplaces: float | Floats) -> float | Floats:
    """Seats at home at the most of people on duty for whom there is no workplace: of all on duty, those can answer from
    home who may."""
    limit, groups = scenario.workforce(city).home_seats, list(rostered_groups(scenario, city).values())
    people = sum(float(one.people) for one in groups)
    if limit is None or not people:
        return 0.0
    share = sum(float(one.from_home) * float(one.people) for one in groups) / people
    return float(limit) if share >= 1 else np.minimum(float(limit), workplaces * share / (1 - share))


def most_apart(scenario: Scenario, city: str) -> float:
    """The most workplaces that are taken at once by people who answer some classes of callers only, on their own
    shifts."""
    staffing = Staffing(scenario, scenario.horizon.times, scenario.effects)
    apart = staffing.hall(city, with_events=False).apart.values()
    return float(sum(apart, np.zeros(scenario.horizon.intervals)).max())


def absence(scenario: Scenario, city: str, with_events: bool) -> Floats:
    """[days, half-hours] share of a city's people on its roster who do not come, its groups by their size."""
    staffing = Staffing(scenario, scenario.horizon.times, scenario.effects)
    groups = list(rostered_groups(scenario, city).values())
    people = [float(one.people) for one in groups]
    if not sum(people):
        return in_half_hours(scenario, staffing.absence(city, None, with_events))
    away = [staffing.absence(city, one.absence, with_events) for one in groups]
    return in_half_hours(scenario, np.average(away, axis=0, weights=people))


def lent_from_duty(scenario: Scenario, city: str) -> Floats:
    """[days, half-hours] seats that a city's people on duty open for others, by its levers: they are wanted beside
    those that its own callers need."""
    pools = [pool for pool in scenario.effects.pools if pool.kind == "lent" and pool.home == city]
    return in_half_hours(scenario, missed(scenario.horizon.times, pools, 1 - float(scenario.cities[city].shrinkage)))


def others_at_the_phone(scenario: Scenario, city: str) -> Floats:
    """[days, half-hours] seats that others open throughout by shifts of their own."""
    return -in_half_hours(scenario, -others_on_duty(scenario, city)) * (1 - float(scenario.cities[city].shrinkage))


def in_half_hours(scenario: Scenario, values: Floats) -> Floats:
    """[days, half-hours] of whole days, the most of [I] intervals in each."""
    return np.asarray(values.reshape(-1, SLOTS, STEP * 60 // scenario.horizon.interval_s).max(axis=2))


def seats_of(presence: Presence, on_duty: Floats, interval_s: int, others: Floats | float = 0.0,
             lent: Floats | float = 0.0) -> Ints:
    """[K] seats that people on duty, [days, half-hours], open in each interval of the simulation.

    :param others: [K] people who come and are at work by shifts of their own.
    :param lent: [days, half-hours] seats that those on duty open for other cities.
    """
    seats = np.repeat((presence.seats(on_duty) - lent).ravel(), STEP * 60 // interval_s)
    return half_up(seats + others * presence.at_the_phone)
