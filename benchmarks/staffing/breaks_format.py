"""Files of the break scheduling problem for supervision personnel, and how far a plan is from keeping their rules.

What the planted plans tell beside the rules in the files: after each break a person needs one interval of 5 minutes to
settle, in which work counts towards the length of the stretch but not as cover; a stretch of 50 minutes may still be
followed by a break of 10; the last stretch of a shift may be as long as any.
"""
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SLOT_MIN, DAY_MIN, DAYS = 5, 1440, 7
EDGE, SETTLING = 30, 5
MEAL, MEAL_FROM, MEAL_UNTIL, MEAL_ABOVE = 30, 210, 360, 360
STRETCH, LONG_STRETCH, LONG_BREAK = (30, 100), 50, 20
BREAK = (10, 60)
WEIGHTS = {"positions": 20, "meals": 10, "stretches": 20, "long stretches": 20, "lengths": 1, "break time": 20,
           "understaffed": 10, "overstaffed": 2}


@dataclass(frozen=True)
class PlannedShift:
    start_min: int
    length_min: int
    people: tuple[int, ...]  # by day


@dataclass(frozen=True)
class BreakFile:
    need: tuple[int, ...]  # by slot of the week
    shifts: tuple[PlannedShift, ...]
    planted: tuple[tuple[tuple[int, int], ...], ...]  # (start, length) of the breaks of each duty; where it is shown


@dataclass(frozen=True)
class Duty:
    """Minutes of the week; breaks count from the start of the shift."""

    start_min: int
    length_min: int
    breaks: tuple[tuple[int, int], ...]


def read(path: Path) -> BreakFile:
    text = path.read_text("latin-1")
    rows = re.findall(r"^\d\d:\d\d \d\d:\d\d ((?:\d+ ?){7})\s*$", text.split("#Shift Plan")[0], re.M)
    by_day = list(zip(*(map(int, line.split()) for line in rows), strict=True))
    shown = text.split("#Optimal Solution")
    return BreakFile(tuple(n for day in by_day for n in day), tuple(shifts_in(shown[0].split("#Shift Plan")[1])),
                     tuple(duties_in(shown[1])) if len(shown) > 1 else ())


def minutes(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def shifts_in(text: str) -> list[PlannedShift]:
    found = re.findall(r"^S\d+ (\d+:\d+) (\d+:\d+) ((?:\d+ ?){7})\s*$", text, re.M)
    return [PlannedShift(minutes(start), minutes(length), tuple(map(int, people.split())))
            for start, length, people in found]


def duties_in(text: str) -> list[tuple[tuple[int, int], ...]]:
    """Breaks of each duty in the file's order, by shift and day, without the settling that the file adds to each."""
    duties, start = [], 0
    for line in text.splitlines():
        if shift := re.match(r"S\d+ (\d+:\d+) ", line):
            start = minutes(shift[1])
        if line.startswith("DUTY"):
            duties.append(tuple(((minutes(clock) - start) % DAY_MIN, int(length) - SETTLING)
                                for clock, length in re.findall(r"(\d\d:\d\d) (\d+) \[", line)))
    return duties


def planted_duties(file: BreakFile) -> list[Duty]:
    places = [(day * DAY_MIN + shift.start_min, shift.length_min) for shift in file.shifts
              for day, people in enumerate(shift.people) for _ in range(people)]
    return [Duty(start, length, breaks) for (start, length), breaks in zip(places, file.planted, strict=True)]


def break_time(length_min: int) -> int:
    """Minutes of break that a shift must have."""
    return (length_min - 20) // 50 * 10 if length_min <= 600 else -(-length_min // 4)


def violations(file: BreakFile, duties: Sequence[Duty]) -> dict[str, int]:
    """How often each rule is broken; understaffed and overstaffed in persons times slots.

    ValueError where the duties are not the file's.
    """
    wanted = sorted((day * DAY_MIN + shift.start_min, shift.length_min) for shift in file.shifts
                    for day, people in enumerate(shift.people) for _ in range(people))
    if sorted((duty.start_min, duty.length_min) for duty in duties) != wanted:
        raise ValueError("these are not the duties of the shift plan")
    broken = dict.fromkeys(WEIGHTS, 0)
    for duty in duties:
        for rule, times in broken_by(duty).items():
            broken[rule] += times
    cover = cover_of(duties, len(file.need))
    broken["understaffed"] = sum(max(n - c, 0) for n, c in zip(file.need, cover, strict=True))
    broken["overstaffed"] = sum(max(c - n, 0) for n, c in zip(file.need, cover, strict=True))
    return broken


def broken_by(duty: Duty) -> dict[str, int]:
    breaks = sorted(duty.breaks)
    ends = [0, *(start + length for start, length in breaks)]
    begins = [*(start for start, _ in breaks), duty.length_min]
    stretches = [start - end for end, start in zip(ends, begins, strict=True)]
    meals = [1 for start, length in breaks
             if length >= MEAL and start >= MEAL_FROM and start + length <= MEAL_UNTIL]
    return {
        "positions": sum(start < EDGE or start + length > duty.length_min - EDGE for start, length in breaks),
        "meals": int(duty.length_min > MEAL_ABOVE and not meals),
        "stretches": sum(not STRETCH[0] <= stretch <= STRETCH[1] for stretch in stretches),
        "long stretches": sum(stretch > LONG_STRETCH and length < LONG_BREAK
                              for stretch, (_, length) in zip(stretches, breaks, strict=False)),
        "lengths": sum(not BREAK[0] <= length <= BREAK[1] for _, length in breaks),
        "break time": int(sum(length for _, length in breaks) != break_time(duty.length_min))}


def cover_of(duties: Sequence[Duty], slots: int) -> list[int]:
    cover = [0] * slots
    for duty in duties:
        away = {minute for start, length in duty.breaks for minute in range(start, start + length + SETTLING, SLOT_MIN)}
        for minute in range(0, duty.length_min, SLOT_MIN):
            cover[(duty.start_min + minute) // SLOT_MIN % slots] += minute not in away
    return cover


def cost(broken: dict[str, int]) -> int:
    return sum(WEIGHTS[rule] * times for rule, times in broken.items())
