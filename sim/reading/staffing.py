"""Whether there are people for what a file asks of them: seats lent or at home, and tables of planned seats."""
from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from datetime import datetime, timedelta
from statistics import median
from typing import NamedTuple

import numpy as np

from sim.core.arrays import Floats, Ints
from sim.reading.conflicts import Conflict, Levers, conflict, lists_of_levers, moment, names_exist
from sim.scenario.effects import SeatPool
from sim.scenario.intervals import Intervals
from sim.scenario.levers import CloudSeats, Lend, in_force
from sim.scenario.problems import Where
from sim.scenario.scenario import Scenario
from sim.world.people import Staffing, called_in_for, given, half_up, manned_by, taken_by, there

REGULAR = 0.9      # of the steps between rows are alike, where a table has a row for each
FEWEST_STEPS = 8
EXACTLY = 1e-6
Asked = tuple[int, SeatPool]
"""The place of a lever in its list, and the seats that it asks for."""


# --- seats that are lent and at home ---------------------------------------------------------------------------------

def people_for_levers(s: Scenario) -> Iterator[Conflict]:
    """Of each list of levers, the first one of a city that asks for more people than there are."""
    t = s.horizon.times
    usual: dict[object, Usual] = {}
    for where, levers in lists_of_levers(s):
        if all(names_exist(s, lever) for lever in levers):
            staffing = Staffing(s, t, s.model_copy(update={"levers": levers}).effects)
            for name, mine in by_home(levers).items():
                if s.cities[name].shifts in s.shifts or name in staffing.plan:
                    key = name, tuple(staffing.called_in.get(name, ()))
                    who = usual[key] = usual.get(key) or usual_people(staffing, name)
                    yield from people_of(staffing, name, who, where, mine)


class Usual(NamedTuple):
    """[I] a city on days on which as many people come as usual: whole seats and people, but for those at home."""

    seats: Ints
    off: Ints
    home: Floats
    at_the_phone: float


def usual_people(staffing: Staffing, name: str) -> Usual:
    who = staffing.people(name, with_events=False)
    return Usual(half_up(who.seats), half_up(who.off), who.home, 1 - float(staffing.s.cities[name].shrinkage))


def by_home(levers: Levers) -> dict[str, list[Asked]]:
    """By city: the seats that its people are to man elsewhere, each with its lever's place in the list."""
    found: dict[str, list[Asked]] = {}
    places = [i for i, lever in enumerate(levers) if lever.kind != "recall"]
    for i, lever in zip(places, in_force(levers), strict=True):
        if isinstance(lever, Lend | CloudSeats):
            pool = lever.seat_pool()
            assert pool.home is not None
            found.setdefault(pool.home, []).append((i, pool))
    return found


def people_of(staffing: Staffing, name: str, who: Usual, where: Where, mine: list[Asked]) -> Iterator[Conflict]:
    """What is asked of one city's people."""
    t = staffing.t
    lent, cloud = ([one for one in mine if one[1].kind == kind] for kind in ("lent", "cloud"))
    wrong = (beyond_workplaces(t, name, float(staffing.s.cities[name].seats), lent) or beyond_seats(t, name, who, lent)
             or beyond_off_duty(t, name, who, lent) or beyond_home(t, name, who, lent, cloud))
    if wrong:
        yield conflict((*where, wrong[0], "seats"), wrong[1])
    else:
        yield from (conflict((*where, i, "seats"), why) for i, why in nobody_there(staffing, name, mine))


def beyond_workplaces(t: Intervals, name: str, has: float, lent: list[Asked]) -> tuple[int, str] | None:
    amounts = [float(pool.seats) for _, pool in lent]
    found = first_beyond(t, lent, amounts, np.full(t.number, has), EXACTLY) if sum(amounts) > has else None
    return found and (found.lever, f"{name} lends {found.asked:g} seats at once but has {has:g}")


def beyond_seats(t: Intervals, name: str, who: Usual, lent: list[Asked]) -> tuple[int, str] | None:
    found = first_beyond(t, lent, [taken_by(pool, who.at_the_phone) for _, pool in lent], who.seats)
    return found and (found.lever, (
        f"{name} has {found.there:g} seats open on {moment(t.begin(found.interval))}, less breaks, and can lend "
        f"{found.left} then; lend fewer, at other hours, or say in off_duty which part is manned by colleagues called "
        "in"))


