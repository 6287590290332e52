"""Whether there are people for the seats that a file asks for elsewhere: lent, at home, and of people brought in."""
from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from sim.core.arrays import Floats, Ints
from sim.reading.conflicts import (
    Conflict,
    Levers,
    conflict,
    has_roster,
    lists_of_levers,
    moment,
    names_exist,
    plans_exist,
)
from sim.scenario.effects import SeatPool
from sim.scenario.intervals import Intervals
from sim.scenario.levers import CloudSeats, Lend, in_force
from sim.scenario.messages import Message, say
from sim.scenario.people_levers import Volunteers
from sim.scenario.problems import Where
from sim.scenario.scenario import Scenario
from sim.world.people import Staffing, called_in_for, given, half_up, manned_by, taken_by, there

EXACTLY = 1e-6
Asked = tuple[int, SeatPool]
"""The place of a lever in its list, and the seats that it asks for."""


# --- seats that are lent and at home ---------------------------------------------------------------------------------

def people_for_levers(scenario: Scenario) -> Iterator[Conflict]:
    """Of each list of levers, the first one of a city that asks for more people than there are. What a roster has is
    another thing on each day, and is edited: where it has too few, that is said and not refused."""
    for staffing, name, who, where, mine in asked_of_cities(scenario):
        found = list(beyond_places(staffing, name, who, where, mine))
        found += [] if found or has_roster(scenario, name) else beyond_people(staffing, name, who, where, mine)
        yield from found or (conflict((*where, i, field_of(pool)), why)
                             for i, pool, why in nobody_there(staffing, name, mine))


def fewer_seats_than_asked(scenario: Scenario) -> Iterator[Conflict]:
    """Where a roster has fewer people than seats are asked for that they are to man: so many are there."""
    if not any(has_roster(scenario, name) for name in scenario.cities):
        return  # most files have none: the people of all lists of levers need not be counted once more
    for staffing, name, who, where, mine in asked_of_cities(scenario):
        if has_roster(scenario, name):
            yield from beyond_people(staffing, name, who, where, mine)


def asked_of_cities(scenario: Scenario) -> Iterator[tuple[Staffing, str, Usual, Where, list[Asked]]]:
    """What each list of levers asks of the people of each city."""
    t = scenario.horizon.times
    usual: dict[object, Usual] = {}
    for where, levers in lists_of_levers(scenario):
        if all(names_exist(scenario, lever) for lever in levers):
            staffing = Staffing(scenario, t, scenario.model_copy(update={"levers": levers}).effects)
            for name, mine in by_home(levers).items():
                if plans_exist(scenario, name):
                    key = name, *(tuple(own.get(name, ())) for own in (staffing.called_in, staffing.staying_on))
                    who = usual[key] = usual.get(key) or usual_people(staffing, name)
                    yield staffing, name, who, where, mine


class Usual(NamedTuple):
    """[I] a city on days on which as many people come as usual: whole seats and people, but for those at home."""

    seats: Ints
    off: Ints
    home: Floats
    free: Ints
    remote: float | None
    at_the_phone: float


def usual_people(staffing: Staffing, name: str) -> Usual:
    who = staffing.people(name, with_events=False)
    return Usual(half_up(who.seats), half_up(who.off), who.home, half_up(who.free), who.remote,
                 1 - float(staffing.s.cities[name].shrinkage))


def by_home(levers: Levers) -> dict[str, list[Asked]]:
    """By city: the seats that its people are to man elsewhere, each with its lever's place in the list."""
    found: dict[str, list[Asked]] = {}
    places = [i for i, lever in enumerate(levers) if lever.kind != "recall"]
    for i, lever in zip(places, in_force(levers), strict=True):
        if isinstance(lever, Lend | CloudSeats | Volunteers):
            pool = lever.seat_pool()
            assert pool.home is not None
            found.setdefault(pool.home, []).append((i, pool))
    return found


def of_kind(mine: list[Asked], kind: str) -> list[Asked]:
    return [one for one in mine if one[1].kind == kind]


def field_of(pool: SeatPool) -> str:
    return "people" if pool.kind == "volunteers" else "seats"


def beyond_places(staffing: Staffing, name: str, who: Usual, where: Where, mine: list[Asked]) -> Iterator[Conflict]:
    """More lent seats of one city than it has places for them."""
    t, lent = staffing.t, of_kind(mine, "lent")
    if wrong := beyond_workplaces(t, name, staffing.workplaces(name), lent) or beyond_remote(t, name, who, lent):
        yield conflict((*where, wrong[0], "seats"), wrong[1])


def beyond_people(staffing: Staffing, name: str, who: Usual, where: Where, mine: list[Asked]) -> Iterator[Conflict]:
    """More than one city has people, or leaves workplaces."""
    t, lent = staffing.t, of_kind(mine, "lent")
    wrong = (beyond_seats(t, name, who, lent) or beyond_off_duty(t, name, who, lent)
             or beyond_home(t, name, who, lent, of_kind(mine, "cloud")))
    if wrong:
        yield conflict((*where, wrong[0], "seats"), wrong[1])
    elif crowded := beyond_free(t, name, who, of_kind(mine, "volunteers")):
        yield conflict((*where, crowded[0], "people"), crowded[1])


