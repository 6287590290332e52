"""Whether the people whom a file calls in, or keeps longer, are there, rested, and within the rules of work."""
from __future__ import annotations

import math
from collections.abc import Iterator
from operator import itemgetter
from typing import Any

import numpy as np

from sim.core.arrays import Floats
from sim.reading.conflicts import (
    Conflict,
    Levers,
    conflict,
    has_roster,
    lists_of_levers,
    moment,
    names_exist,
    plans_exist,
    unknown,
)
from sim.scenario.messages import Message, say
from sim.scenario.people import CallInTerms
from sim.scenario.people_levers import CallIn, Overtime, OwnPeople, Standby
from sim.scenario.problems import Where
from sim.scenario.scenario import Scenario
from sim.scenario.work_rules import EMERGENCY
from sim.world.call_ins import at_work_span, hours_a_day
from sim.world.overtime import OvertimeMonth, overtime_by_month
from sim.world.people import Staffing

ROUNDING = 0.5
EXACTLY = 1e-6
DAY_H = 24.0
Mine = list[tuple[int, Any]]
"""Levers about one city's own people, with their places in the list."""
Found = Iterator[tuple[int, str, Message]]
"""The place of a lever, its field, and what is wrong."""


def wrong_call_ins(scenario: Scenario) -> Iterator[Conflict]:
    """Of each list of levers and each city, the first that asks more of its own people than there are or may."""
    for where, staffing, name, mine in own_people(scenario):
        groups = scenario.groups(name)
        strange = [found for i, lever in mine if lever.group is not None
                   for found in unknown((*where, i, "group"), say("group"), lever.group, groups)]
        yield from strange
        there = () if has_roster(scenario, name) else (nobody_stays, too_few, too_crowded)
        checks = () if strange else (never_at_work, too_short, too_long, *there, too_much)
        for check in checks:
            found = list(check(staffing, name, mine))
            yield from (conflict((*where, i, field), why) for i, field, why in found)
            if found:
                break


def hours_in_emergencies(scenario: Scenario) -> Iterator[Conflict]:
    """Of each list of levers and each city, the hours beyond the limits of overtime that an emergency allows: the
    ledger of its switch. Nothing forbids them, but they are said."""
    for where, staffing, name, mine in own_people(scenario):
        rules = scenario.workforce(name).rules
        for month in overtime_by_month(staffing, name, with_events=False) if rules.emergency else ():
            if month.beyond > ROUNDING:
                i, field = mine[0][0], field_of(mine[0][1])
                yield conflict((*where, i, field), say(
                    "{city} works {hours:,.0f} h of overtime in {month:%Y-%m}, {beyond:,.0f} h of them beyond "
                    "{limit:g} h each ({rule}): as in an emergency ({article})", city=name, hours=month.hours,
                    month=month.month, beyond=month.beyond, limit=float(rules.overtime_month),
                    rule=rules.overtime_month.cited, article=EMERGENCY))


def own_people(scenario: Scenario) -> Iterator[tuple[Where, Staffing, str, Mine]]:
    """Each list of levers with the people of each city of which it calls some in, or keeps some longer."""
    t = scenario.horizon.times
    for where, levers in lists_of_levers(scenario):
        named = by_city(scenario, levers)
        if not named or not all(names_exist(scenario, lever) for lever in levers):
            continue
        staffing = Staffing(scenario, t, scenario.model_copy(update={"levers": levers}).effects)
        for name, mine in named.items():
            if plans_exist(scenario, name):
                yield where, staffing, name, mine


def by_city(scenario: Scenario, levers: Levers) -> dict[str, Mine]:
    found: dict[str, Mine] = {}
    for i, lever in enumerate(levers):
        if isinstance(lever, OwnPeople) and lever.city in scenario.cities:
            found.setdefault(lever.city, []).append((i, lever))
    return found


def field_of(lever: OwnPeople) -> str:
    return "longer" if isinstance(lever, Overtime) else "people"


def of_kind(mine: Mine, *kinds: type) -> Mine:
    return [(i, lever) for i, lever in mine if isinstance(lever, kinds)]


