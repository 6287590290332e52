"""People whom a city wants on duty: in ordinary time, and in a surge as far as there are workplaces."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimizer.staffing.planning.horizon import SLOTS, STEP
from optimizer.staffing.planning.on_duty.presence import Presence, in_half_hours, lent_from_duty, others_at_the_phone
from sim.core.arrays import Floats, Ints
from sim.scenario.scenario import Scenario
from sim.world.people import Staffing, half_up

GROWN = 1.2     # times the ordinary need: from then on it is a surge
AT_LEAST = 5    # people more than usual


@dataclass(frozen=True)
class Needs:
    """[1 + days, half-hours] people planned on duty, meals apart, from the day before on."""

    usual: Ints         # in ordinary time
    in_surge: Ints      # with the surge, as far as workplaces hold
    wanted: Ints        # as many as either, and no fewer than are on duty today: for whoever has hours to spare
    overload: Floats    # part of those whom the surge needs for whom there is no workplace
    most: Ints          # at once, so that all who come have a workplace
    told: int | None    # minutes after the first midnight, when the surge begins; None: never

    @property
    def first(self) -> Ints:
        """[1 + days, half-hours] people wanted before all others: as many as in ordinary time, but from the surge on no
        more than it needs, as help that has come leaves less to do."""
        if self.told is None:
            return self.usual
        since = np.arange(self.usual.size).reshape(self.usual.shape) * STEP >= self.told
        return np.where(since, np.minimum(self.usual, self.in_surge), self.usual)

    @property
    def grown(self) -> Ints:
        """[1 + days, half-hours] people wanted before all others and with the surge, whoever is on duty today."""
        return np.maximum(self.first, self.in_surge)


def plain_needs(presence: Presence, people: Ints) -> Needs:
    """Where one need is all there is."""
    return Needs(people, people, people, np.zeros(people.shape), most_of(presence, len(people)), None)


def surge_needs(presence: Presence, usual: Ints, grown: Ints, within: Ints, today: Ints) -> Needs:
    """In a scenario with surges. A city that they leave alone has one need; whoever has hours to spare is on duty no
    less than today.

    :param usual: [1 + days, half-hours] people wanted in ordinary time; ``grown`` with all that the scenario says;
        ``within`` likewise, as far as there are workplaces; ``today`` those on duty.
    """
    told, most = first_grown(usual, grown), most_of(presence, len(usual))
    usual = grown if told is None else usual
    wanted = np.maximum(usual, np.minimum(np.maximum(within, today), most))
    return Needs(usual, np.minimum(within, most), wanted, 1 - np.minimum(most / np.maximum(grown, 1), 1), most, told)


def most_of(presence: Presence, days: int) -> Ints:
    """[days, half-hours] the day before has as many workplaces as the first."""
    most = np.broadcast_to(presence.most_people, (days - 1, SLOTS))
    return np.concatenate([most[:1], most])


def on_duty_today(scenario: Scenario, city: str, presence: Presence) -> Ints:
    """[1 + days, half-hours] people whom the scenario has on duty, meals and people on shifts of their own apart."""
    hall = Staffing(scenario, scenario.horizon.times, scenario.effects).hall(city)
    seats = in_half_hours(scenario, hall.seats) - others_at_the_phone(scenario, city)
    return with_evening(half_up(seats / np.maximum(presence.seats_each, 1e-9)))


def calm(scenario: Scenario) -> Scenario:
    """In ordinary time: without surges, help and unusual absence."""
    return scenario.model_copy(update={"surges": (), "levers": (), "absences": ()})


def beside(scenario: Scenario, city: str) -> Floats:
    """[days, half-hours] seats that are wanted beside those for a city's own callers: they are lent; less those that
    people on shifts of their own open."""
    return lent_from_duty(scenario, city) - others_at_the_phone(scenario, city)


def people_for(presence: Presence, seats: Ints, beside: Floats | float = 0.0) -> Ints:
    """[1 + days, half-hours] people on duty, from [K] seats: whoever works in the first hours has begun on the evening
    before.

    :param beside: [days, half-hours] seats that are wanted beside these; below 0: that others open.
    """
    return with_evening(presence.people(np.asarray(seats.reshape(-1, SLOTS) + beside)))


def with_evening(people: Ints) -> Ints:
    """[1 + days, half-hours] nobody is wanted on the day before, of which only the night counts."""
    return np.concatenate([np.zeros_like(people[:1]), people])


def first_grown(usual: Ints, grown: Ints) -> int | None:
    """The minute, after the first midnight, from which many more people are needed than in ordinary time."""
    many = np.flatnonzero((grown >= GROWN * usual) & (grown >= usual + AT_LEAST))
    return int(many[0]) * STEP if len(many) else None
