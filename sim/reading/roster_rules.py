"""Rules of work that the rows of a roster pass, for whom and when: said, as whoever edits a roster may mean it.

What nobody can do at all, two shifts at a time or a week without rest, is a problem of the file, and told elsewhere.
"""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from sim.reading.conflicts import Conflict, clock, conflict, of_a_day
from sim.reading.shift_rests import hours_between, shifts_of_row
from sim.scenario.dates import DAY_MINUTES
from sim.scenario.messages import Message, say, some
from sim.scenario.people import LEAVE, Roster, RosterRow, Shift
from sim.scenario.problems import FEWEST_ALIKE, MOST_RANGES, Problem, Where, ranges
from sim.scenario.scenario import ALL, Scenario
from sim.scenario.work_rules import WorkRules

FEW_NAMES = 3
ROUNDING = 1e-6
WEEK_DAYS = 7
LAW, ON_LEAVE, REST, WEEK = range(4)   # what is told first


class Passed(NamedTuple):
    """A rule that a row passes, and with the shift of which day."""

    kind: int
    beyond: float       # the more, the sooner it is told among its kind
    day: date
    message: Message


class Days:
    """A person's shifts by day."""

    def __init__(self, row: RosterRow, roster: Roster, shifts: Mapping[str, Shift]):
        self.name = row.name
        self.codes = dict(sorted(zip(roster.dates, row.codes, strict=True)))
        self.shifts = {day: shifts[code] for day, code in self.codes.items() if code in shifts}

    def weeks(self) -> list[list[date]]:
        """The days with a shift of each week that has any."""
        found: dict[date, list[date]] = defaultdict(list)
        for day in self.shifts:
            found[monday_of(day)].append(day)
        return list(found.values())


def passed_by_rosters(scenario: Scenario) -> Iterator[Conflict]:
    """What each roster passes, the worst first."""
    for city, force in scenario.people.items():
        if force.roster is None or city == ALL:
            continue
        rules, columns = scenario.workforce(city).rules, {day: i for i, day in enumerate(force.roster.dates)}
        found = sorted(((k, one) for k, row in enumerate(force.roster.rows)
                        for one in passed_by(scenario, city, row, rules)), key=lambda of: (of[1].kind, -of[1].beyond))
        for k, one in found:
            yield conflict(of_a_day(city, k, columns[one.day]), one.message)


def passed_by(scenario: Scenario, city: str, row: RosterRow, rules: WorkRules) -> list[Passed]:
    """What one row passes; people of other contracts than work by the week keep other rules."""
    roster, group = scenario.people[city].roster, scenario.groups(city).get(row.group)
    shifts = {one.code: one for one in shifts_of_row(scenario, city, row.group) if one.code}
    assert roster is not None
    days = Days(row, roster, shifts)
    told = [*short_rests(days, rules), *into_leave(days), *long_runs(days, rules)]
    if group is None or group.contract == "full_time":
        told += [*long_weeks(days, rules), *much_overtime(days, rules)]
    elif group.contract == "part_time":
        told += part_time_weeks(days, rules)
    return told


def by_rule(notices: Mapping[Problem, Where]) -> Iterator[Problem]:
    """What is told of the rows of rosters, each rule once: whom it concerns first, how many others, and where.

    :param notices: each with what of the scenario it is told of.
    """
    kinds: dict[tuple[str, str], list[Problem]] = {}
    for one, where in notices.items():
        of_a_row = where[2:4] == ("roster", "rows") and "name" in one.message.values
        kinds.setdefault((one.place.file, one.message.template if of_a_row else str(one)), []).append(one)
    for alike in kinds.values():
        if len(alike) < FEWEST_ALIKE:
            yield from alike
        else:
            yield replace(alike[0], path="", message=alike[0].message + all_of(alike))


def all_of(alike: list[Problem]) -> Message:
    """How often a rule is passed, by whom and in which lines."""
    names = list(dict.fromkeys(str(one.message.values["name"]) for one in alike))
    lines = ranges(one.place.line for one in alike)
    if len(names) == 1:
        return say("; {times:,} such cases of {name}", times=len(alike), name=names[0])
    return say("; {times:,} such cases, of {people:,} people: {names}, in lines {lines}", times=len(alike),
               people=len(names), names=some(names, FEW_NAMES), lines=some(lines, MOST_RANGES))


Told = Iterator[Passed]


