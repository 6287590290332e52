"""What the people of a file get wrong: plans that are not there, hours beyond the rules of work, other days."""
from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta

from sim.reading.conflicts import Conflict, at_most, conflict, may_be_more, unknown
from sim.scenario.dates import DAY_MINUTES
from sim.scenario.messages import Message, say
from sim.scenario.people import (
    LEAVE,
    OFF,
    Group,
    Roster,
    RosterRow,
    Shift,
    Workforce,
    rota_weekly_hours,
    runs_without_rest,
    weekly_hours,
)
from sim.scenario.problems import Where
from sim.scenario.scenario import ALL, Scenario

ROUNDING = 1e-6
HALF = 0.5
WEEK_DAYS = 7


def wrong_people(scenario: Scenario) -> Iterator[Conflict]:
    """Everything that is wrong with groups, rotas, rosters and shares of shifts."""
    yield from shares_missing(scenario)
    for name in scenario.rotas:
        yield from wrong_rota(scenario, name)
    for city, force in scenario.people.items():
        here, whole = ("people", city), scenario.workforce(city) if city in scenario.cities else force
        yield from unknown(here, say("city"), city, (*scenario.cities, ALL))
        for key, group in force.groups.items():
            yield from wrong_group(scenario, (*here, "groups", key), whole, group)
        if force.roster is not None and force.roster.rows:
            yield from wrong_roster(scenario, (*here, "roster"), whole, force.roster)


def shares_missing(scenario: Scenario) -> Iterator[Conflict]:
    """Shifts of which nobody says who works them: neither a share, nor a rota, nor a roster, nor a table of how many
    begin each."""
    for name in dict.fromkeys(by_shares(scenario)):
        for i, shift in enumerate(scenario.shifts.get(name, ())):
            if shift.share is None:
                yield conflict(("shifts", name, i, "share"),
                               say("is missing: who works this shift stands in no rota, no roster and no row of "
                                   "shift_counts"))


def by_shares(scenario: Scenario) -> Iterator[str]:
    """The plans of shifts by whose shares people work."""
    for name, city in scenario.cities.items():
        force, counted = scenario.workforce(name), scenario.counted(name)
        if not force.groups and force.roster is None and not counted and not may_be_in_table(scenario, city.shifts):
            yield city.shifts
        for key, group in force.groups.items():
            planned = force.roster is not None and (force.roster.of_group(key) or not force.roster.rows)
            if group.shifts is not None and not (planned or key in counted or may_be_in_table(scenario, group.shifts)):
                yield group.shifts


def may_be_in_table(scenario: Scenario, plan: str) -> bool:
    """Whether a table that could not be read may say how many begin the shifts of a plan: what is wrong with it is
    told."""
    return scenario.shift_counts is not None and not scenario.shift_counts.rows and scenario.may_be_counted(plan)


# --- rotas -----------------------------------------------------------------------------------------------------------

def wrong_rota(scenario: Scenario, name: str) -> Iterator[Conflict]:
    rota, here = scenario.rotas[name], ("rotas", name)
    yield from unknown((*here, "shifts"), say("plan of shifts"), rota.shifts, scenario.shifts)
    codes = [one.code for one in scenario.shifts.get(rota.shifts, ()) if one.code]
    for k, code in enumerate(rota.cycle) if rota.shifts in scenario.shifts else ():
        if code not in (*codes, OFF):
            yield (*here, "cycle", k), say("{code} is no code of the shifts of {plan}, and {off} is a day off",
                                           code=code, plan=rota.shifts, off=OFF), code, [*codes, OFF]


# --- groups ----------------------------------------------------------------------------------------------------------

def wrong_group(scenario: Scenario, here: Where, force: Workforce, group: Group) -> Iterator[Conflict]:
    if group.shifts is not None:
        yield from unknown((*here, "shifts"), say("plan of shifts"), group.shifts, scenario.shifts)
    if group.rota is not None:
        yield from unknown((*here, "rota"), say("rota"), group.rota, scenario.rotas)
    if not may_be_more(group.people):
        yield conflict((*here, "people"), say("0 does nothing: leave it out, or give a number above 0"))
    elif at_most(group.people) < HALF - ROUNDING:
        yield conflict((*here, "people"), say("is less than half of one, which by itself is none: give 1 or more"))
    if group.rota is not None and group.rota not in scenario.rotas:
        return
    plan = scenario.rotas[group.rota].shifts if group.rota is not None else group.shifts
    if plan is None or not scenario.shifts.get(plan):
        return
    where = (*here, "shifts" if group.rota is None else "rota")
    for why in (too_long_a_day(force, group, scenario.shifts[plan]), too_long_a_week(scenario, force, group)):
        if why:
            yield conflict(where, why)
            return
    if group.rota is not None and (why := no_weekly_rest(scenario, force, group.rota)):
        yield conflict(where, why)


def too_long_a_day(force: Workforce, group: Group, shifts: tuple[Shift, ...]) -> Message:
    """A shift that is longer than the law lets anybody work on a day."""
    rules = force.rules
    longest = max(shifts, key=lambda one: one.work_hours)
    if group.contract == "volunteers" or longest.work_hours <= rules.longest_day + ROUNDING:
        return say("")
    return say("has a shift of {hours:g} h of work, and one may work {most:g} h a day, overtime included ({rule}): "
               "give it a break that is not paid, or write rules.comprehensive where the hours are reckoned over "
               "longer by approval", hours=longest.work_hours, most=rules.longest_day,
               rule=rules.overtime_day_special.cited)


