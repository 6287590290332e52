"""A roster that is published already: its shifts, which a new plan knows, and what the plan changes of it."""
from __future__ import annotations

import string
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from optimizer.staffing.planning.city_roster.duties import handover, shift_code, with_meals
from optimizer.staffing.revising.changes import Difference, difference
from optimizer.staffing.rosters.evaluate import evaluate
from optimizer.staffing.rosters.problem import OFF, Duty, Ints, Problem
from optimizer.staffing.rosters.solve import Solution
from sim.scenario.people import Break, Shift

NEW_ISSUE = 5   # prices of a change: as ten hours' work, what a roster must gain beyond its changes


class Family(NamedTuple):
    """What shifts have in common that differ by the time of their meal: minutes."""

    start: int
    presence: int
    meal: int
    paid: bool = False


def families(shifts: Iterable[Shift], step: int, handing_over: int = 0) -> dict[Family, Shift]:
    """Shifts as kinds that may be planned, each with its meals from the first to the last; those are left out that do
    not begin, end and eat in whole steps, hand over for another time, or have several breaks.

    :param handing_over: minutes for which a shift goes on after what its family has.
    """
    found: dict[Family, list[Shift]] = defaultdict(list)
    for shift in shifts:
        breaks, over = breaks_of(shift), sum(length for _, length in handover(shift))
        meal = breaks[0] if breaks else None
        ends = [float(hours) * 60 for hours in (meal.window if meal else ())]
        presence, length = float(shift.hours) * 60 - over, round(float(meal.length) / 60) if meal else 0
        if len(breaks) < 2 and over == handing_over and not any(
                minutes % step for minutes in (shift.start, presence, length, *ends)):
            found[Family(shift.start, round(presence), length, meal is not None and meal.paid)].append(shift)
    return {family: together(several) for family, several in found.items()}


def breaks_of(shift: Shift) -> tuple[Break, ...]:
    """The breaks of a shift but for its handing over."""
    return shift.breaks[:-1] if handover(shift) else shift.breaks


def together(shifts: Sequence[Shift]) -> Shift:
    """One shift for several that differ by the time of their meal, without the mark of that time in its code."""
    windows = [meal.window for shift in shifts for meal in breaks_of(shift)]
    meals = tuple(meal.model_copy(update={"window": (min((first for first, _ in windows), key=float),
                                                     max((last for _, last in windows), key=float))})
                  for meal in breaks_of(shifts[0]))
    return shifts[0].model_copy(update={"code": shift_code(shifts[0].code),
                                        "breaks": (*meals, *shifts[0].breaks[len(meals):])})


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


# --- what changes ----------------------------------------------------------------------------------------------------

def published_roster(problem: Problem, planned: Ints) -> Ints:
    """[people, days] what was published and laid down; as it is planned where that is kept, or nothing was said."""
    found = planned.copy()
    for i, person in enumerate(problem.people):
        for cell in (*person.published, *person.pins):
            now = int(planned[i, cell.day])
            if not cell.kept_by(None if now == OFF else problem.duties[now].code):
                found[i, cell.day] = OFF if cell.duty is None else problem.index[cell.duty]
    return found


def unless_hardly_better(problem: Problem, solved: Solution) -> Solution:
    """What was published, with the meals that were found, where that keeps the law and costs hardly more: a roster that
    people have arranged their lives by is not issued anew for little."""
    kept = published_roster(problem, solved.roster)
    evaluation = evaluate(problem, kept)
    if not evaluation.feasible or evaluation.cost > solved.cost + NEW_ISSUE * problem.change_price:
        return solved
    status = solved.status if evaluation.cost <= solved.cost else "feasible"
    return replace(solved, roster=kept, evaluation=evaluation, status=status)


def revised(problem: Problem, planned: Ints, told: int) -> Difference | None:
    """What a plan changes of what was published; None where nothing was.

    :param told: the minute, after the first midnight, at which people hear of it.
    """
    if not any(person.published or person.pins for person in problem.people):
        return None
    return difference(problem, published_roster(problem, planned), planned, told)

