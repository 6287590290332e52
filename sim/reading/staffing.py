"""Whether there are people for what a file asks of them: seats lent or at home, and tables of planned seats."""
from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from statistics import median
from typing import NamedTuple

import numpy as np

from sim.core.arrays import Floats, Ints
from sim.reading.conflicts import Conflict, Levers, conflict, lists_of_levers, moment, names_exist
from sim.scenario.effects import SeatPool
from sim.scenario.intervals import Intervals
from sim.scenario.levers import CloudSeats, Lend, Staff, in_force
from sim.scenario.messages import Message, say
from sim.scenario.problems import Where
from sim.scenario.scenario import Scenario
from sim.world.people import Staffing, called_in_for, given, half_up, manned_by, taken_by, there

REGULAR = 0.9      # of the steps between rows are alike, where a table has a row for each
FEWEST_STEPS = 8
EXACTLY = 1e-6
Asked = tuple[int, SeatPool]
"""The place of a lever in its list, and the seats that it asks for."""


# --- seats that are lent and at home ---------------------------------------------------------------------------------

def people_for_levers(scenario: Scenario) -> Iterator[Conflict]:
    """Of each list of levers, the first one of a city that asks for more people than there are."""
    t = scenario.horizon.times
    usual: dict[object, Usual] = {}
    for where, levers in lists_of_levers(scenario):
        if all(names_exist(scenario, lever) for lever in levers):
            staffing = Staffing(scenario, t, scenario.model_copy(update={"levers": levers}).effects)
            for name, mine in by_home(levers).items():
                if scenario.cities[name].shifts in scenario.shifts or name in staffing.plan:
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
                          say("{left} of these {seats:g} seats", left=max(math.ceil(left - EXACTLY) - 1, 0),
                              seats=float(pool.seats)))
    return None


def nobody_there(staffing: Staffing, name: str, mine: list[Asked]) -> Iterator[tuple[int, Message]]:
    """Seats for which there is nobody at all, because absences leave nobody."""
    if not staffing.events[name]:
        return
    t = staffing.t
    lent, cloud = ([pool for _, pool in mine if pool.kind == kind] for kind in ("lent", "cloud"))
    share = given(staffing.people(name), t, lent, cloud, 1 - float(staffing.s.cities[name].shrinkage))
    for i, pool in mine:
        if t.acts(pool.span) and float(pool.seats) and not there(share, t, [pool]).any():
            yield i, say("{name} has nobody to man these seats in all the time: see absences", name=name)


def people_from_elsewhere(scenario: Scenario) -> Iterator[Conflict]:
    """Of each list of levers, the first one with which a city opens more of its own seats than it has workplaces or
    people. Nothing forbids it: others may come. But it is said."""
    t = scenario.horizon.times
    for where, levers in lists_of_levers(scenario):
        if not any(isinstance(lever, Staff) for lever in levers):
            continue
        staffing = Staffing(scenario, t, scenario.model_copy(update={"levers": levers}).effects)
        for name in staffing.called_in:
            city, most = scenario.cities[name], float(staffing.sitting(name).max())
            if most >= min(float(city.seats), float(city.agents)) + 1:
                first = next(i for i, lever in enumerate(levers) if isinstance(lever, Staff) and lever.city == name)
                yield conflict((*where, first, "seats"), say(
                    "with this {city} opens up to {most:.0f} seats of its own, and has {seats:g} workplaces and "
                    "{people:g} people: others have to come", city=name, most=most, seats=float(city.seats),
                    people=float(city.agents)))


# --- tables of planned seats -----------------------------------------------------------------------------------------

def wrong_staff_table(scenario: Scenario) -> Iterator[Conflict]:
    """A table plans the whole horizon: each row holds until the next, the last one to the end of its day at least."""
    starts = [at for at, _ in scenario.staff.rows] if scenario.staff else []
    if not starts:
        return
    t, table = scenario.horizon.times, ("staff", "table")
    for k, at in enumerate(starts):
        if t.start < at < t.end and (at - t.start).total_seconds() % t.every_s:
            yield conflict(("staff", "rows", k),
                           say("{at} is not where an interval of {minutes:g} min starts", at=moment(at),
                               minutes=t.every_s / 60))
    ordered = sorted(starts)
    last, step = ordered[-1], usual_step(ordered)
    until = max(midnight_after(last), last + step)
    if ordered[0] >= t.end or until <= t.start:
        yield conflict(table, say("plans {first} to {until}, and the horizon is {start} to {end}: give it rows for "
                                  "that time", first=moment(ordered[0]), until=moment(until), start=moment(t.start),
                                  end=moment(t.end)))
    elif ordered[0] > t.start:
        yield conflict(table, say("begins on {first}, and the horizon on {start}: add a row for what is open then",
                                  first=moment(ordered[0]), start=moment(t.start)))
    elif until < t.end:
        yield conflict(table, say("ends with a row of {last}, which holds until {until}, and the horizon ends on "
                                  "{end}: add rows up to there", last=moment(last), until=moment(until),
                                  end=moment(t.end)))
    else:
        yield from (conflict(table, why) for why in itertools.islice(holes(scenario, t, ordered, step), 1))


def usual_step(ordered: list[datetime]) -> timedelta:
    """The time between two rows that is neither long nor short among all of them."""
    steps = [(b - a).total_seconds() for a, b in itertools.pairwise(ordered)]
    return timedelta(seconds=median(steps) if steps else 0)


def midnight_after(at: datetime) -> datetime:
    return datetime.combine(at.date(), datetime.min.time()) + timedelta(days=1)


def lost_days(t: Intervals, ordered: list[datetime]) -> Iterator[Message]:
    """Days without a row between others of which some have several."""
    rows = Counter(at.date() for at in ordered)
    if max(rows.values()) == 1:
        return
    for a, b in itertools.pairwise(sorted(rows)):
        lost = a + timedelta(days=1)
        if lost < b and lost < t.end.date() and b > t.start.date():
            yield say("has rows for {before} and for {after} but none for {lost}: add one, also where seats stay as "
                      "they are", before=str(a), after=str(b), lost=str(lost))


def holes(scenario: Scenario, t: Intervals, ordered: list[datetime], step: timedelta) -> Iterator[Message]:
    """Where a table that has a row for each step lacks some, while seats are open; or one of changes lacks a day."""
    assert scenario.staff is not None
    yield from lost_days(t, ordered)
    steps = [b - a for a, b in itertools.pairwise(ordered)]
    if len(steps) < FEWEST_STEPS or sum(one == step for one in steps) < REGULAR * len(steps):
        return
    seats = {at: sum(number for _, number in row) for at, row in scenario.staff.rows}
    for a, b in itertools.pairwise(ordered):
        if b - a >= 2 * step and a < t.end and b > t.start and seats[a]:
            yield (say("has a row every {minutes:g} min but none between {last} and {next}: add what is open from "
                       "{first} on", minutes=step.total_seconds() / 60, last=moment(a), next=moment(b),
                       first=moment(a + step)))