def beyond_remote(t: Intervals, name: str, who: Usual, lent: list[Asked]) -> tuple[int, Message] | None:
    if who.remote is None:
        return None
    found = first_beyond(t, lent, [float(pool.seats) for _, pool in lent], np.full(t.number, who.remote), EXACTLY)
    return found and (found.lever, say("{city} lends {asked:g} seats on {at}, and {has:g} of its seats can answer for "
                                       "another city (remote_seats)", city=name, asked=found.asked, has=who.remote,
                                       at=moment(t.begin(found.interval))))


def beyond_free(t: Intervals, name: str, who: Usual, brought_in: list[Asked]) -> tuple[int, Message] | None:
    mine = [(i, pool) for i, pool in brought_in if pool.at_workplaces]
    found = first_beyond(t, mine, [float(pool.seats) for _, pool in mine], who.free)
    return found and (found.lever, say(
        "{city} has {there:g} workplaces free on {at}, for {left}; bring in fewer, at other hours, or write place: "
        "elsewhere if they sit elsewhere", city=name, **found.in_words(t)))


def beyond_workplaces(t: Intervals, name: str, has: float, lent: list[Asked]) -> tuple[int, Message] | None:
    amounts = [float(pool.seats) for _, pool in lent]
    found = first_beyond(t, lent, amounts, np.full(t.number, has), EXACTLY) if sum(amounts) > has else None
    return found and (found.lever, say("{city} lends {asked:g} seats at once but has {has:g}", city=name,
                                     asked=found.asked, has=has))


def beyond_seats(t: Intervals, name: str, who: Usual, lent: list[Asked]) -> tuple[int, Message] | None:
    found = first_beyond(t, lent, [taken_by(pool, who.at_the_phone) for _, pool in lent], who.seats)
    return found and (found.lever, say(
        "{city} has {there:g} seats open on {at}, less breaks, and can lend {left} then; lend fewer, at other hours, "
        "or say in off_duty which part is manned by colleagues called in", city=name, **found.in_words(t)))


def beyond_off_duty(t: Intervals, name: str, who: Usual, lent: list[Asked]) -> tuple[int, Message] | None:
    found = first_beyond(t, lent, [called_in_for(pool, who.at_the_phone) for _, pool in lent], who.off)
    return found and (found.lever, say(
        "{city} has {there:g} people off duty on {at} and can call them in for {left} then; lend fewer, or a smaller "
        "part of them off_duty", city=name, **found.in_words(t)))


def beyond_home(t: Intervals, name: str, who: Usual, lent: list[Asked],
                cloud: list[Asked]) -> tuple[int, Message] | None:
    if not cloud:
        return None
    away = t.total((pool.span, called_in_for(pool, who.at_the_phone)) for _, pool in lent)
    found = first_beyond(t, cloud, [manned_by(pool, who.at_the_phone) for _, pool in cloud], half_up(who.home - away))
    return found and (found.lever, say(
        "{city} has {there:g} people who sit in no hall on {at}, and they can man {left} at home then; give fewer, or "
        "other hours", city=name, **found.in_words(t)))


class Beyond(NamedTuple):
    """Where more is asked than there is: by which lever of the list, when first, and how much of it is left."""

    lever: int
    interval: int
    asked: float
    there: float
    left: Message

    def in_words(self, t: Intervals) -> dict[str, object]:
        """What messages say of it."""
        return {"there": self.there, "at": moment(t.begin(self.interval)), "left": self.left}


def first_beyond(t: Intervals, levers: list[Asked], amounts: list[float], most: Floats | Ints,
                 rounding: float = 0.5) -> Beyond | None:
    """The first lever with which more is asked than there is; less than half a seat is rounding."""
    if sum(amounts) < float(most.min()) + rounding:
        return None
    asked = [(i, pool, amount) for (i, pool), amount in zip(levers, amounts, strict=True)]
    if (t.total((pool.span, amount) for _, pool, amount in asked) < most + rounding).all():
        return None
    total = np.zeros(t.number)
    for i, pool, amount in asked:
        total += t.total([(pool.span, amount)])
        beyond = np.flatnonzero(total >= most + rounding)
        if len(beyond):
            at = int(beyond[0])
            left = (most[at] + rounding - total[at] + amount) / amount * float(pool.seats)
            return Beyond(i, at, float(total[at]), float(most[at]),
                          of_these(pool, max(math.ceil(left - EXACTLY) - 1, 0)))
    return None


def of_these(pool: SeatPool, left: int) -> Message:
    if pool.kind == "volunteers":
        return say("{left} of these {people:g} people", left=left, people=float(pool.seats))
    return say("{left} of these {seats:g} seats", left=left, seats=float(pool.seats))


def nobody_there(staffing: Staffing, name: str, mine: list[Asked]) -> Iterator[tuple[int, SeatPool, Message]]:
    """Seats for which there is nobody at all, because absences leave nobody."""
    if not staffing.events[name]:
        return
    t = staffing.t
    lent, cloud, brought_in = ([pool for _, pool in mine if pool.kind == kind]
                               for kind in ("lent", "cloud", "volunteers"))
    at_the_phone = 1 - float(staffing.s.cities[name].shrinkage)
    share = given(staffing.people(name), t, lent, cloud, at_the_phone, brought_in)
    for i, pool in mine:
        if t.acts(pool.span) and float(pool.seats) and not there(share, t, [pool]).any():
            yield i, pool, say("{name} has nobody to man these seats in all the time: see absences", name=name)
