"""Shifts as duties: each with its meal at one of several times, paid for work alone, at night or by day."""
from __future__ import annotations

from collections.abc import Iterable, Sequence

from optimizer.staffing.rosters.problem import DAY_MINUTES, Duty
from sim.scenario.people import Shift

NIGHT_UNTIL, NIGHT_FROM = 6 * 60, 3 * 60  # minutes after midnight; so many of them worked make a night
MEAL_TIMES = 3
MARK = "/"  # between the code of a shift and the number of its meal's time


def duties_of(shifts: Iterable[Shift], step: int) -> tuple[Duty, ...]:
    """Each shift with its meal at the beginning, in the middle and at the end of the meal's window.

    :param step: minutes at which meals may begin.
    """
    return tuple(duty for shift in shifts for duty in with_meals(shift, step))


def with_meals(shift: Shift, step: int) -> list[Duty]:
    """A shift whose first break is staggered; further breaks are at their earliest."""
    if not shift.breaks:
        return [duty(shift, shift.code, ())]
    meal = shift.breaks[0]
    length = round(float(meal.length) / 60)
    first, last = (round(float(hours) * 60) for hours in meal.window)
    starts = times_between(first, max(first, last - length), step)
    return [duty(shift, f"{shift.code}{MARK}{k}" if len(starts) > 1 else shift.code, ((start, length),))
            for k, start in enumerate(starts)]


def times_between(first: int, last: int, step: int) -> Sequence[int]:
    """At most MEAL_TIMES times, evenly spread, that are whole steps after the first."""
    steps = (last - first) // step
    times = min(MEAL_TIMES, steps + 1)
    return [first + step * (k * steps // max(times - 1, 1)) for k in range(times)]


def duty(shift: Shift, code: str, breaks: tuple[tuple[int, int], ...]) -> Duty:
    presence = round(float(shift.hours) * 60)
    return Duty(code, shift.start, presence, round(shift.work_hours * 60), is_night(shift.start, presence), breaks)


def is_night(start: int, presence: int) -> bool:
    """Whether so much of the hours from midnight to six is worked."""
    worked = sum(max(0, min(start + presence, midnight + NIGHT_UNTIL) - max(start, midnight))
                 for midnight in (0, DAY_MINUTES))
    return worked >= NIGHT_FROM


def shift_code(code: str) -> str:
    """The code of a duty's shift, as it stands in a roster."""
    return code.partition(MARK)[0]
