"""Who is where: a city's people in its own hall, those who are lent, those who answer from home.

Nobody is in two places. Seats that levers ask for are there only as far as there are people for them; where several
levers ask for more than there are, each gets the same part of what it asks for. A seat that is to be there for a larger
part of the hour than own seats are, breaks taken off, takes more than one person: others sit there meanwhile. So a
borrower never has more of a lender's seats than the lender misses. Who answers some classes of callers only sits in
the own hall or nowhere: nobody lends them, calls them in for a loan, or seats them at home.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from sim.core.arrays import Floats, Ints
from sim.scenario.effects import CalledIn, Effects, SeatPool, StayingOn
from sim.scenario.intervals import Intervals
from sim.scenario.people import Absence, Group
from sim.scenario.quantities import Quantity
from sim.scenario.scenario import ALL, Scenario
from sim.world.call_ins import Called, Rested, called
from sim.world.duty import Duty, duty_of

Classes = tuple[str, ...]
"""The classes of callers that people answer; none stands for all."""


class People(NamedTuple):
    """[I] the people of a city, nobody lent yet, and the seats that they open."""

    seats: Floats         # open in its own hall to callers of all classes, less breaks
    off: Floats           # who come if they are called in for a loan
    home: Floats          # who can answer from home: who sits in no hall, rests not and is not on leave
    free: Floats          # workplaces at which nobody sits
    remote: float | None  # seats that can answer for another city at any time; None where they have no limit
    apart: dict[Classes, Floats]  # seats open in its own hall to callers of these classes only, less breaks


class Given(NamedTuple):
    """[I] the part of what is asked of a city that there are people for, and workplaces for those whom it brings in."""

    duty: Floats
    off: Floats
    home: Floats
    hall: Floats


class Hall(NamedTuple):
    """[I] who sits in a city's hall by the plan, in breaks without a time of their own too, and the seats they open."""

    sitting: Floats
    seats: Floats                 # to callers of all classes, those at home included
    apart: dict[Classes, Floats]  # who of those who sit there answers these classes only
    at_home: Floats               # who is on duty, finds no workplace and sits at a seat at home


def half_up(values: Floats) -> Ints:
    """Whole seats: half a seat is a seat. A billionth forgives what adding shares leaves behind."""
    return np.floor(np.maximum(values, 0) + 0.5 + 1e-9).astype(np.int64)