def too_long_a_week(scenario: Scenario, force: Workforce, group: Group) -> Message:
    """Shares or a rota that ask for more hours a week than the law allows on average."""
    rules, shifts = force.rules, scenario.shifts_of(group)
    hours = rota_weekly_hours(scenario.rotas[group.rota], shifts) if group.rota is not None else weekly_hours(shifts)
    if group.contract == "part_time":
        if hours <= float(rules.part_time_week) + ROUNDING:
            return say("")
        return say("asks for {hours:.1f} h a week of each of them, and part time is at most {most:g} h ({rule})",
                   hours=hours, most=float(rules.part_time_week), rule=rules.part_time_week.cited)
    if rules.emergency or group.contract == "volunteers" or hours <= rules.longest_week + ROUNDING:
        return say("")
    return say("asks for {hours:.1f} h a week of each of them, and one may work {most:.1f} h on average, overtime "
               "included ({rule}): give them more people, or shorter shifts", hours=hours, most=rules.longest_week,
               rule=rules.overtime_month.cited)


def no_weekly_rest(scenario: Scenario, force: Workforce, name: str) -> Message:
    """A rota without the days of rest that every week has."""
    rest, run = float(force.rules.weekly_rest), runs_without_rest(scenario.rotas[name].cycle)
    if run <= WEEK_DAYS - rest:
        return say("")
    return say("has {days} days in a row without one off, and every seven have {rest:g} ({rule})", days=run, rest=rest,
               rule=force.rules.weekly_rest.cited)


# --- rosters ---------------------------------------------------------------------------------------------------------

def wrong_roster(scenario: Scenario, here: Where, force: Workforce, roster: Roster) -> Iterator[Conflict]:
    """Days that a roster lacks, people whom it has too many, and weeks without rest."""
    if why := other_days(scenario, roster.dates, shifts_in(scenario, force)):
        yield conflict((*here, "table"), why)
        return
    for key, group in force.groups.items():
        rows = len(roster.of_group(key))
        if rows > math.ceil(float(group.people) - ROUNDING):
            yield conflict((*here[:-1], "groups", key, "people"), say(
                "has {people:g} people, and the roster has {rows}: give as many, or leave it out",
                people=float(group.people), rows=rows))
        if group.rota is not None and rows:
            yield conflict((*here[:-1], "groups", key, "rota"), say("stands beside rows of the roster, which say who "
                                                                   "works: write shifts instead"))
    rule = force.rules.weekly_rest
    for k, row in enumerate(roster.rows):
        for monday, days in worked_by_week(roster, row).items():
            if days > WEEK_DAYS - float(rule) and not force.rules.emergency:
                yield conflict((*here, "rows", k), say(
                    "{name} works {days} days in the week from {monday}, and every week has {rest:g} off ({rule})",
                    name=row.name, days=days, monday=str(monday), rest=float(rule), rule=rule.cited))


def worked_by_week(roster: Roster, row: RosterRow) -> Counter[date]:
    """How many days of each week have a shift, by its Monday."""
    return Counter(day - timedelta(days=day.weekday()) for day, code in zip(roster.dates, row.codes, strict=True)
                   if code not in (OFF, LEAVE))


def other_days(scenario: Scenario, dates: Collection[date], shifts: Iterable[Shift]) -> Message:
    """Why a table does not plan the horizon: it is of other days, or lacks some of them; or the day before, on which
    a shift of those given begins that is still at work."""
    horizon = scenario.horizon
    days = days_between(horizon.start, horizon.end)
    first, last = min(dates), max(dates)
    if not set(days) & set(dates):
        return say("plans {first} to {last}, and the horizon is {start} to {end}: give it a column for each of these "
                   "days", first=str(first), last=str(last), start=str(days[0]), end=str(days[-1]))
    if lacking := [day for day in days if day not in dates]:
        return say("has no column for {days}: add one for each day of the horizon, from {start} to {end}",
                   days=[str(day) for day in lacking[:5]], start=str(days[0]), end=str(days[-1]))
    before = days[0] - timedelta(days=1)
    if before not in dates and (shift := passes_midnight(shifts, horizon.start)):
        return say("has no column for {day}, the day before the horizon, and the shift {code} of that day is still at "
                   "work then: add it", day=str(before), code=shift.code or "?")
    return say("")


def days_between(start: datetime, end: datetime) -> list[date]:
    last = (end - timedelta(seconds=1)).date()
    return [start.date() + timedelta(days=k) for k in range((last - start.date()).days + 1)]


def shifts_in(scenario: Scenario, force: Workforce) -> Iterator[Shift]:
    """The shifts that the groups of a city name."""
    plans = {group.shifts for group in force.groups.values() if group.shifts in scenario.shifts}
    yield from (one for plan in plans if plan is not None for one in scenario.shifts[plan])


def passes_midnight(shifts: Iterable[Shift], start: datetime) -> Shift | None:
    """A shift of the day before that is still at work when the horizon begins."""
    minute = start.hour * 60 + start.minute + DAY_MINUTES
    return next((one for one in shifts if one.end > minute), None)
