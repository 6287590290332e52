"""How times, meals and wishes of shifts are written."""
from __future__ import annotations

from optimizer.staffing.planning.city_roster.duties import handover, is_night, shift_code
from sim.scenario.dates import DAY_MINUTES
from sim.scenario.people import RosterWish, Shift
from surgeline.folders.roster_rows import ShiftOfBook


def clock(minutes: float) -> str:
    """A time of day, from minutes after any midnight."""
    hour, minute = divmod(round(minutes) % DAY_MINUTES, 60)
    return f"{hour:02}:{minute:02}"


def meal(shift: Shift) -> str:
    """From when to when people go to their meal in turn; nothing where they have none."""
    if len(shift.breaks) <= len(handover(shift)):
        return ""
    first, last = (shift.start + float(hours) * 60 for hours in shift.breaks[0].window)
    return f"{clock(first)}–{clock(last)}"


def end(shift: Shift) -> str:
    """When people go home, after handing over."""
    return clock(shift.start + float(shift.hours) * 60)


def handing_over(shift: Shift) -> int:
    """Minutes of it at the end of a shift."""
    return sum(length for _, length in handover(shift))


def night(shift: Shift) -> bool:
    return is_night(shift.start, round(float(shift.hours) * 60))


def wish_text(wish: RosterWish) -> str:
    """A wish as its cell has it."""
    return ("愿" if wish.wanted else "不") + wish.what


def shift_of_book(one: Shift) -> ShiftOfBook:
    return ShiftOfBook(one.code, clock(one.start), end(one), meal(one), one.work_hours, night(one),
                       shift_code(one.code), handing_over(one))