class Staffing:
    """The people of a scenario's cities, after what levers do."""

    def __init__(self, scenario: Scenario, t: Intervals, effects: Effects):
        self.s, self.t = scenario, t
        self.called_in: dict[str, list[CalledIn]] = {}
        for order in effects.called_in:
            self.called_in.setdefault(order.city, []).append(order)
        self.staying_on: dict[str, list[StayingOn]] = {}
        for more in effects.staying_on:
            self.staying_on.setdefault(more.city, []).append(more)
        self.events: dict[str, list[Absence]] = {name: [] for name in scenario.cities}
        for event in scenario.absences:
            for name in scenario.cities if event.city == ALL else (event.city,):
                self.events.setdefault(name, []).append(event)
        self.duties: dict[tuple[str, str], Duty] = {}

    def people(self, name: str, with_events: bool = True) -> People:
        """The people of a city.

        :param with_events: whether absences of the file count, or only the usual one.
        """
        hall, force = self.hall(name, with_events), self.s.workforce(name)
        at_the_phone = 1 - float(self.s.cities[name].shrinkage)
        came, staying = self.called(name, with_events), self.staying(name, with_events)
        asked = came.at_work + sum(staying.values(), np.zeros(self.t.number))
        more = np.minimum(asked, np.maximum(self.workplaces(name) - hall.sitting, 0))
        part = more / np.maximum(asked, 1e-12)
        added = {classes: people * part for classes, people in self.by_classes(name, came.by_group, staying).items()
                 if classes}
        at_work = hall.sitting + more
        bound = came.bound - came.at_work  # on standby, or in an earlier relay
        if force.groups:
            off = self.willing(name, with_events) - came.bound
        else:
            off = self.there(name, with_events) - at_work - hall.at_home - bound
        home = self.at_home(name, with_events) - (came.bound if force.groups else at_work + hall.at_home + bound)
        limit = np.inf if force.home_seats is None else float(force.home_seats) - hall.at_home
        seats = hall.seats + (more - sum(added.values(), np.zeros(self.t.number))) * at_the_phone
        apart = {classes: (hall.apart.get(classes, 0.0) + people) * at_the_phone for classes, people in added.items()}
        return People(seats, np.maximum(off, 0), np.minimum(np.maximum(home, 0), limit),
                      np.maximum(self.workplaces(name) - at_work, 0),
                      None if force.remote_seats is None else float(force.remote_seats), apart)

    def hall(self, name: str, with_events: bool = True) -> Hall:
        """Who sits in a city's own hall by its table, or by the shifts of its groups, as far as it has workplaces; and
        at its seats at home, where it says that it has some."""
        city, at_the_phone = self.s.cities[name], 1 - float(self.s.cities[name].shrinkage)
        if name in self.plan:
            away, usual = self.absence(name, city.absence, with_events), float(city.absence)
            seats = self.planned(name) * who_come(away, usual)
            nobody = np.zeros(self.t.number)
            return Hall(seats / at_the_phone if at_the_phone > 0 else nobody, seats, {}, nobody)
        by_group = {key: float(group.people) * (duty.on_shift() - duty.on_break())
                    * (1 - self.absence(name, group.absence, with_events))
                    for key, (group, duty) in zip(self.s.groups(name), self.on_duty(name), strict=True)}
        there = self.by_classes(name, by_group)
        all_there = sum(there.values(), np.zeros(self.t.number))
        sitting = np.minimum(all_there, self.workplaces(name))
        part = sitting / np.maximum(all_there, 1e-12)
        apart = {classes: people * part for classes, people in there.items() if classes}
        home = np.minimum(all_there - sitting, self.may_sit_at_home(name, by_group))
        for_all = sitting + home - sum(apart.values(), np.zeros(self.t.number))
        return Hall(sitting, for_all * at_the_phone, apart, home)

    def may_sit_at_home(self, name: str, on_duty: Mapping[str, Floats]) -> Floats:
        """[I] people on duty, of all by group, who may sit at home; where nothing is said of seats at home, nobody."""
        limit = self.s.workforce(name).home_seats
        able = sum((float(group.from_home) * on_duty[key] for key, group in self.wanted(name).items()),
                   np.zeros(self.t.number))
        return np.minimum(able, 0.0 if limit is None else float(limit))

    def workplaces(self, name: str) -> float:
        return self.s.workplaces(name)

    # --- groups ------------------------------------------------------------------------------------------------------

    def on_duty(self, name: str) -> Iterator[tuple[Group, Duty]]:
        """The groups of a city, and when they are at work."""
        for key, group in self.s.groups(name).items():
            if (name, key) not in self.duties:
                self.duties[name, key] = duty_of(self.s, self.t, name, key, group)
            yield group, self.duties[name, key]

    def by_classes(self, name: str, *people: Mapping[str, Floats]) -> dict[Classes, Floats]:
        """[I] people of a city's groups by the classes that they answer."""
        found: dict[Classes, Floats] = {(): np.zeros(self.t.number)}
        for key, group in self.s.groups(name).items():
            classes = self.s.answered_by(group)
            found[classes] = sum((some[key] for some in people if key in some),
                                 found.get(classes, np.zeros(self.t.number)))
        return found

    def wanted(self, name: str) -> dict[str, Group]:
        """The groups of a city whose people can be lent or sit at home: who answer all classes."""
        return {key: group for key, group in self.s.groups(name).items() if not self.s.answered_by(group)}

    def there(self, name: str, with_events: bool = True) -> Floats:
        """[I] people who are not absent, on duty or not."""
        return sum((float(group.people) * (1 - self.absence(name, group.absence, with_events))
                    for group in self.s.groups(name).values()), np.zeros(self.t.number))

    def rested(self, name: str, with_events: bool = True) -> dict[str, Floats]:
        """By group: [I] people who are off duty, rested, not on leave and not absent. Of a city whose seats a table
        plans nobody knows who sits there: of each group the same part."""
        rest_h, plan = float(self.s.workforce(name).rules.rest_between_shifts), name in self.plan
        people = max(sum(float(group.people) for group in self.s.groups(name).values()), 1e-9)
        sitting = self.hall(name, with_events).sitting / people if plan else 0.0
        found = {}
        for key, (group, duty) in zip(self.s.groups(name), self.on_duty(name), strict=True):
            come = 1 - self.absence(name, group.absence, with_events)
            free = come - sitting if plan else come * (1 - duty.on_shift() - duty.ended_within(rest_h)
                                                       - duty.on_leave())
            found[key] = np.maximum(float(group.people) * free, 0)
        return found

    def willing(self, name: str, with_events: bool = True) -> Floats:
        """[I] people who are off duty and rested, and come if they are called in for a loan."""
        force, groups = self.s.workforce(name), self.wanted(name)
        return sum((people * float(force.terms_of(groups[key]).willing)
                    for key, people in self.rested(name, with_events).items() if key in groups),
                   np.zeros(self.t.number))

    def called(self, name: str, with_events: bool = True) -> Called:
        """Who is called in or stands by, as far as they are rested."""
        orders, force = self.called_in.get(name, []), self.s.workforce(name)
        rested = self.rested(name, with_events) if orders else {}
        groups, wanted = self.s.groups(name), self.wanted(name)
        return called(self.t, orders, {key: Rested(people, force.terms_of(groups[key]), key in wanted)
                                       for key, people in rested.items()})

    def staying(self, name: str, with_events: bool = True) -> dict[str, Floats]:
        """By group: [I] people who stay on after their shift."""
        found = {}
        for key, (group, duty) in zip(self.s.groups(name), self.on_duty(name), strict=True):
            found[key] = np.zeros(self.t.number)
            for more in self.staying_on.get(name, ()) if name not in self.plan else ():
                if more.group in (None, key):
                    stay = duty.staying(more.span, float(more.hours)) * float(more.share)
                    found[key] += float(group.people) * stay * (1 - self.absence(name, group.absence, with_events))
        return found

    def at_home(self, name: str, with_events: bool = True) -> Floats:
        """[I] people who can answer from home: whom absences keep from coming, and who are off duty; in a city that
        names its groups those who are rested, in others also those who sit in the hall."""
        found, force = np.zeros(self.t.number), self.s.workforce(name)
        rested = self.rested(name, with_events) if force.groups else {}
        for key, group in self.wanted(name).items():
            away = self.absence(name, group.absence, with_events)
            usual = float(self.s.cities[name].absence if group.absence is None else group.absence)
            kept = float(group.people) * (away - np.minimum(away, usual))
            here = rested[key] + kept if force.groups else float(group.people) * (1 - np.minimum(away, usual))
            found += float(group.from_home) * here
        return found

    def absence(self, name: str, usual: Quantity | None, with_events: bool = True) -> Floats:
        """[I] share of the people who do not come: the usual one, or what the file says for a while."""
        share = np.full(self.t.number, float(self.s.cities[name].absence if usual is None else usual))
        for event in self.events[name] if with_events else ():
            for begin, end in zip(*self.t.windows(event.span), strict=True):
                share[begin:end] = float(event.share)
        return share

    # --- tables of planned seats -------------------------------------------------------------------------------------

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

