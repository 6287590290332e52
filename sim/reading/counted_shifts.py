"""What a table of how many begin which shift gets wrong: days, cities whose people something else puts to work, shifts
that are not as it says, and more people than there are."""
from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from datetime import date

from sim.reading.conflicts import Conflict, clock, conflict, plans_exist
from sim.reading.workforces import WEEK_DAYS, days_between, other_days
from sim.scenario.dates import DAY_MINUTES
from sim.scenario.messages import Message, say
from sim.scenario.people import Group, Shift, ShiftCount, ShiftCounts
from sim.scenario.problems import shortly
from sim.scenario.scenario import Scenario

HERE = ("shift_counts",)
CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
SHOWN_H = 0.051     # of hours that a sheet shows with one decimal
ROUNDING = 1e-6


def wrong_shift_counts(scenario: Scenario) -> Iterator[Conflict]:
    """Everything that is wrong with the table, city by city."""
    table = scenario.shift_counts
    if table is None or not table.rows:
        return
    if why := other_days(scenario, table.dates, [shift for _, shift in named(scenario, table)]):
        yield conflict((*HERE, "table"), why)
    for k, city in first_rows(table).items():
        if city in scenario.cities and plans_exist(scenario, city):
            if why := by_something_else(scenario, city):
                yield conflict((*HERE, "rows", k, "city"), why)
            else:
                yield from two_shifts(scenario, city)
                yield from more_than_there_are(scenario, table, city)
    yield from unknown_codes(scenario, table)
    for k, shift in named(scenario, table):
        for field, why in not_as_it_says(table.rows[k], shift):
            yield conflict((*HERE, "rows", k, field), why)


def first_rows(table: ShiftCounts) -> dict[int, str]:
    """The first row of each city."""
    found = {row.city: k for k, row in reversed(list(enumerate(table.rows)))}
    return {k: city for city, k in found.items()}


def named(scenario: Scenario, table: ShiftCounts) -> Iterator[tuple[int, Shift]]:
    """The rows whose shift is known, by their place in the table."""
    known = shifts_known(scenario, table)
    for k, row in enumerate(table.rows):
        if row.code in known.get(row.city, {}):
            yield k, known[row.city][row.code]


def shifts_known(scenario: Scenario, table: ShiftCounts) -> dict[str, dict[str, Shift]]:
    """By city of the table: the shifts that it may name."""
    return {city: shifts_by_code(scenario, city) for city in {row.city for row in table.rows} & scenario.cities.keys()}


def shifts_by_code(scenario: Scenario, city: str) -> dict[str, Shift]:
    """The shifts by whose codes the table may name a city's people."""
    return {one.code: one for group in scenario.counted(city).values() for one in scenario.shifts_of(group) if one.code}


# --- who is meant ----------------------------------------------------------------------------------------------------

def by_something_else(scenario: Scenario, city: str) -> Message:
    """Why the table says nothing of a city's people: something else says already who works."""
    if city in scenario.planned:
        return say("{city} has planned seats too (staff), and one of the two counts: leave its rows out here, or its "
                   "column out there", city=city)
    if scenario.counted(city):
        return say("")
    plans = sorted({group.shifts for group in scenario.groups(city).values() if group.shifts})
    if scenario.workforce(city).roster is not None:
        return say("{city} has a roster too, and one of the two counts: leave its rows out here, or write people."
                   "{city}.roster: ~", city=city)
    if any(one.share is not None for plan in plans for one in scenario.shifts[plan]):
        return say("the shifts of {city} have shares, which say already how many work: leave its rows out here, or the "
                   "shares out of {plans}", city=city, plans=[f"shifts.{plan}" for plan in plans])
    if plans:
        return say("no shift of {city} has a code: give each a code under {plans}", city=city,
                   plans=[f"shifts.{plan}" for plan in plans])
    return say("the people of {city} have no shifts but by a rota or when they are called in: leave its rows out, or "
               "name their shifts", city=city)


def unknown_codes(scenario: Scenario, table: ShiftCounts) -> Iterator[Conflict]:
    """Rows of shifts that a city's people do not have."""
    known = shifts_known(scenario, table)
    for k, row in enumerate(table.rows):
        if known.get(row.city) and row.code not in known[row.city]:
            yield ((*HERE, "rows", k, "code"), say("{code} is no shift of {city}", code=shortly(row.code),
                                                   city=row.city), row.code, list(known[row.city]))


def two_shifts(scenario: Scenario, city: str) -> Iterator[Conflict]:
    """A code that stands for different shifts in two plans of a city: a row could mean either."""
    seen = dict[str, tuple[str, Shift]]()
    for plan in dict.fromkeys(str(group.shifts) for group in scenario.counted(city).values()):
        for i, one in enumerate(scenario.shifts[plan]):
            other, before = seen.setdefault(one.code, (plan, one))
            if one.code and one != before:
                yield conflict(("shifts", plan, i, "code"), say(
                    "{code} is another shift than in {other}, and people of {city} have both: a row of shift_counts "
                    "could mean either; give one of them another code", code=one.code, other=f"shifts.{other}",
                    city=city))


# --- how many --------------------------------------------------------------------------------------------------------

