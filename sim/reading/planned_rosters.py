"""What files get wrong about rosters that are to be planned: what was before, wishes, what is frozen, days of rest."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from sim.reading.conflicts import Conflict, conflict, days_simulated
from sim.scenario.messages import say
from sim.scenario.people import LEAVE, OFF, Roster, RosterRow, Workforce
from sim.scenario.problems import Where
from sim.scenario.scenario import Scenario

SATURDAY = 5
ROUNDING = 1e-6


def wrong_planned_rosters(scenario: Scenario) -> Iterator[Conflict]:
    """Everything that is wrong with what a file says for the planning of rosters."""
    yield from wrong_frozen(scenario)
    yield from nobody_leads(scenario)
    yield from too_long_for_part_time(scenario)
    for city, force in scenario.people.items():
        yield from wrong_calendar(("people", city), force)
        if force.roster is not None and days_simulated(scenario, force.roster):     # else that alone is told
            here = ("people", city, "roster")
            yield from days_lacking(scenario, here, force.roster)
            for k, row in enumerate(force.roster.rows):
                yield from wrong_row(scenario, (*here, "rows", k), scenario.workforce(city), row)


def told_of_frozen(scenario: Scenario) -> Iterator[Conflict]:
    """Days that are frozen without effect: before the horizon, or where nobody has a code."""
    until = scenario.staffing.frozen_until if scenario.staffing else None
    first = scenario.horizon.start.date()
    if until is None:
        return
    if until <= first:
        yield conflict(("staffing", "frozen_until"), say(
            "freezes nothing, as the horizon begins on {start}: days before it stay anyway", start=str(first)))
    for city, roster in rosters(scenario).items():
        if blank := [str(day) for day in days_without_codes(roster) if first <= day < until]:
            yield conflict(("people", city, "roster", "table"), say(
                "has no code on {days}, and days before {until} stay as they are (staffing.frozen_until): an empty "
                "cell is a day off then, and nobody works", days=blank[:5], until=str(until)))


def days_without_codes(roster: Roster) -> list[date]:
    """Days on which every cell is empty."""
    return [day for i, day in enumerate(roster.dates) if roster.rows and all(i in row.free for row in roster.rows)]


def rosters(scenario: Scenario) -> dict[str, Roster]:
    """The rosters of the cities whose people are planned."""
    terms = scenario.staffing
    cities = [city for city in (terms.cities if terms and terms.cities else scenario.cities) if city in scenario.cities]
    return {city: roster for city in cities if (roster := scenario.workforce(city).roster) is not None}


def wrong_frozen(scenario: Scenario) -> Iterator[Conflict]:
    """Days of the horizon that are frozen without a roster that has them, or all of them."""
    until = scenario.staffing.frozen_until if scenario.staffing else None
    if until is None or until <= scenario.horizon.start.date():
        return
    if not rosters(scenario):
        yield conflict(("staffing", "frozen_until"), say(
            "no city has a roster whose days could stay: name a table under people.CITY.roster, or leave it out"))
    elif until >= scenario.horizon.end.date():
        yield conflict(("staffing", "frozen_until"), say(
            "must lie before {end}, the end of the horizon: else no day is left to be planned",
            end=str(scenario.horizon.end.date())))


def nobody_leads(scenario: Scenario) -> Iterator[Conflict]:
    """Leaders are asked for, and no roster names any. Of a table that could not be read nobody knows."""
    wanted, known = scenario.staffing.leaders if scenario.staffing else 0, rosters(scenario).values()
    unread = any(not roster.rows for roster in known)
    if wanted and not unread and not any(row.leads for roster in known for row in roster.rows):
        yield conflict(("staffing", "leaders"), say(
            "nobody leads in any roster: give the table a column 组长 (leader) with 是 (yes), or leave it out"))


def too_long_for_part_time(scenario: Scenario) -> Iterator[Conflict]:
    """Part-time people without shifts of their own, where every kind of shift is longer than they may work."""
    terms = scenario.staffing
    for city in (terms.cities or scenario.surged()) if terms else ():
        rule = scenario.workforce(city).rules.part_time_day
        works = [float(hours) - float(kind.meal) / 3600 for kind in terms.shift_types for hours in kind.hours] \
            if terms else []
        for key, group in scenario.workforce(city).groups.items() if min(works) > float(rule) + ROUNDING else ():
            if group.contract == "part_time" and group.shifts is None and group.rota is None:
                yield conflict(("people", city, "groups", key), say(
                    "works part time, at most {most:g} h a day ({rule}), and every kind of shift is longer: name "
                    "shifts of its own, or give staffing.shift_types one of so many hours", most=float(rule),
                    rule=rule.cited))


def wrong_calendar(here: Where, force: Workforce) -> Iterator[Conflict]:
    """Days that are named twice, or that are what they are named anyway."""
    seen = dict[date, str]()
    for field in ("holidays", "days_off", "workdays"):
        for i, day in enumerate(getattr(force, field)):
            if day in seen:
                yield conflict((*here, field, i), say("{day} stands in {field} already: a day is one of them",
                                                      day=str(day), field=seen[day]))
            seen[day] = field
            at_weekend = day.weekday() >= SATURDAY
            if field == "days_off" and at_weekend:
                yield conflict((*here, field, i), say("{day} is a Saturday or Sunday, a day of rest anyway: leave it "
                                                      "out", day=str(day)))
            if field == "workdays" and not at_weekend:
                yield conflict((*here, field, i), say("{day} is no Saturday or Sunday: it is a working day anyway, "
                                                      "leave it out", day=str(day)))


def days_lacking(scenario: Scenario, here: Where, roster: Roster) -> Iterator[Conflict]:
    """Days before the horizon: what was before can be followed only where no day lacks."""
    first = scenario.horizon.start.date()
    before = {day for day in roster.dates if day < first and first in roster.dates}
    lacking = [day for day in days_from(min(before), first) if day not in before] if before else []
    if lacking:
        yield conflict((*here, "table"), say(
            "has columns of days before the horizon but none for {days}: add them, as days in a row are counted up to "
            "the day before {start}", days=[str(day) for day in lacking[:5]], start=str(first)))


def days_from(first: date, end: date) -> list[date]:
    return [first + timedelta(days=k) for k in range((end - first).days)]


def wrong_row(scenario: Scenario, here: Where, force: Workforce, row: RosterRow) -> Iterator[Conflict]:
    """Wishes for days that are over or frozen and have no code, codes without shifts, and more overtime than a month
    may have."""
    assert force.roster is not None
    start = scenario.horizon.start.date()
    until = (scenario.staffing.frozen_until if scenario.staffing else None) or start
    late = [wish.day for wish in row.wishes
            if wish.day in row.free and force.roster.dates[wish.day] < max(until, start)]
    if late:
        yield conflict((*here, "codes", late[0]), say(
            "{name} wishes something for {day}, and days before {until} stay as they are: write what the day is",
            name=row.name, day=str(force.roster.dates[late[0]]), until=str(max(until, start))))
    group = force.groups.get(row.group)
    days = [day for day, code in enumerate(row.codes) if code not in (OFF, LEAVE)]
    if days and group is not None and group.shifts is None and group.rota is None:
        yield conflict((*here, "codes", days[0]), say(
            "{name} has the shift {code}, and {group} has no shifts: name its plan of shifts under shifts",
            name=row.name, code=row.codes[days[0]], group=row.group))
    if row.overtime and start.day == 1:
        yield conflict(here, say("{name} has overtime of this month, and the horizon begins with the month: leave it "
                                 "out", name=row.name))
    most = force.rules.overtime_month
    if row.overtime is not None and row.overtime > float(most) and not force.rules.emergency:
        yield conflict(here, say("{name} has {hours:g} h of overtime this month, and {most:g} are allowed ({rule}): "
                                 "mend the number, or write rules.emergency where there is one", name=row.name,
                                 hours=row.overtime, most=float(most), rule=most.cited))
