"""Shifts as duties: each with its meal at one of several times, paid for work alone, at night or by day."""
from __future__ import annotations

from collections.abc import Iterable, Sequence

from optimizer.staffing.rosters.problem import DAY_MINUTES, Duty
from sim.scenario.people import Break, Shift
from sim.scenario.quantities import plain
from sim.scenario.staffing_terms import MARKS

NIGHT_UNTIL, NIGHT_FROM = 6 * 60, 3 * 60  # minutes after midnight; so many of them worked make a night


def duties_of(shifts: Iterable[Shift], step: int) -> tuple[Duty, ...]:
    """Each shift with its meal at the beginning, in the middle and at the end of the meal's window.

    :param step: minutes at which meals may begin.
    """
    return tuple(duty for shift in shifts for duty in with_meals(shift, step))


def with_meals(shift: Shift, step: int) -> list[Duty]:
    """A shift whose first break is staggered. Of further ones only a handover takes anybody off the telephone."""
    handing_over = handover(shift)
    if not shift.breaks or shift.breaks[0] in shift.breaks[len(shift.breaks) - len(handing_over):]:
        return [duty(shift, shift.code, handing_over)]
    meal = shift.breaks[0]
    length = round(float(meal.length) / 60)
    first, last = (round(float(hours) * 60) for hours in meal.window)
    starts = times_between(first, max(first, last - length), step)
    return [duty(shift, shift.code + mark if len(starts) > 1 else shift.code, ((start, length), *handing_over))
            for mark, start in zip(MARKS, starts, strict=False)]


def handover(shift: Shift) -> tuple[tuple[int, int], ...]:
    """A paid break at the very end of a shift, as a duty has it; none where there is none."""
    end = float(shift.hours)
    return tuple((round((end - pause.hours) * 60), round(pause.hours * 60)) for pause in shift.breaks[-1:]
                 if pause.paid and tuple(map(float, pause.window)) == (end - pause.hours, end))


def with_handover(shift: Shift, minutes: int) -> Shift:
    """A shift that goes on to hand over to the next: paid, and not at the telephone."""
    if not minutes:
        return shift
    end = float(shift.hours)
    pause = Break(length=plain(minutes * 60.0, "s"), window=(plain(end, "h"), plain(end + minutes / 60, "h")))
    return shift.model_copy(update={"hours": plain(end + minutes / 60, "h"), "breaks": (*shift.breaks, pause)})


def times_between(first: int, last: int, step: int) -> Sequence[int]:
    """At most as many times as there are MARKS, evenly spread, that are whole steps after the first."""
    steps = (last - first) // step
    times = min(len(MARKS), steps + 1)
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
    """The code of a duty's shift, whenever its meal is."""
    return code.rstrip(MARKS)


def as_shift(duty: Duty, code: str) -> Shift:
    """A duty as scenarios have shifts, with its breaks where they are: the first ones are those that are not paid."""
    unpaid, breaks = duty.presence - duty.paid, []
    for at, length in duty.breaks:
        breaks.append(Break(length=plain(float(length * 60), "s"), paid=length > unpaid,
                            window=(plain(at / 60, "h"), plain((at + length) / 60, "h"))))
        unpaid -= 0 if breaks[-1].paid else length
    return Shift(start=duty.start, hours=plain(duty.presence / 60, "h"), code=code, breaks=tuple(breaks))
