"""People who are called by name, as levers: so many of a group from when to when, and who of a shift stays longer.

A lever knows numbers, a plan names. What matters to callers is how many are at work in each interval: whoever is
called in or comes earlier is one of a number called in, whoever stays is of the part of those whose shift ends then. Of
people in a roster some are absent, of those whom a lever calls in nobody: it calls as many as come.
"""
from __future__ import annotations

import itertools
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np

from optimizer.staffing.planning.horizon import STEP
from optimizer.staffing.revising.call_in import Call
from sim.core.arrays import Floats
from sim.scenario.levers import AnyLever
from sim.scenario.people import Group
from sim.scenario.people_levers import CallIn, Overtime, Standby
from sim.scenario.quantities import plain
from sim.scenario.scenario import Scenario
from sim.world.duty import DAYS_BEFORE, Duty
from sim.world.people import Staffing

FEWEST = 0.5    # of people: who are fewer are nobody to a file
DIGITS = 9      # of people and shares: what adding parts leaves behind is no lever


@dataclass(frozen=True)
class Names:
    """Who is called, on top of a scenario with a roster, and the scenario in which they have come."""

    roster: Scenario
    called: Scenario
    city: str
    calls: tuple[Call, ...]
    groups: dict[str, str]      # by person
    first: date                 # from whose midnight on calls are counted


def as_levers(names: Names) -> tuple[AnyLever, ...]:
    """Levers that bring as many people as are called by name; then those that the scenario has beside them. Of its own
    people whom it calls in or lets stand by as many come as do when the others are called by name."""
    stay = {key: tuple(longer(names, key)) for key in names.roster.groups(names.city)}
    called = (lever for key, people in more_at_work(names, stay).items() for lever in called_in(names, key, people))
    beside = (one for one in names.called.levers if not is_called(one, names.city))
    return (*called, *(lever for levers in stay.values() for lever in levers), *unnamed(names), *beside)


def is_called(lever: AnyLever, city: str) -> bool:
    """Whether it calls people of a city in."""
    return isinstance(lever, CallIn | Standby) and lever.city == city


def unnamed(names: Names) -> Iterator[CallIn]:
    """Of whom the scenario itself says how many are called in."""
    staffing = Staffing(names.called, names.called.horizon.times, names.called.effects)
    for key, people in staffing.called(names.city).by_group.items():
        yield from (lever for first, last in alike(people)
                    for lever in called_at(names, key, first, last, float(people[first])))


def duties(scenario: Scenario, city: str) -> dict[str, tuple[Group, Duty]]:
    """The groups of a city, and when they are at work."""
    staffing = Staffing(scenario, scenario.horizon.times, scenario.effects)
    return dict(zip(scenario.groups(city), staffing.on_duty(city), strict=True))


def more_at_work(names: Names, stay: dict[str, tuple[Overtime, ...]]) -> dict[str, Floats]:
    """By group: [I] people at work more than by the roster and than those who stay, before anybody is absent."""
    now, then = (duties(one, names.city) for one in (names.roster, names.called))
    return {key: float(group.people) * (at_work(then[key][1]) - at_work(duty) - sum(
        (duty.staying(one.span, float(one.longer)) * float(one.share) for one in stay[key]), np.zeros(duty.t.number)))
        for key, (group, duty) in now.items()}


def at_work(duty: Duty) -> Floats:
    return duty.on_shift() - duty.on_break()


def group_named(scenario: Scenario, city: str, key: str) -> str | None:
    """What a lever calls a group; a city with only one has no need to."""
    return key if len(scenario.groups(city)) > 1 else None


# --- called in -------------------------------------------------------------------------------------------------------

def called_in(names: Names, key: str, people: Floats) -> Iterator[CallIn]:
    """Levers by which so many of a group are at work, [I] of whom the usual part is absent; called so long before as
    their notice says."""
    scenario, group = names.roster, names.roster.groups(names.city)[key]
    come = 1 - Staffing(scenario, scenario.horizon.times, scenario.effects).absence(names.city, group.absence)
    for since, until, number in stints(people):
        for first, last in alike(come[since:until]):
            yield from called_at(names, key, since + first, since + last, number * float(come[since + first]))


def called_at(names: Names, key: str, first: int, last: int, people: float) -> Iterator[CallIn]:
    """Those of a group who are at work from one interval to another; nothing for hardly anybody."""
    scenario, city, t = names.roster, names.city, names.roster.horizon.times
    notice = timedelta(seconds=float(scenario.workforce(city).terms_of(scenario.groups(city)[key]).notice))
    if people >= FEWEST:
        yield CallIn.model_validate({
            "kind": "call_in", "city": city, **said(group=group_named(scenario, city, key)),
            "people": plain(round(people, DIGITS)), "from": t.begin(first) - notice, "to": t.begin(last)})


def alike(values: Floats) -> Iterator[tuple[int, int]]:
    """From and to of each run of equal values."""
    edges = [0, *(np.flatnonzero(np.diff(values)) + 1).tolist(), len(values)]
    return itertools.pairwise(edges)


def said(**terms: str | None) -> dict[str, str]:
    """Those that there are."""
    return {name: value for name, value in terms.items() if value is not None}


def stints(people: Floats) -> Iterator[tuple[int, int, float]]:
    """From and to, in intervals, of people who come and go, [I] at work at a time: who came first goes first, so that
    nobody stays long."""
    here: deque[tuple[int, float]] = deque()
    steps = np.diff(np.round(np.maximum(people, 0.0), DIGITS), prepend=0.0, append=0.0)
    for at, step in enumerate(np.round(steps, DIGITS).tolist()):
        if step > 0:
            here.append((at, step))
        while step < 0 and here:
            since, number = here.popleft()
            gone = min(number, -step)
            step, number = round(step + gone, DIGITS), round(number - gone, DIGITS)
            yield since, at, gone
            if number > 0:
                here.appendleft((since, number))


# --- who stay --------------------------------------------------------------------------------------------------------

def longer(names: Names, key: str) -> Iterator[Overtime]:
    """Of those of a group whose shift ends at a moment, the part that stays so long."""
    group, duty = duties(names.roster, names.city)[key]
    midnight, ends = datetime.combine(names.first, time.min), ends_of(duty, float(group.people))
    stay = Counter((one.start, one.end) for one in names.calls
                   if one.kind == "stays" and names.groups[one.person] == key)
    for (start, end), number in sorted(stay.items()):
        at = midnight + timedelta(minutes=start)
        if at in ends and at < names.roster.horizon.end:
            yield Overtime.model_validate({
                "kind": "overtime", "city": names.city, **said(group=group_named(names.roster, names.city, key)),
                "longer": plain((end - start) / 60, "h"), "from": at, "to": at + timedelta(minutes=STEP),
                "share": plain(round(number / ends[at], DIGITS + 3), "share")})


def ends_of(duty: Duty, people: float) -> dict[datetime, float]:
    """How many people's shift ends when."""
    midnight, found = duty.t.start - timedelta(seconds=duty.t.midnight_s), dict[datetime, float]()
    for one in duty.shifts:
        for day in np.flatnonzero(one.begin).tolist():
            end = midnight + timedelta(days=day - DAYS_BEFORE, hours=one.shift.start / 60 + float(one.shift.hours))
            found[end] = found.get(end, 0.0) + people * float(one.begin[day])
    return found
