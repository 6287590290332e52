"""What stands in a file and does nothing: levers, absences, surges and shifts without effect."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from sim.reading.conflicts import (
    Conflict,
    Levers,
    at_most,
    callers_there_may_be,
    clock,
    conflict,
    lists_of_levers,
    may_be_more,
    moment,
    names_exist,
)
from sim.scenario.dates import DAY_MINUTES, Span
from sim.scenario.demand import Surge
from sim.scenario.effects import SLOWEST, Routing, Speed
from sim.scenario.intervals import Intervals
from sim.scenario.lever import Guests
from sim.scenario.levers import Bot, CloudSeats, Desk, Divert, Lend, Lines, Recall, Route
from sim.scenario.messages import Message, say, some
from sim.scenario.people import Absence
from sim.scenario.people_levers import CallIn, Overtime, Standby, Volunteers
from sim.scenario.problems import Where
from sim.scenario.scenario import ALL, Scenario
from sim.world.demand import come_by, surge_callers

MUST_BE: dict[type, tuple[str, ...]] = {
    Lend: ("seats", "presence"), Desk: ("seats", "presence"), CloudSeats: ("seats", "presence"), CallIn: ("people",),
    Standby: ("people",), Overtime: ("longer", "share"), Volunteers: ("people", "presence"),
    Bot: ("share",), Lines: ("lines",)}
"""What of each lever may not be 0."""
MOST_LOOKED_AT = 20_000_000  # intervals times surges
MANY = 50
HALF = 0.5  # from here on a part of a seat or a line may be rounded to a whole one
Idle = Iterator[tuple[str, Message]]
"""Which field of a lever makes that it does nothing, and why."""


class Around(NamedTuple):
    """What a lever is looked at with: the scenario, and the list in which it stands."""

    s: Scenario
    t: Intervals
    levers: Levers
    callers: dict[str, set[str]]
    policy: str  # the one that holds in the end


def levers_without_effect(scenario: Scenario, whole: bool = True) -> Iterator[Conflict]:
    """Of each list of levers, those that change nothing.

    :param whole: whether all of the file is there; otherwise each lever is looked at by itself.
    """
    callers = callers_there_may_be(scenario)
    for where, levers in lists_of_levers(scenario):
        policies = [scenario.routing.policy, *(lever.policy for lever in levers if isinstance(lever, Route))]
        around = Around(scenario, scenario.horizon.times, levers, callers, policies[-1])
        home, rules = (recalls(around), RULES) if whole else ({}, OF_ITSELF)
        for i, lever in enumerate(levers):
            if names_exist(scenario, lever):
                for field, why in islice((found for rule in rules for found in rule(around, lever)), 1):
                    yield conflict((*where, i, field), why)
                if i in home:
                    yield conflict((*where, i, home[i][0]), home[i][1])
        yield from routes_without_effect(scenario, where, levers) if whole else []


# --- when ------------------------------------------------------------------------------------------------------------

def never(around: Around, lever: Any) -> Idle:
    """No interval starts in its time."""
    if hasattr(lever, "span") and lies_within(around.t, lever.span) and not around.t.acts(lever.span):
        yield why_never(around.t, lever.span)


def lies_within(t: Intervals, span: Span) -> bool:
    """Whether a span has some time of the horizon; what has not is told elsewhere."""
    return span.start < span.end and span.end > t.start and span.start < t.end


def why_never(t: Intervals, span: Span) -> tuple[str, Message]:
    """Which of its fields makes that a span has no interval, and what would mend it."""
    (opens, closes), start, end = span.hours, max(span.start, t.start), min(span.end, t.end)
    all_day, by_seconds = (0, DAY_MINUTES), Intervals(t.start, 1, t.number * t.every_s)
    if not by_seconds.acts(span):
        hours = f"{start:%H:%M}", "24:00" if f"{end:%H:%M}" == "00:00" else f"{end:%H:%M}"
        return "hours", (say('{opens} to {closes} is no time between {start} and {end}: it never acts; write hours: '
                             '["{first}", "{last}"]', opens=clock(opens), closes=clock(closes), start=moment(start),
                             end=moment(end), first=hours[0], last=hours[1]))
    here = max(t.first_from(start) - 1, 0)
    return ("hours" if t.acts(span.model_copy(update={"hours": all_day})) else "from"), (
        say("no interval of {minutes:g} min starts in its time: it never acts; intervals start at {one:%H:%M}, "
            "{next:%H:%M} ...", minutes=t.every_s / 60, one=t.begin(here), next=t.begin(here + 1)))


def cut_by_default(around: Around, lever: Any) -> Idle:
    """Hours that nobody wrote leave out a part of a time of less than a day that somebody did."""
    if not isinstance(lever, Lend) or "hours" in lever.model_fields_set or lever.end - lever.start >= timedelta(days=1):
        return
    opens, closes = lever.hours
    ends = [at.hour * 60 + at.minute for at in (lever.start, lever.end)]
    if lies_within(around.t, lever.span) and any(end and not opens <= end <= closes for end in ends):
        default, meant = (f'hours: ["{clock(first)}", "{clock(last or DAY_MINUTES)}"]'
                          for first, last in (lever.hours, ends))
        yield "hours", (say("{opens} to {closes}, which hold where none are given, leave out a part of {start} to "
                            "{end}: write {meant} if all of it is meant, or {default}", opens=clock(opens),
                            closes=clock(closes), start=moment(lever.start), end=moment(lever.end), meant=meant,
                            default=default))


# --- how much --------------------------------------------------------------------------------------------------------

def nothing(around: Around, lever: Any) -> Idle:
    """Nothing of what it is made of."""
    for field in MUST_BE.get(type(lever), ()):
        if not may_be_more(getattr(lever, field)):
            yield field, say("0 does nothing: leave the lever out, or give a number above 0")
    if isinstance(lever, Guests) and (slow := too_slow(lever.seat_pool().speed)):
        yield "speed", slow
    if isinstance(lever, Divert) and not may_be_more(lever.share) and not may_be_more(lever.before_dialling):
        yield "share", say("0 does nothing, as before_dialling is 0 too: leave the lever out, or give one of them")


def all_idle(around: Around, lever: Any) -> Idle:
    """Seats for both cities, of which so many stay idle for their own that none is left for the other."""
    if not isinstance(lever, Lend) or not (seats := most_together(around, lever)):
        return
    if lever.serves != "borrower" and lever.keep_idle >= seats:
        yield "keep_idle", say("keeps all of these {seats:g} seats idle: the borrower gets none", seats=seats)
    elif lever.serves == "home_first" and lever.begins_again >= seats:
        yield "resume_idle", say("must be less than the seats, of which there are {seats:g}: never more than "
                                 "{resume_idle} are idle, and help never begins", seats=seats,
                                 resume_idle=lever.begins_again)


def most_together(around: Around, lever: Lend) -> float:
    """Seats of a lever, with those that stand in one pool with them, at the most at once while it acts: which of them
    are idle is told of the pool."""
    seats = at_most(lever.seats)
    if not seats or seats > lever.begins_again or not around.t.acts(lever.span):
        return seats
    kin = lever.seat_pool().kin
    together = around.t.total((one.span, at_most(one.seats)) for one in around.levers if isinstance(one, Lend)
                              and one.pair == lever.pair and one.seat_pool().kin == kin)
    return float(together[around.t.covered(lever.span) > 0].max())


def too_slow(speed: Speed) -> Message:
    """What is wrong with guests who hardly end a call."""
    slow = [number for number in (float(speed.day_1), float(speed.day_5)) if number < SLOWEST]
    if not slow:
        return say("")
    return say("must be >= {least:g} of the speed of a city's own people, got {got:g}", least=SLOWEST, got=slow[0])


def no_whole_seat(around: Around, lever: Any) -> Idle:
    """Parts of seats are whole seats in some intervals; too little of one is none in any."""
    if isinstance(lever, Guests) and lies_within(around.t, lever.span):
        pool, field = lever.seat_pool(), "people" if isinstance(lever, Volunteers) else "seats"
        begin, end = around.t.windows(pool.span)
        if at_most(pool.seats) * at_most(pool.presence) * (end - begin).sum() < HALF:
            yield field, say("is too little for a whole seat in any interval: give more seats or more time")
    for kind, field in ((CallIn, "people"), (Standby, "people"), (Lines, "lines")):
        if isinstance(lever, kind) and 0 < at_most(getattr(lever, field)) < HALF:
            yield field, say("is less than half of one, which by itself is none: give 1 or more")


# --- for whom --------------------------------------------------------------------------------------------------------

def for_nobody(around: Around, lever: Any) -> Idle:
    """Nobody calls whom it is for."""
    served = serves(around, lever)
    classes = set(getattr(lever, "classes", ())) or set(around.s.classes)
    if served and not any(around.callers[city] & classes for city in served):
        named = [field for field in ("classes", "cities", "borrower", "city") if getattr(lever, field, ())]
        if named[0] == "classes":
            yield "classes", say("nobody calls of these classes in {cities}", cities=some(served, 3))
        else:
            yield named[0], say("nobody calls in {cities}", cities=some(served, 3))


def serves(around: Around, lever: Any) -> tuple[str, ...]:
    """The cities whose callers a lever is for, none if it is not for callers."""
    if isinstance(lever, Guests) and around.policy == "pooled":
        return tuple(around.s.cities)
    if isinstance(lever, Lend):
        return (lever.borrower,) if lever.serves == "borrower" else (lever.borrower, lever.lender)
    if isinstance(lever, Desk | Divert | Bot):
        return lever.cities
    return (lever.city,) if isinstance(lever, CloudSeats | Volunteers | Lines) else ()


def lines_without_limit(around: Around, lever: Any) -> Idle:
    if isinstance(lever, Lines) and not around.s.cities[lever.city].has_so_many_lines:
        yield "city", say("{city} has no limit of lines: give it lines or lines_per_seat, or leave the lever out",
                          city=lever.city)


Rule = Callable[[Around, Any], Idle]
OF_ITSELF: tuple[Rule, ...] = (never, cut_by_default, nothing, no_whole_seat)
RULES: tuple[Rule, ...] = (*OF_ITSELF, all_idle, for_nobody, lines_without_limit)


# --- recalls and routes ----------------------------------------------------------------------------------------------

def recalls(around: Around) -> dict[int, tuple[str, Message]]:
    """By its place in the list: the field and the fault of a recall that brings nobody home, or of a loan that is
    called home before it begins."""
    ends: dict[tuple[str, str], dict[int, datetime]] = {}  # of the loans of each pair, as far as the list goes
    first: dict[int, int] = {}  # interval of each loan
    wrong: dict[int, tuple[str, Message]] = {}
    for i, lever in enumerate(around.levers):
        if isinstance(lever, Lend):
            ends.setdefault(lever.pair, {})[i], first[i] = lever.end, around.t.first_from(lever.start)
        elif isinstance(lever, Recall):
            before = ends.get(lever.pair, {})
            away = [k for k, end in before.items() if end > lever.at]
            if around.t.start <= lever.at < around.t.end and not brings_home(around, before, away, lever.at):
                wrong[i] = "at", why_nobody(lever, before)
            now = around.t.first_from(lever.at)
            for k in away:
                before[k] = lever.at
                if now <= first[k]:
                    wrong.setdefault(k, ("from", say("levers[{i}] recalls it before it begins: leave it out", i=i)))
                    del before[k]
    return wrong


def brings_home(around: Around, ends: dict[int, datetime], away: list[int], at: datetime) -> bool:
    """Whether any interval of these loans comes after a moment. Of very many loans some surely has one."""
    return len(away) > MANY or any(
        around.t.acts(Span(start=max(around.levers[k].start, at), end=ends[k], hours=around.levers[k].hours))
        for k in away)


def why_nobody(recall: Recall, ends: dict[int, datetime]) -> Message:
    if not ends:
        return say("recalls nobody: {lender} lends {borrower} nothing then by the levers before it in the list",
                   lender=recall.lender, borrower=recall.borrower)
    return say("recalls nobody: what {lender} lends {borrower} by the levers before it is no longer on duty then, and "
               "ends on {end}", lender=recall.lender, borrower=recall.borrower, end=moment(max(ends.values())))


def routes_without_effect(scenario: Scenario, where: Where, levers: Levers) -> Iterator[Conflict]:
    """A route that changes nothing, or is not the last."""
    routes = [(i, lever) for i, lever in enumerate(levers) if isinstance(lever, Route)]
    for i, _ in routes[:-1]:
        yield conflict((*where, i, "policy"), say("is replaced by levers[{i}]: routing is one for the whole "
                                                  "horizon", i=routes[-1][0]))
    for i, route in routes[-1:]:
        if why := why_never_after(scenario, route):
            yield conflict((*where, i, "after"), why)
        elif route.terms == scenario.routing.terms:
            yield conflict((*where, i, "policy"), say("changes nothing: routing is {policy} anyway",
                                                      policy=route.policy))


def routing_without_effect(scenario: Scenario) -> Iterator[Conflict]:
    if why := why_never_after(scenario, scenario.routing):
        yield conflict(("routing", "after"), why)


def why_never_after(scenario: Scenario, routing: Routing) -> Message:
    """Why no call is ever answered by strangers after a wait, or as it finds no line, though the file says when."""
    if routing.on_busy and routing.policy != "overflow":
        return say("has no use where the policy is {policy}: busy calls go to other cities with policy: overflow "
                   "only", policy=routing.policy)
    if routing.after_ms and routing.policy != "overflow":
        return say("has no use where the policy is {policy}: nobody has to wait", policy=routing.policy)
    if routing.policy == "overflow" and len(scenario.cities) == 1:
        return say("has nobody to go to: there is one city")
    most = max(float(city.seats) for city in scenario.cities.values())
    if routing.policy == "overflow" and routing.keep_idle >= most:
        return say("never: no city has more than {keep_idle} seats, which routing keeps idle",
                   keep_idle=routing.keep_idle)
    if routing.on_busy and not any(city.has_so_many_lines for city in scenario.cities.values()):
        return say("busy does nothing where no city has a limit of lines: give lines or lines_per_seat, or a wait "
                   "such as 30 s")
    return say("")


# --- absences, shifts ------------------------------------------------------------------------------------------------

def absences_without_effect(scenario: Scenario) -> Iterator[Conflict]:
    """Absences that are as usual, in no interval, or replaced by later ones."""
    t, replaced = scenario.horizon.times, replaced_absences(scenario.absences)
    for i, event in enumerate(scenario.absences):
        cities = list(scenario.cities) if event.city == ALL else [event.city]
        if event.city not in (*scenario.cities, ALL) or not lies_within(t, event.span):
            continue
        usual = {float(scenario.cities[city].absence) for city in cities}
        if not t.acts(event.span):
            field, why = why_never(t, event.span)
            yield conflict(("absences", i, field), why)
        elif usual == {float(event.share)} and event.share.range is None:
            yield conflict(("absences", i, "share"), say("{share:.4g} is the usual absence: nothing changes",
                                                         share=float(event.share)))
        elif i in replaced:
            yield conflict(("absences", i, "share"), say("is replaced by absences[{i}] all the time",
                                                         i=replaced[i]))


def replaced_absences(events: tuple[Absence, ...]) -> dict[int, int]:
    """By its place in the list: the later event of the same city, or of all, in whose time it lies."""
    cities = np.array([event.city for event in events], object)
    start, end = (np.array([getattr(event, side) for event in events], "M8[s]") for side in ("start", "end"))
    found = {}
    for i in range(len(events)):
        later = slice(i + 1, None)
        covers = ((cities[later] == cities[i]) | (cities[later] == ALL)) & (start[later] <= start[i]) & (
            end[later] >= end[i])
        if covers.any():
            found[i] = i + 1 + int(covers.argmax())
    return found


def shifts_without_effect(scenario: Scenario) -> Iterator[Conflict]:
    for name, shifts in scenario.shifts.items():
        for i, shift in enumerate(shifts):
            for field in ("hours", "share"):
                if (much := getattr(shift, field)) is not None and not may_be_more(much):
                    yield conflict(("shifts", name, i, field), say("0 brings nobody to work: leave the shift out"))


# --- surges ----------------------------------------------------------------------------------------------------------

def surges_without_callers(scenario: Scenario) -> Iterator[Conflict]:
    """Surges, and parts of surges, that bring nobody within the horizon."""
    t = scenario.horizon.times
    for i, surge in enumerate(scenario.surges):
        found = list(parts_without_callers(t, surge))
        yield from (conflict(("surges", i, *where), why) for where, why in found)
        if not found and can_be_looked_at(scenario, t, surge) and brings_nobody(scenario, t, surge):
            yield conflict(("surges", i), say("brings nobody within the horizon: give it callers by_day, a "
                                              "life_cycle, shocks or a table"))


def can_be_looked_at(scenario: Scenario, t: Intervals, surge: Surge) -> bool:
    """Whether nothing is wrong with a surge that is told elsewhere: its names, its days, its table."""
    is_read = "rows" not in surge.model_fields_set if surge.table is None else any(
        t.start <= at < t.end and not (at - t.start).total_seconds() % t.every_s for at, _ in surge.rows)
    days = t.start.date(), t.begin(t.number - 1).date()
    return (surge.profile in scenario.profiles and is_read and all(days[0] <= day <= days[1] for day in surge.by_day)
            and all(shock.at < t.end for shock in surge.shocks))


def parts_without_callers(t: Intervals, surge: Surge) -> Iterator[tuple[Where, Message]]:
    cycle = surge.life_cycle
    if cycle is not None:
        if cycle.end <= t.start or cycle.outbreak >= t.end:
            side, at = ("end", cycle.end) if cycle.end <= t.start else ("outbreak", cycle.outbreak)
            yield ("life_cycle", side), say("{at} lies outside the horizon ({start} to {end})", at=moment(at),
                                            start=moment(t.start), end=moment(t.end))
        elif cycle.outbreak == cycle.end:
            yield ("life_cycle", "end"), say("must come after outbreak: nobody calls in no time")
        elif not may_be_more(cycle.callers_a_day):
            yield ("life_cycle", "callers_a_day"), say("0 brings nobody: leave the life cycle out")
    for k, shock in enumerate(surge.shocks):
        begin, end = ((at - shock.at).total_seconds() for at in (t.start, t.end))
        if not may_be_more(shock.callers):
            yield ("shocks", k, "callers"), say("0 brings nobody: leave the shock out")
        elif begin > 0 and float(shock.callers) * float(np.diff(come_by(shock, np.array([begin, end])))[0]) < 0.5:
            yield ("shocks", k, "at"), (say("{at} is so long before the horizon ({start} to {end}) that nobody calls "
                                            "in it", at=moment(shock.at), start=moment(t.start), end=moment(t.end)))


def brings_nobody(scenario: Scenario, t: Intervals, surge: Surge) -> bool:
    """Whether a surge has no caller in any interval, whatever studies and calibrations make of its numbers."""
    shocks, cycle = surge.shocks, surge.life_cycle
    counts = [*surge.by_day.values(), *(shock.callers for shock in shocks), *([cycle.callers_a_day] if cycle else [])]
    if any(float(count) == 0 and may_be_more(count) for count in counts):
        return False
    if not any(map(float, counts)) and not any(callers for _, callers in surge.rows):
        return True
    return t.number * len(scenario.surges) <= MOST_LOOKED_AT and bool(surge_callers(scenario, surge, t).sum() == 0)
