"""Shifts that the cells of a city's roster name, beside those that are planned: each code stands for one shift."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from string import ascii_lowercase

from optimizer.staffing.planning.city_roster.duties import duties_of
from optimizer.staffing.rosters.problem import Duty
from sim.scenario.messages import say
from sim.scenario.people import Roster, RosterRow, Shift
from sim.scenario.problems import UserError
from sim.scenario.scenario import Scenario

LETTERS = ascii_lowercase[1:]  # behind the code of a planned shift where a table has it for another


def shifts_by_code(scenario: Scenario, city: str) -> dict[str, Shift]:
    """The shifts that a cell of the city's roster may name.

    :raises UserError: where a code that cells name stands for different shifts.
    """
    found: dict[str, Shift] = {}
    roster, groups = scenario.workforce(city).roster, scenario.groups(city)
    for row in roster.rows if roster else ():
        group = groups.get(row.group)
        for shift in scenario.shifts_of(group) if group is not None else ():
            if shift.code and found.setdefault(shift.code, shift) is not shift and not alike(found[shift.code], shift):
                raise UserError(say("{code} stands for different shifts in the roster of {city}: give each a code of "
                                    "its own", code=shift.code, city=city))
    return found


def alike(one: Shift, other: Shift) -> bool:
    """Whether they differ in nothing but what they are called and who works them."""
    first, second = ((shift.start, float(shift.hours), [(pause.hours, *map(float, pause.window), pause.paid)
                                                        for pause in shift.breaks]) for shift in (one, other))
    return first == second


def named_from(scenario: Scenario, city: str, first: date) -> tuple[Shift, ...]:
    """The shifts that cells and wishes name for a day or later ones."""
    roster, known = scenario.workforce(city).roster, shifts_by_code(scenario, city)
    names = {code for row in (roster.rows if roster else ()) for code in names_in(row, roster, first)}
    return tuple(shift for code, shift in known.items() if code in names)


def names_in(row: RosterRow, roster: Roster | None, first: date) -> Iterable[str]:
    """What a row says for a day or later ones."""
    dates = roster.dates if roster else ()
    yield from (code for day, code in zip(dates, row.codes, strict=True) if day >= first)
    yield from (wish.what for wish in row.wishes if dates[wish.day] >= first)


def with_codes_apart(planned: Sequence[Shift], known: Mapping[str, Shift], step: int) -> tuple[Shift, ...]:
    """Planned shifts, those that a table has too by its code, and no other by a code that the table has.

    :param step: minutes at which meals may begin.
    """
    by_code = {duty.code: duty for duty in duties_of(known.values(), step)}
    return tuple(with_code_apart(shift, known, by_code, step) for shift in planned)


def with_code_apart(shift: Shift, known: Mapping[str, Shift], duties: Mapping[str, Duty], step: int) -> Shift:
    for code, other in known.items():
        if alike(shift, other):
            return shift.model_copy(update={"code": code})
    named = (shift.model_copy(update={"code": shift.code + letter}) for letter in ("", *LETTERS))
    return next(one for one in named if all(duties.get(duty.code, duty) == duty for duty in duties_of([one], step)))