def more_than_there_are(scenario: Scenario, table: ShiftCounts, city: str) -> Iterator[Conflict]:
    """The day on which most people of a plan of shifts begin one, where that is more than there are."""
    counted = scenario.counted(city)
    for plan in dict.fromkeys(str(group.shifts) for group in counted.values()):
        people = {key: group for key, group in counted.items() if group.shifts == plan}
        there = sum(float(group.people) for group in people.values())
        begun = begun_by_day(scenario, table, city, people)
        over = [day for day, n in enumerate(begun) if n > math.ceil(there - ROUNDING) + ROUNDING]
        if over:
            worst = max(over, key=begun.__getitem__)
            k = next(k for k, row in enumerate(table.rows) if row.city == city and row.people[worst])
            yield conflict((*HERE, "rows", k, "people", worst), say(
                "{n:g} people of {city} begin a shift on {day}, and there are {people:g} (days with too many: {days}): "
                "put fewer, or give more under {place}", n=begun[worst], city=city, day=str(table.dates[worst]),
                people=there, days=len(over), place=place_of(scenario, city, people)))


def long_weeks(scenario: Scenario) -> Iterator[Conflict]:
    """Cities whose people would work more hours a week by the table than the law allows on average: said and not
    refused, as a plan says how many are needed whether they are there or not."""
    table, days = scenario.shift_counts, days_between(scenario.horizon.start, scenario.horizon.end)
    for k, city in first_rows(table).items() if table and len(days) >= WEEK_DAYS else ():
        rules = scenario.workforce(city).rules
        people = sum(float(group.people) for group in scenario.counted(city).values())
        hours = hours_by(scenario, city, days) / max(people, ROUNDING) / (len(days) / WEEK_DAYS)
        if hours > rules.longest_week + ROUNDING and not rules.emergency:
            yield conflict((*HERE, "rows", k, "city"), say(
                "asks for {hours:.1f} h a week of each of the {people:g} people of {city}, and one may work {most:.1f} "
                "h on average, overtime included ({rule})", hours=hours, people=people, city=city,
                most=rules.longest_week, rule=rules.overtime_month.cited))


def hours_by(scenario: Scenario, city: str, days: Collection[date]) -> float:
    """Hours of work on some days that the table has of a city."""
    table, shifts = scenario.shift_counts, shifts_by_code(scenario, city)
    return sum(n * shifts[row.code].work_hours for row in (table.of_city(city) if table else ())
               for day, n in zip(table.dates if table else (), row.people, strict=True) if day in days)


def begun_by_day(scenario: Scenario, table: ShiftCounts, city: str, people: Mapping[str, Group]) -> list[float]:
    """How many of some groups begin a shift on each day: of a shift that others have too, their part by number."""
    found, counted = [0.0] * len(table.dates), scenario.counted(city)
    for row in table.of_city(city):
        have = {key: float(group.people) for key, group in counted.items()
                if any(one.code == row.code for one in scenario.shifts_of(group))}
        part = sum(n for key, n in have.items() if key in people) / max(sum(have.values()), ROUNDING)
        found = [n + part * more for n, more in zip(found, row.people, strict=True)]
    return found


def place_of(scenario: Scenario, city: str, people: Mapping[str, Group]) -> str:
    """Where a file says how many there are."""
    return f"people.{city}.groups.{next(iter(people))}.people" if scenario.workforce(city).groups else (
        f"cities.{city}.agents")


# --- what a row says of its shift ------------------------------------------------------------------------------------

def not_as_it_says(row: ShiftCount, shift: Shift) -> Iterator[tuple[str, Message]]:
    """The fields of a row that say something else of its shift than the file."""
    meals = [tuple(round(shift.start + float(hours) * 60) % DAY_MINUTES for hours in one.window)
             for one in shift.breaks]
    start, end = shift.start % DAY_MINUTES, shift.end % DAY_MINUTES
    of_meals = ", ".join("–".join(map(clock, one)) for one in meals)
    checks: tuple[tuple[str, str, bool, str], ...] = (
        ("start", row.start, clocks(row.start) == (start,), clock(start)),
        ("end", row.end, clocks(row.end) == (end,), clock(end)),
        ("meal", row.meal, clocks(row.meal) in meals, of_meals),
        ("hours", row.hours, is_number(row.hours, shift.work_hours), f"{shift.work_hours:g}"))
    for field, said, is_right, true in checks:
        if said and not is_right:
            yield field, wrong(said, true, row.code)


def wrong(said: str, true: str, code: str) -> Message:
    if not true:
        return say("says {got}, and the file gives {code} no break: change the shift under shifts, or empty this cell",
                   got=shortly(said), code=code)
    return say("says {got}, and by the file {code} has {true}: change the shift under shifts, or empty this cell",
               got=shortly(said), true=true, code=code)


def clocks(said: str) -> tuple[int, ...]:
    """The times of day in a text, in minutes: 24:00 is midnight."""
    found = CLOCK.findall(unicodedata.normalize("NFKC", said))
    return tuple((int(hour) * 60 + int(minute)) % DAY_MINUTES for hour, minute in found)


def is_number(said: str, hours: float) -> bool:
    """Whether hours are meant that a sheet may have rounded."""
    try:
        return abs(float(unicodedata.normalize("NFKC", said)) - hours) < SHOWN_H
    except ValueError:
        return False