def beyond_off_duty(t: Intervals, name: str, who: Usual, lent: list[Asked]) -> tuple[int, str] | None:
    found = first_beyond(t, lent, [called_in_for(pool, who.at_the_phone) for _, pool in lent], who.off)
    return found and (found.lever, (
        f"{name} has {found.there:g} people off duty on {moment(t.begin(found.interval))} and can call them in for "
        f"{found.left} then; lend fewer, or a smaller part of them off_duty"))


def beyond_home(t: Intervals, name: str, who: Usual, lent: list[Asked], cloud: list[Asked]) -> tuple[int, str] | None:
    if not cloud:
        return None
    away = t.total((pool.span, called_in_for(pool, who.at_the_phone)) for _, pool in lent)
    found = first_beyond(t, cloud, [manned_by(pool, who.at_the_phone) for _, pool in cloud], half_up(who.home - away))
    return found and (found.lever, (
        f"{name} has {found.there:g} people who sit in no hall on {moment(t.begin(found.interval))}, and they can man "
        f"{found.left} at home then; give fewer, or other hours"))


class Beyond(NamedTuple):
    """Where more is asked than there is: by which lever of the list, when first, and how much of it is left."""

    lever: int
    interval: int
    asked: float
    there: float
    left: str


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
                          f"{max(math.ceil(left - EXACTLY) - 1, 0)} of these {float(pool.seats):g} seats")
    return None


def nobody_there(staffing: Staffing, name: str, mine: list[Asked]) -> Iterator[tuple[int, str]]:
    """Seats for which there is nobody at all, because absences leave nobody."""
    if not staffing.events[name]:
        return
    t = staffing.t
    lent, cloud = ([pool for _, pool in mine if pool.kind == kind] for kind in ("lent", "cloud"))
    share = given(staffing.people(name), t, lent, cloud, 1 - float(staffing.s.cities[name].shrinkage))
    for i, pool in mine:
        if t.acts(pool.span) and float(pool.seats) and not there(share, t, [pool]).any():
            yield i, f"{name} has nobody to man these seats in all the time: see absences"


# --- tables of planned seats -----------------------------------------------------------------------------------------

def wrong_staff_table(s: Scenario) -> Iterator[Conflict]:
    """A table plans the whole horizon: each row holds until the next, the last one to the end of its day at least."""
    starts = [at for at, _ in s.staff.rows] if s.staff else []
    if not starts:
        return
    t, table = s.horizon.times, ("staff", "table")
    for k, at in enumerate(starts):
        if t.start < at < t.end and (at - t.start).total_seconds() % t.every_s:
            yield conflict(("staff", "rows", k),
                           f"{moment(at)} is not where an interval of {t.every_s / 60:g} min starts")
    ordered = sorted(starts)
    last, step = ordered[-1], usual_step(ordered)
    until = max(midnight_after(last), last + step)
    if ordered[0] >= t.end or until <= t.start:
        yield conflict(table, f"plans {moment(ordered[0])} to {moment(until)}, and the horizon is {moment(t.start)} to "
                              f"{moment(t.end)}: give it rows for that time")
    elif ordered[0] > t.start:
        yield conflict(table, f"begins on {moment(ordered[0])}, and the horizon on {moment(t.start)}: add a row for "
                              "what is open then")
    elif until < t.end:
        yield conflict(table, f"ends with a row of {moment(last)}, which holds until {moment(until)}, and the horizon "
                              f"ends on {moment(t.end)}: add rows up to there")
    else:
        yield from (conflict(table, why) for why in itertools.islice(holes(s, t, ordered, step), 1))


def usual_step(ordered: list[datetime]) -> timedelta:
    """The time between two rows that is neither long nor short among all of them."""
    steps = [(b - a).total_seconds() for a, b in itertools.pairwise(ordered)]
    return timedelta(seconds=median(steps) if steps else 0)


def midnight_after(at: datetime) -> datetime:
    return datetime.combine(at.date(), datetime.min.time()) + timedelta(days=1)


def holes(s: Scenario, t: Intervals, ordered: list[datetime], step: timedelta) -> Iterator[str]:
    """Where a table that has a row for each step lacks some, while seats are open."""
    assert s.staff is not None
    steps = [b - a for a, b in itertools.pairwise(ordered)]
    if len(steps) < FEWEST_STEPS or sum(one == step for one in steps) < REGULAR * len(steps):
        return
    seats = {at: sum(number for _, number in row) for at, row in s.staff.rows}
    for a, b in itertools.pairwise(ordered):
        if b - a >= 2 * step and a < t.end and b > t.start and seats[a]:
            yield (f"has a row every {step.total_seconds() / 60:g} min but none between {moment(a)} and {moment(b)}: "
                   f"add what is open from {moment(a + step)} on")
