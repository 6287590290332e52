"""Who is where: a city's people in its own hall, those who are lent, those who answer from home.

Nobody is in two places. Seats that levers ask for are there only as far as there are people for them; where several
levers ask for more than there are, each gets the same part of what it asks for. A seat that is to be there for a larger
part of the hour than own seats are, breaks taken off, takes more than one person: others sit there meanwhile. So a
borrower never has more of a lender's seats than the lender misses.
"""
from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from sim.core.arrays import Floats, Ints
from sim.scenario.effects import Effects, OwnSeatsChange, SeatPool
from sim.scenario.intervals import Intervals
from sim.scenario.scenario import ALL, Absence, City, Scenario


class People(NamedTuple):
    """[I] the people of a city, nobody lent yet, and the seats that they open."""

    seats: Floats  # open in its own hall, less breaks
    off: Floats    # who come if they are called in for a loan
    home: Floats   # who can answer from home: who sits in no hall and is not on leave


class Given(NamedTuple):
    """[I] the part of what is asked of a city that there are people for."""

    duty: Floats
    off: Floats
    home: Floats


def half_up(values: Floats) -> Ints:
    """Whole seats: half a seat is a seat. A billionth forgives what adding shares leaves behind."""
    return np.floor(np.maximum(values, 0) + 0.5 + 1e-9).astype(np.int64)


class Staffing:
    """The people of a scenario's cities, after what levers do."""

    def __init__(self, scenario: Scenario, t: Intervals, effects: Effects):
        self.s, self.t = scenario, t
        self.called_in: dict[str, list[OwnSeatsChange]] = {}
        for more in effects.own_seats:
            self.called_in.setdefault(more.city, []).append(more)
        self.events: dict[str, list[Absence]] = {name: [] for name in scenario.cities}
        for event in scenario.absences:
            for name in scenario.cities if event.city == ALL else (event.city,):
                self.events.setdefault(name, []).append(event)

    def people(self, name: str, with_events: bool = True) -> People:
        """The people of a city.

        :param with_events: whether absences of the file count, or only the usual one.
        """
        city = self.s.cities[name]
        agents, usual, at_the_phone = float(city.agents), float(city.absence), 1 - float(city.shrinkage)
        away = self.absence(name) if with_events else np.full(self.t.number, usual)
        called_in = self.t.total((more.span, float(more.seats)) for more in self.called_in.get(name, ()))
        if name in self.plan:
            seats = self.planned(name) * who_come(away, usual)
            sitting = seats / at_the_phone if at_the_phone > 0 else np.zeros(self.t.number)
        else:
            sitting = np.minimum(agents * self.on_shift(city) * (1 - away), float(city.seats))
            seats = sitting * at_the_phone
        duty = sitting + called_in
        return People(seats + called_in * at_the_phone, np.maximum(agents * (1 - away) - duty, 0),
                      np.maximum(agents * (1 - np.minimum(away, usual)) - duty, 0))

    def sitting(self, name: str) -> Floats:
        """[I] people who sit in the hall of a city, breaks included, and those who are called in."""
        city, who = self.s.cities[name], self.people(name)
        return np.asarray(who.seats / max(1 - float(city.shrinkage), 1e-9))

    def absence(self, name: str) -> Floats:
        """[I] share of the agents who do not come: the usual one, or what the file says for a while."""
        share = np.full(self.t.number, float(self.s.cities[name].absence))
        for event in self.events[name]:
            for begin, end in zip(*self.t.windows(event.span), strict=True):
                share[begin:end] = float(event.share)
        return share

    def on_shift(self, city: City) -> Floats:
        """[I] share of a city's agents whose shift it is."""
        minutes, total = self.t.second_of_day // 60, np.zeros(self.t.number)
        for shift in self.s.shifts[city.shifts]:
            since = (minutes - shift.start) % 1440
            total += float(shift.share) * (since < float(shift.hours) * 60)
        return total

    @cached_property
    def plan(self) -> dict[str, int]:
        """The cities for which a table plans the seats, each with its column of ``planned_seats``."""
        return {name: i for i, name in enumerate(self.s.planned)}

    @cached_property
    def planned_seats(self) -> tuple[Floats, Floats]:
        """Seconds from the start of the horizon to each row of the table, and [rows, cities] its seats."""
        assert self.s.staff is not None
        rows = sorted(self.s.staff.rows)
        return (np.array([(at - self.t.start).total_seconds() for at, _ in rows]),
                np.array([[seats for _, seats in row] for _, row in rows]))

    def planned(self, name: str) -> Floats:
        """[I] seats that the table plans: those of the last row at or before each interval's start."""
        ahead, seats = self.planned_seats
        place = np.searchsorted(ahead, self.t.seconds, "right") - 1
        return np.where(place >= 0, seats[place, self.plan[name]], 0.0)


def who_come(away: Floats, usual: float) -> Floats:
    """[I] the part of planned seats that opens: the usual absence is in the plan."""
    return (1 - away) / (1 - usual) if usual < 1 else np.ones(len(away))


# --- seats that are asked for ----------------------------------------------------------------------------------------

def given(who: People, t: Intervals, lent: Sequence[SeatPool], cloud: Sequence[SeatPool], at_the_phone: float) -> Given:
    """How much there are people for of the seats that a city lends and has at home. Seats and people are whole.

    :param at_the_phone: the part of an hour that the city's own people are not on a break.
    """
    off = t.total((pool.span, called_in_for(pool, at_the_phone)) for pool in lent)
    part_off = part_of(half_up(who.off), off)
    at_home = t.total((pool.span, manned_by(pool, at_the_phone)) for pool in cloud)
    return Given(part_of(half_up(who.seats), missed(t, lent, at_the_phone)), part_off,
                 part_of(half_up(who.home - off * part_off), at_home))


def missed(t: Intervals, lent: Sequence[SeatPool], at_the_phone: float) -> Floats:
    """[I] seats that a city opens less because they are lent, less breaks."""
    return t.total((pool.span, taken_by(pool, at_the_phone)) for pool in lent)


def taken_by(pool: SeatPool, at_the_phone: float) -> float:
    """Seats, less breaks, that a loan takes from those open."""
    return float(pool.seats) * (1 - float(pool.off_duty)) * max(at_the_phone, float(pool.presence))


def manned_by(pool: SeatPool, at_the_phone: float) -> float:
    """How many people it takes that so many seats are there for so much of an hour."""
    return float(pool.seats) * (max(1.0, float(pool.presence) / at_the_phone) if at_the_phone > 0 else 1.0)


def called_in_for(pool: SeatPool, at_the_phone: float) -> float:
    """How many people are called in for a loan."""
    return float(pool.off_duty) * manned_by(pool, at_the_phone)


def part_of(there: Ints, asked: Floats) -> Floats:
    """[I] the part of what is asked that is there."""
    return np.where(asked > there, there / np.maximum(asked, 1e-9), 1.0)


def there(share: Given | None, t: Intervals, guests: Sequence[SeatPool], weight: str | None = None) -> Floats:
    """[I] seats of guests that are there, times something of each of them. Outsiders have nobody else to be with."""
    seats = [(pool, float(pool.seats) * (float(getattr(pool, weight)) if weight else 1.0)) for pool in guests]
    whole = t.total((pool.span, number) for pool, number in seats)
    if share is None or guests[0].kind != "lent":
        return whole if share is None else np.asarray(whole * share.home)
    off = t.total((pool.span, number * float(pool.off_duty)) for pool, number in seats)
    return np.asarray((whole - off) * share.duty + off * share.off)