# --- when, and how long ----------------------------------------------------------------------------------------------

def never_at_work(staffing: Staffing, name: str, mine: Mine) -> Found:
    """Who comes only after the time for which he is called, and overtime where no shifts are known."""
    orders = staffing.called_in.get(name, [])
    terms = terms_of_groups(staffing, name)
    for (i, _), order in zip(of_kind(mine, CallIn, Standby), orders, strict=True):
        if staffing.t.acts(order.span) and not any(staffing.t.acts(at_work_span(order, one)) for one in terms):
            hours = float(order.response if order.response is not None else terms[0].notice) / 3600
            yield i, "to", say("nobody is at work before it ends: they come {hours:g} h after the call", hours=hours)
    for i, _ in of_kind(mine, Overtime):
        if name in staffing.plan:
            yield i, "city", say("a table plans the seats of {city}: it has no shifts that end", city=name)


def nobody_stays(staffing: Staffing, name: str, mine: Mine) -> Found:
    """Overtime after which nobody's shift ends."""
    for i, lever in of_kind(mine, Overtime):
        duties = [duty for key, (_, duty) in zip(staffing.s.groups(name), staffing.on_duty(name), strict=True)
                  if lever.group in (None, key)]
        if staffing.t.acts(lever.span) and not any(
                duty.staying(lever.span, float(lever.longer)).any() for duty in duties):
            yield i, "hours", say("changes nothing: no shift of {city} ends in this time", city=name)


def terms_of_groups(staffing: Staffing, name: str) -> list[CallInTerms]:
    return [staffing.s.workforce(name).terms_of(group) for group in staffing.s.groups(name).values()]


def longest_shift(staffing: Staffing, name: str, lever: Overtime) -> float:
    """Hours of the longest shift after whose end people stay."""
    duties = [duty for key, (_, duty) in zip(staffing.s.groups(name), staffing.on_duty(name), strict=True)
              if lever.group in (None, key)]
    return max((float(one.shift.hours) for duty in duties for one in duty.shifts
                if (one.begin * duty.end_within(one.shift, lever.span, len(one.begin))).any()), default=0.0)


def too_short(staffing: Staffing, name: str, mine: Mine) -> Found:
    """Stints for which nobody is called."""
    force, groups = staffing.s.workforce(name), staffing.s.groups(name)
    for i, lever in of_kind(mine, CallIn):
        least = min(float(force.terms_of(group).shortest) for key, group in groups.items()
                    if lever.group in (None, key)) / 3600
        if hours_a_day(lever.span) < least:
            yield i, "hours", say("nobody is called in for less than {least:g} h of a day (shortest)", least=least)


def too_long(staffing: Staffing, name: str, mine: Mine) -> Found:
    """Overtime beyond the limit of a day, and in an emergency beyond the day itself."""
    rules = staffing.s.workforce(name).rules
    for i, lever in of_kind(mine, Overtime):
        most = float(rules.overtime_day_special)
        hours = longest_shift(staffing, name, lever)
        if rules.emergency and hours + float(lever.longer) > DAY_H + EXACTLY:
            yield i, "longer", say("{longer:g} h after a shift of {hours:g} h are beyond a day, and whoever stays has "
                                   "not rested: must be <= {most:g} h, in an emergency ({article}) too",
                                   longer=float(lever.longer), hours=hours, most=DAY_H - hours, article=EMERGENCY)
        elif not rules.emergency and float(lever.longer) > most:
            yield i, "longer", say("must be <= {most:g} h a day ({rule}), got {got:g}; in an emergency ({article}) "
                                   "write people.{city}.rules.emergency: true", most=most, got=float(lever.longer),
                                   rule=rules.overtime_day_special.cited, city=name, article=EMERGENCY)


# --- how many --------------------------------------------------------------------------------------------------------

def too_few(staffing: Staffing, name: str, mine: Mine) -> Found:
    """Who is called in though not enough are off duty, rested and willing on usual days."""
    for i, lever, there in short_of(staffing, name, mine):
        yield i, "people", too_few_said(staffing, name, lever, there)


