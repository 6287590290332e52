"""A roster that is published already: its shifts, and its cells as duties that a new plan keeps where it can."""
from __future__ import annotations

import string
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from optimizer.staffing.planning.duties import shift_code, with_meals
from optimizer.staffing.revising.changes import Difference, difference
from optimizer.staffing.rosters.problem import OFF, Cell, Duty, Ints, Problem
from sim.scenario.people import LEAVE, Shift
from sim.scenario.scenario import Scenario


def published_shifts(scenario: Scenario, city: str) -> tuple[Shift, ...]:
    """The shifts that cells of the city's roster name; none where it has no roster."""
    groups, roster, found = scenario.groups(city), scenario.workforce(city).roster, dict[str, Shift]()
    for row in roster.rows if roster else ():
        known = {shift.code: shift for shift in scenario.shifts_of(groups[row.group]) if shift.code}
        found.update({code: known[code] for code in row.codes if code in known})
    return tuple(found.values())


class Family(NamedTuple):
    """What shifts have in common that differ by the time of their meal: minutes."""

    start: int
    presence: int
    meal: int
    paid: bool = False


def families(shifts: Iterable[Shift], step: int) -> dict[Family, Shift]:
    """Shifts as kinds that may be planned, each with its meals from the first to the last; those are left out that do
    not begin, end and eat in whole steps, or have several breaks."""
    found: dict[Family, list[Shift]] = defaultdict(list)
    for shift in shifts:
        meal = shift.breaks[0] if shift.breaks else None
        times = [shift.start, float(shift.hours) * 60, *(float(hours) * 60 for hours in (meal.window if meal else ()))]
        length = round(float(meal.length) / 60) if meal else 0
        if len(shift.breaks) < 2 and not any(minutes % step for minutes in (*times, length)):
            family = Family(shift.start, round(float(shift.hours) * 60), length, meal is not None and meal.paid)
            found[family].append(shift)
    return {family: together(several) for family, several in found.items()}


def together(shifts: Sequence[Shift]) -> Shift:
    """One shift for several that differ by the time of their meal, without the mark of that time in its code."""
    windows = [meal.window for shift in shifts for meal in shift.breaks]
    breaks = tuple(meal.model_copy(update={"window": (min((first for first, _ in windows), key=float),
                                                      max((last for _, last in windows), key=float))})
                   for meal in shifts[0].breaks)
    return shifts[0].model_copy(update={"code": shift_code(shifts[0].code), "breaks": breaks})


# --- duties ----------------------------------------------------------------------------------------------------------

def with_published(duties: Sequence[Duty], published: Sequence[Shift], step: int) -> tuple[Duty, ...]:
    """The duties of published shifts with the codes that people know, then those of the others that are none of them.

    :param step: minutes at which meals may begin.
    """
    found: dict[str, Duty] = {}
    for named in (True, False):     # a shift with its meal's time before a time of the shift of that code
        for shift in published:
            add(found, [one for one in with_meals(shift, step) if (one.code == shift.code) == named], alike)
    add(found, duties, lambda one, other: shape_of(one) == shape_of(other))
    return tuple(found.values())


def add(found: dict[str, Duty], duties: Iterable[Duty], same: Callable[[Duty, Duty], bool]) -> None:
    """Duties that are none of those found. A letter tells a shift from another one of its code."""
    for duty in duties:
        if not any(same(duty, other) for other in found.values()):
            base = shift_code(duty.code)
            codes = (base + letter + duty.code[len(base):] for letter in ("", *string.ascii_lowercase[1:]))
            code = next(code for code in codes if code not in found)
            found[code] = replace(duty, code=code)


def alike(one: Duty, other: Duty) -> bool:
    """Whether two duties are the same time of the same shift."""
    return shape_of(one) == shape_of(other) and shift_code(one.code) == shift_code(other.code)


def shape_of(duty: Duty) -> tuple[object, ...]:
    """What makes two duties the same, whatever they are called."""
    return duty.start, duty.presence, duty.paid, duty.breaks


# --- cells -----------------------------------------------------------------------------------------------------------

def cells_of(codes: dict[int, str], duties: Sequence[Duty]) -> tuple[Cell, ...]:
    """What is published of a person, leave apart: a shift without a meal's time is kept at any of its times."""
    ways = by_code(duties)
    named = {day: ways.get(code, [None]) for day, code in codes.items() if code != LEAVE}
    return tuple(Cell(day, one, frozenset(code for code in others if code)) for day, (one, *others) in named.items())


def by_code(duties: Sequence[Duty]) -> dict[str, list[str | None]]:
    """The duties that a code in a cell may mean: of a shift without a meal's time, those of all its times."""
    ways: dict[str, list[str | None]] = defaultdict(list)
    for duty in duties:
        ways[shift_code(duty.code)].append(duty.code)
    return ways | {duty.code: [duty.code] for duty in duties}


def published_roster(problem: Problem, planned: Ints) -> Ints:
    """[people, days] what was published and laid down; as it is planned where that is kept, or nothing was said."""
    found = planned.copy()
    for i, person in enumerate(problem.people):
        for cell in (*person.published, *person.pins):
            now = int(planned[i, cell.day])
            if not cell.kept_by(None if now == OFF else problem.duties[now].code):
                found[i, cell.day] = OFF if cell.duty is None else problem.index[cell.duty]
    return found


def revised(problem: Problem, planned: Ints, told: int) -> Difference | None:
    """What a plan changes of what was published; None where nothing was.

    :param told: the minute, after the first midnight, at which people hear of it.
    """
    if not any(person.published or person.pins for person in problem.people):
        return None
    return difference(problem, published_roster(problem, planned), planned, told)

