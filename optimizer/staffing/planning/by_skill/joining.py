"""What is planned of people who answer some classes of callers only, in the city's table: the plan of all others finds
them there, and they stay as they are."""
from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from optimizer.staffing.planning.city_roster.delivering import levers_beside, plan_of
from optimizer.staffing.planning.rostered import Rostered
from sim.scenario.people import OFF, Roster, RosterRow, Shift
from sim.scenario.scenario import Scenario


def joined(scenario: Scenario, city: str, of: Rostered, groups: Collection[str]) -> Scenario:
    """The scenario with some groups of a city on a roster, beside all that its table says of others."""
    force, name = scenario.workforce(city), plan_of_some(city)
    own = {key: group.model_copy(update={"shifts": name, "rota": None}) if key in groups else group
           for key, group in scenario.groups(city).items()}
    roster = with_rows(force.roster, of.table, groups)
    return scenario.model_copy(update={
        "shifts": {**scenario.shifts, name: together(scenario.shifts.get(name, ()), of.shifts)},
        "people": {**scenario.people, city: force.model_copy(update={"groups": own, "roster": roster})},
        "levers": levers_beside(scenario.levers, city, groups)})


def plan_of_some(city: str) -> str:
    """What the plan of shifts is called that they work by, until all of the city's people have one."""
    return f"{plan_of(city)}-some"


def together(known: Sequence[Shift], more: Sequence[Shift]) -> tuple[Shift, ...]:
    """Shifts of several rosters; a code stands for the same in all."""
    return tuple({one.code: one for one in (*known, *more)}.values())


def with_rows(table: Roster | None, planned: Roster, groups: Collection[str]) -> Roster:
    """A table with the planned rows of some groups instead of what it has of these."""
    dates = tuple(sorted({*(table.dates if table else ()), *planned.dates}))
    others = [on_dates(row, table.dates, dates) for row in table.rows if row.group not in groups] if table else []
    mine = [on_dates(row, planned.dates, dates) for row in planned.rows if row.group in groups]
    return Roster(table=planned.table, dates=dates, rows=(*others, *mine))


def on_dates(row: RosterRow, had: Sequence[date], dates: Sequence[date]) -> RosterRow:
    """A row on more days: of these nothing is said."""
    place, codes = {day: i for i, day in enumerate(dates)}, dict(zip(had, row.codes, strict=True))
    wishes = tuple(one.model_copy(update={"day": place[had[one.day]]}) for one in row.wishes)
    free = {*(place[had[i]] for i in row.free), *(place[day] for day in dates if day not in codes)}
    return row.model_copy(update={"codes": tuple(codes.get(day, OFF) for day in dates), "wishes": wishes,
                                  "free": tuple(sorted(free)), "fixed": tuple(place[had[i]] for i in row.fixed)})
