"""What is planned, put into the scenario again: the roster is what the simulation replays."""
from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from optimizer.staffing.planning.city_roster.duties import shift_code
from optimizer.staffing.planning.city_roster.own_shifts import rostered_groups
from optimizer.staffing.planning.city_roster.table_shifts import shifts_by_code
from sim.scenario.levers import AnyLever
from sim.scenario.people import NIGHTS, OFF, Roster, RosterRow, Shift, ShiftCounts, StaffTable
from sim.scenario.people_levers import Overtime
from sim.scenario.scenario import Scenario


def plan_of(city: str) -> str:
    """What the plan of shifts of a city is called that its planned roster names."""
    return f"{city}-planned"


def with_roster(scenario: Scenario, city: str, shifts: Sequence[Shift], roster: Roster,
                groups_on: Collection[str] = ()) -> Scenario:
    """The scenario with the people of a city on these shifts, by this roster, instead of what it says of them; with
    those too who work when they are called, where the roster has them.

    :param groups_on: the groups whose shifts these are; those who are rostered and answer everything if left out.
    """
    name = plan_of(city)
    rostered = {*(groups_on or rostered_groups(scenario, city)), *(row.group for row in roster.rows)}
    groups = {key: group.model_copy(update={"shifts": name, "rota": None}) if key in rostered else group
              for key, group in scenario.groups(city).items()}
    roster = roster.model_copy(update={"rows": (*with_overtime_so_far(scenario, city, roster),
                                                *others_in(scenario, city, roster))})
    force = scenario.workforce(city).model_copy(update={"groups": groups, "roster": roster})
    return scenario.model_copy(update={
        "shifts": {**scenario.shifts, name: tuple(shifts)}, "people": {**scenario.people, city: force},
        "staff": without(scenario.staff, city), "shift_counts": without_rows(scenario, city),
        "levers": levers_beside(scenario.levers, city, (None, *rostered))})


def levers_beside(levers: Sequence[AnyLever], city: str, groups: Collection[str | None]) -> tuple[AnyLever, ...]:
    """Levers that a roster of some groups of a city leaves in force: it says itself, with the calls on top of it, who
    of its people works longer, and their shifts end at other hours than those for which longer ones were planned.

    :param groups: None among them stands for levers of all.
    """
    return tuple(one for one in levers
                 if not (isinstance(one, Overtime) and one.city == city and one.group in groups))


def with_overtime_so_far(scenario: Scenario, city: str, roster: Roster) -> tuple[RosterRow, ...]:
    """Rows with what the city's own table says of overtime this month: it counts for whoever is called later."""
    own = scenario.workforce(city).roster
    said = {row.name: row.overtime for row in (own.rows if own else ()) if row.overtime}
    return tuple(row.model_copy(update={"overtime": said[row.name]}) if row.name in said else row
                 for row in roster.rows)


def others_in(scenario: Scenario, city: str, roster: Roster) -> tuple[RosterRow, ...]:
    """Rows of the city's own table of people whom a planned roster leaves out, in its days."""
    own, groups = scenario.workforce(city).roster, {row.group for row in roster.rows}
    rostered = rostered_groups(scenario, city)
    return tuple(on_days_of(row, own, roster)
                 for row in (own.rows if own else ()) if own and row.group not in {*groups, *rostered})


def on_days_of(row: RosterRow, own: Roster, roster: Roster) -> RosterRow:
    """A row on the days of another roster, off where its own has none, with what is said of the person."""
    codes, fixed = dict(zip(own.dates, row.codes, strict=True)), {own.dates[i] for i in row.fixed}
    return row.model_copy(update={"codes": tuple(codes.get(day, OFF) for day in roster.dates), "free": (), "wishes": (),
                                  "fixed": tuple(i for i, day in enumerate(roster.dates) if day in fixed)})


def without(staff: StaffTable | None, city: str) -> StaffTable | None:
    """A table of planned seats without those of a city; none where it has no other."""
    rows = tuple((at, tuple(one for one in row if one[0] != city)) for at, row in staff.rows) if staff else ()
    return staff.model_copy(update={"rows": rows}) if staff and rows and rows[0][1] else None


def without_rows(scenario: Scenario, city: str) -> ShiftCounts | None:
    """The table without a city that has a roster; none where it has no other."""
    table = scenario.shift_counts
    rows = tuple(row for row in table.rows if row.city != city) if table else ()
    return table.model_copy(update={"rows": rows}) if table and rows else None


def to_be_written(scenario: Scenario, city: str, shifts: Sequence[Shift],
                  roster: Roster) -> tuple[tuple[Shift, ...], Roster]:
    """A planned roster as the next plan may start from it: with the days before it, what the city's table says of
    people, which cells are fixed, and whom it leaves out; and every shift that it names."""
    own = scenario.workforce(city).roster
    if own is None:
        return tuple(shifts), roster
    before = sorted(day for day in own.dates if day < roster.dates[0])
    dates, known = (*before, *roster.dates), shifts_by_code(scenario, city)
    said = {row.name: row for row in own.rows}
    whole = Roster(table=roster.table, dates=dates,
                   rows=tuple(with_past(row, said.get(row.name), own, dates) for row in roster.rows))
    whole = whole.model_copy(update={"rows": (*whole.rows, *others_in(scenario, city, whole))})
    codes = {code for row in whole.rows for code in row.codes} - {shift.code for shift in shifts}
    kinds = (kind.code for kind in scenario.staffing_terms.shift_types)
    codes |= wished_only(own, known, {*codes, *(shift.code for shift in shifts), *kinds, NIGHTS})
    return (*shifts, *(shift for code, shift in known.items() if code in codes)), whole


def wished_only(own: Roster, known: Iterable[str], named: Iterable[str]) -> set[str]:
    """Codes of shifts that people wish and nobody has, by which their wishes are read again."""
    there = {one for code in named for one in (code, shift_code(code))}
    lacking = {wish.what for row in own.rows for wish in row.wishes} - there
    return {code for code in known if code in lacking or shift_code(code) in lacking}


def with_past(row: RosterRow, said: RosterRow | None, own: Roster, dates: Sequence[date]) -> RosterRow:
    """A planned row on all of some dates, of which it has the last, with what the table says of the person."""
    if said is None:
        return row.model_copy(update={"codes": (*(OFF for _ in dates[:len(dates) - len(row.codes)]), *row.codes)})
    codes, fixed = dict(zip(own.dates, said.codes, strict=True)), {own.dates[i] for i in said.fixed}
    past = (codes[day] for day in dates[:len(dates) - len(row.codes)])
    return said.model_copy(update={"codes": (*past, *row.codes), "free": (), "wishes": (),
                                   "fixed": tuple(i for i, day in enumerate(dates) if day in fixed)})