def given(who: People, t: Intervals, lent: Sequence[SeatPool], cloud: Sequence[SeatPool], at_the_phone: float,
          brought_in: Sequence[SeatPool] = ()) -> Given:
    """How much there are people for of the seats that a city lends and has at home, and workplaces for those whom it
    brings in. Seats and people are whole.

    :param at_the_phone: the part of an hour that the city's own people are not on a break.
    """
    off = t.total((pool.span, called_in_for(pool, at_the_phone)) for pool in lent)
    ready = ready_for_others(who, t, lent)
    part_off = np.minimum(part_of(half_up(who.off), off), ready)
    at_home = t.total((pool.span, manned_by(pool, at_the_phone)) for pool in cloud)
    in_hall = t.total((pool.span, float(pool.seats)) for pool in brought_in if pool.at_workplaces)
    return Given(np.minimum(part_of(half_up(who.seats), missed(t, lent, at_the_phone)), ready), part_off,
                 part_of(half_up(who.home - off * part_off), at_home), part_of(half_up(who.free), in_hall))


def ready_for_others(who: People, t: Intervals, lent: Sequence[SeatPool]) -> Floats:
    """[I] the part of the seats that are lent which can answer for another city."""
    if who.remote is None:
        return np.ones(t.number)
    return part_of(half_up(np.full(t.number, who.remote)), t.total((pool.span, float(pool.seats)) for pool in lent))


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
    if share is None:
        return whole
    if guests[0].kind == "volunteers":
        return np.asarray(whole * share.hall) if guests[0].at_workplaces else whole
    if guests[0].kind != "lent":
        return np.asarray(whole * share.home)
    off = t.total((pool.span, number * float(pool.off_duty)) for pool, number in seats)
    return np.asarray((whole - off) * share.duty + off * share.off)