def fewer_than_asked(scenario: Scenario) -> Iterator[Conflict]:
    """Where a roster leaves fewer people for a lever than it asks for, or no shift to make longer, or no workplaces:
    those come who can."""
    for where, staffing, name, mine in own_people(scenario):
        for check in (nobody_stays, too_few, too_crowded) if has_roster(scenario, name) else ():
            yield from (conflict((*where, i, field), why) for i, field, why in check(staffing, name, mine))


def short_of(staffing: Staffing, name: str, mine: Mine) -> Iterator[tuple[int, CallIn | Standby, Floats]]:
    """Levers for which there are not enough people at some time, with [I] for how many there are, infinite where they
    ask for nobody."""
    able = staffing.called(name, with_events=False).able
    for (i, lever), there in zip(of_kind(mine, CallIn, Standby), able, strict=True):
        if (there <= float(lever.people) - ROUNDING).any():
            yield i, lever, there


def too_few_said(staffing: Staffing, name: str, lever: CallIn | Standby, there: Floats) -> Message:
    rest = staffing.s.workforce(name).rules.rest_between_shifts
    at = int(np.argmax(there <= float(lever.people) - ROUNDING))
    return say("{city} has people for {there} of these {people:g} on {at}: off duty, rested for {rest:g} h ({rule}) "
               "and willing, and others where a day is longer than one stays; ask for fewer, at other hours or for "
               "fewer hours a day", city=name, there=max(math.ceil(there[at] + ROUNDING) - 1, 0),
               people=float(lever.people), at=moment(staffing.t.begin(at)), rest=float(rest), rule=rest.cited)


def too_crowded(staffing: Staffing, name: str, mine: Mine) -> Found:
    """More people at once than there are workplaces."""
    sitting, workplaces = staffing.hall(name, with_events=False).sitting, staffing.workplaces(name)
    more = staffing.called(name, with_events=False).at_work + sum(staffing.staying(name, with_events=False).values())
    crowded = np.flatnonzero((more > 0) & (sitting + more >= workplaces + ROUNDING))
    if len(crowded):
        at = int(crowded[0])
        i, lever = last_at_work(staffing, name, mine, at)
        yield i, field_of(lever), say(
            "{city} has {workplaces:g} workplaces, and on {at} {sitting:.0f} people sit there and {more:.0f} more come "
            "or stay: ask for fewer, or at other hours", city=name, workplaces=workplaces,
            at=moment(staffing.t.begin(at)), sitting=float(sitting[at]), more=float(more[at]))


def last_at_work(staffing: Staffing, name: str, mine: Mine, at: int) -> tuple[int, OwnPeople]:
    """The last of the levers by which somebody is at work in an interval."""
    orders = zip(of_kind(mine, CallIn, Standby), staffing.called_in.get(name, []), strict=True)
    found: Mine = [one for one, order in orders if any(staffing.t.covered(at_work_span(order, terms))[at]
                                                       for terms in terms_of_groups(staffing, name))]
    if any(people[at] > 0 for people in staffing.staying(name, with_events=False).values()):
        found += of_kind(mine, Overtime)
    return max(found, key=itemgetter(0))


def too_much(staffing: Staffing, name: str, mine: Mine) -> Found:
    """More hours of overtime in a month than all together may work."""
    rules = staffing.s.workforce(name).rules
    if rules.emergency:
        return
    for month in overtime_by_month(staffing, name, with_events=False):
        if month.beyond > ROUNDING:
            yield mine[0][0], field_of(mine[0][1]), too_much_said(staffing, month)
            return


def too_much_said(staffing: Staffing, month: OvertimeMonth) -> Message:
    rules = staffing.s.workforce(month.city).rules
    return say("{city} works {hours:,.0f} h of overtime in {month:%Y-%m}, and its people may work {allowed:,.0f} h, "
               "{limit:g} h each ({rule}); ask for fewer or for fewer hours; in an emergency ({article}) write "
               "people.{city}.rules.emergency: true", city=month.city, hours=month.hours, month=month.month,
               allowed=month.allowed, limit=float(rules.overtime_month), rule=rules.overtime_month.cited,
               article=EMERGENCY)
