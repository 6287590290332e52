"""Whether there are people for what a file asks of them: seats lent or at home, and tables of planned seats."""
from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import datetime, timedelta
from statistics import median

import numpy as np

from sim.intervals import Intervals
from sim.levers import CloudSeats, Lend, SeatPool, in_force
from sim.moments import Span
from sim.people import People, Staffing, asked, given, half_up, there
from sim.problems import Where
from sim.reading.conflicts import Conflict, Levers, conflict, lists_of_levers, moment, names_exist
from sim.scenario import Scenario
from sim.tables import Floats, Ints

REGULAR = 0.9      # of the steps between rows are alike, where a table has a row for each
FEWEST_STEPS = 8


# --- seats that are lent and at home ---------------------------------------------------------------------------------

def people_for_levers(s: Scenario) -> Iterator[Conflict]:
    """Of each list of levers, the first one of a city that asks for more people than there are."""
    t = s.horizon.times
    usual: dict[object, People] = {}
    for where, levers in lists_of_levers(s):
        if all(names_exist(s, lever) for lever in levers):
            staffing = Staffing(s.model_copy(update={"levers": levers}).with_levers(), t)
            for name, mine in by_home(levers).items():
                if s.cities[name].shifts in s.shifts or name in staffing.plan:
                    key = name, tuple(staffing.called_in.get(name, ()))
                    who = usual[key] = usual.get(key) or staffing.people(name, with_events=False)
                    yield from people_of(staffing, name, who, where, mine)


def by_home(levers: Levers) -> dict[str, list[tuple[int, SeatPool]]]:
    """By city: the seats that its people are to man elsewhere, each with its lever's place in the list."""
    found: dict[str, list[tuple[int, SeatPool]]] = {}
    places = [i for i, lever in enumerate(levers) if lever.kind != "recall"]
    for i, lever in zip(places, in_force(levers), strict=True):
        if isinstance(lever, Lend | CloudSeats):
            pool = lever.seat_pool()
            assert pool.home is not None
            found.setdefault(pool.home, []).append((i, pool))
    return found


def people_of(staffing: Staffing, name: str, who: People, where: Where,
              mine: list[tuple[int, SeatPool]]) -> Iterator[Conflict]:
    """What is asked of one city's people, on days on which as many of them come as usual."""
    t = staffing.t
    wrong = (beyond_workplaces(staffing, name, mine) or beyond_duty(t, name, who, mine)
             or beyond_off_duty(t, name, who, mine) or beyond_home(t, name, who, mine))
    if wrong:
        yield conflict((*where, wrong[0], "seats"), wrong[1])
    else:
        yield from (conflict((*where, i, "seats"), why) for i, why in nobody_there(staffing, name, mine))


def beyond_workplaces(staffing: Staffing, name: str, mine: list[tuple[int, SeatPool]]) -> tuple[int, str] | None:
    has = float(staffing.s.cities[name].seats)
    loans = [(i, pool.span, float(pool.seats)) for i, pool in mine if pool.kind == "lent"]
    found = first_beyond(staffing.t, loans, np.full(staffing.t.number, has))
    return None if found is None else (found[0], f"{name} lends {found[2]:g} seats at once but has {has:g}")


def beyond_duty(t: Intervals, name: str, who: People, mine: list[tuple[int, SeatPool]]) -> tuple[int, str] | None:
    loans = [(i, pool.span, float(pool.seats) * (1 - float(pool.off_duty))) for i, pool in mine if pool.kind == "lent"]
    found = first_beyond(t, loans, half_up(who.duty))
    if found is None:
        return None
    i, at, out, people = found
    return i, (f"{name} has {people:g} people on duty on {moment(t.begin(at))} and lends {out:g}: lend fewer, at other "
               "hours, or say in off_duty which part of the seats colleagues man who are called in")


def beyond_off_duty(t: Intervals, name: str, who: People, mine: list[tuple[int, SeatPool]]) -> tuple[int, str] | None:
    loans = [(i, pool.span, float(pool.seats) * float(pool.off_duty)) for i, pool in mine if pool.kind == "lent"]
    found = first_beyond(t, loans, half_up(who.off))
    if found is None:
        return None
    i, at, out, people = found
    return i, (f"{name} has {people:g} people off duty on {moment(t.begin(at))} and calls {out:g} in: lend fewer, or a "
               "smaller part of them off_duty")


def beyond_home(t: Intervals, name: str, who: People, mine: list[tuple[int, SeatPool]]) -> tuple[int, str] | None:
    _, off_duty = asked(t, [pool for _, pool in mine if pool.kind == "lent"])
    at_home = [(i, pool.span, float(pool.seats)) for i, pool in mine if pool.kind == "cloud"]
    found = first_beyond(t, at_home, half_up(who.home - off_duty))
    if found is None:
        return None
    i, at, out, people = found
    return i, (f"{name} has {people:g} people who sit in no hall on {moment(t.begin(at))}, and {out:g} seats at home: "
               "give fewer, or other hours")


def first_beyond(t: Intervals, amounts: list[tuple[int, Span, float]],
                 most: Floats | Ints) -> tuple[int, int, float, float] | None:
    """The first of several amounts with which there is more than may be: its place in the list, the interval, how much
    there is then, and how much may be."""
    if not amounts or (t.total((span, amount) for _, span, amount in amounts) <= most + 1e-6).all():
        return None
    total = np.zeros(t.number)
    for i, span, amount in amounts:
        total += t.total([(span, amount)])
        beyond = np.flatnonzero(total > most + 1e-6)
        if len(beyond):
            return i, int(beyond[0]), float(total[beyond[0]]), float(most[beyond[0]])
    return None


def nobody_there(staffing: Staffing, name: str, mine: list[tuple[int, SeatPool]]) -> Iterator[tuple[int, str]]:
    """Seats for which there is nobody at all, because absences leave nobody."""
    if not staffing.events[name]:
        return
    t = staffing.t
    share = given(staffing.people(name), t, *([pool for _, pool in mine if pool.kind == kind]
                                              for kind in ("lent", "cloud")))
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
                              f"{moment(t.end)}")
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