def short_rests(days: Days, rules: WorkRules) -> Told:
    """Rests between the shifts of two days that are shorter than is usual."""
    least = float(rules.rest_between_shifts)
    for day, shift in days.shifts.items():
        then = days.shifts.get(day + timedelta(days=1))
        if then is not None:
            hours, end = hours_between(shift, then), shift.start / 60 + float(shift.hours)
            if hours < least - ROUNDING:
                yield Passed(REST, least - hours, day + timedelta(days=1), say(
                    "{name} has {hours:g} h between {first} of {day}, until {end}, and {then} of the next day, from "
                    "{start}; {least:g} h are usual ({rule})", name=days.name, hours=hours, first=shift.code,
                    day=str(day), end=clock_of(end), then=then.code, start=clock_of(then.start / 60), least=least,
                    rule=rules.rest_between_shifts.cited))


def into_leave(days: Days) -> Told:
    """Shifts that end on a day of leave."""
    for day, shift in days.shifts.items():
        end, then = shift.start / 60 + float(shift.hours), day + timedelta(days=1)
        if end > DAY_MINUTES / 60 + ROUNDING and days.codes.get(then) == LEAVE:
            yield Passed(ON_LEAVE, end, day, say(
                "{name} is on leave on {then}, and {code} of the day before lasts until {end}", name=days.name,
                then=str(then), code=shift.code, end=clock_of(end)))


def long_runs(days: Days, rules: WorkRules) -> Told:
    """More days in a row than there are between two days of rest."""
    most, run = WEEK_DAYS - float(rules.weekly_rest), list[date]()
    for day in (*days.shifts, date.max):
        if run and day - run[-1] != timedelta(days=1):
            if len(run) > most:
                yield Passed(LAW, len(run) - most, run[-1], say(
                    "{name} works {days} days in a row, from {first} to {last}, and every seven have {rest:g} off "
                    "({rule})", name=days.name, days=len(run), first=str(run[0]), last=str(run[-1]),
                    rest=float(rules.weekly_rest), rule=rules.weekly_rest.cited))
            run = []
        run.append(day)


def long_weeks(days: Days, rules: WorkRules) -> Told:
    """Weeks with overtime, unless hours are reckoned over longer."""
    standard = float(rules.standard_week)
    for worked, hours in hours_by_week(days):
        if rules.comprehensive == "none" and hours > standard + ROUNDING:
            yield Passed(WEEK, hours - standard, worked[-1], say(
                "{name} works {hours:g} h in the week from {monday}, {over:g} h of them overtime: {standard:g} h are "
                "standard ({rule})", name=days.name, hours=hours, monday=str(monday_of(worked[-1])),
                over=hours - standard, standard=standard, rule=rules.standard_week.cited))


def part_time_weeks(days: Days, rules: WorkRules) -> Told:
    """Weeks in which somebody works more than part time is."""
    most = float(rules.part_time_week)
    for worked, hours in hours_by_week(days):
        if hours > most + ROUNDING:
            yield Passed(LAW, hours - most, worked[-1], say(
                "{name} works {hours:g} h in the week from {monday}, and part time is at most {most:g} h ({rule})",
                name=days.name, hours=hours, monday=str(monday_of(worked[-1])), most=most,
                rule=rules.part_time_week.cited))


def hours_by_week(days: Days) -> Iterator[tuple[list[date], float]]:
    """The days of each week with a shift, and their hours of work."""
    for worked in days.weeks():
        yield worked, sum(days.shifts[day].work_hours for day in worked)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def much_overtime(days: Days, rules: WorkRules) -> Told:
    """Months with more overtime than is allowed: what is beyond the standard week, on the days on which it is."""
    most, months, last = float(rules.overtime_month), dict[str, float](), dict[str, date]()
    if rules.emergency or rules.comprehensive != "none":
        return
    for worked in days.weeks():
        hours = 0.0
        for day in worked:
            before, hours = hours, hours + days.shifts[day].work_hours
            over = max(0.0, hours - max(before, float(rules.standard_week)))
            months[f"{day:%Y-%m}"] = months.get(f"{day:%Y-%m}", 0.0) + over
            last |= {f"{day:%Y-%m}": day} if over else {}
    for month, over in months.items():
        if over > most + ROUNDING:
            yield Passed(LAW, over - most, last[month], say(
                "{name} works {hours:g} h of overtime in {month}, and {most:g} h are allowed ({rule})", name=days.name,
                hours=over, month=month, most=most, rule=rules.overtime_month.cited))


def clock_of(hours: float) -> str:
    """A time of day, from hours after any midnight."""
    return clock(round(hours * 60) % DAY_MINUTES)
