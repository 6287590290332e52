"""Files of the minimum shift design problem (Musliu, Schaerf, Slany), and what a plan is worth, reckoned from the file.

The planted plans tell the unit: all of them fit the need exactly, and their value is the weight of shifts times the
shifts with anybody on duty (shifts with nobody, which some list, do not count), so duties a week have no part in it.
Weights of excess and shortage are for a minute of one person, as the weight of shifts is one interval's minutes.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

DAYS = 7
T = TypeVar("T")


@dataclass(frozen=True)
class Template:
    """Minutes: starts and lengths from the first to the last, an interval apart."""

    name: str
    starts: tuple[int, int]
    lengths: tuple[int, int]


@dataclass(frozen=True)
class Planned:
    start_min: int
    length_min: int
    people: tuple[int, ...]  # by day


@dataclass(frozen=True)
class ShiftDesignFile:
    interval_min: int
    need: tuple[int, ...]
    templates: tuple[Template, ...]
    understaffed_weight: float
    overstaffed_weight: float
    shift_weight: float
    planted_value: float
    planted: tuple[Planned, ...]


def read(path: Path) -> ShiftDesignFile:
    lines = [line.strip() for line in path.read_text("latin-1").splitlines()]

    def below(title: str) -> str:
        at = next(k for k, line in enumerate(lines) if line.startswith(title))
        return next(line for line in lines[at + 1:] if line and not line.startswith("#"))

    value = next(k for k, line in enumerate(lines) if line.startswith("#Fitness"))
    return ShiftDesignFile(
        int(below("#MinuteInterval")), tuple(map(int, below("#Requirements").split())),
        tuple(every(template, lines)), *(float(below(title)) for title in ("#UnderCover", "#Overcover", "#Shifts")),
        float(lines[value + 1].lstrip("# ")), tuple(every(planned, lines)))


def every(reader: Callable[[str], T | None], lines: Iterable[str]) -> list[T]:
    return [found for line in lines if (found := reader(line)) is not None]


def template(line: str) -> Template | None:
    found = re.fullmatch(r"(\w) \S+\s+(\d+):(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+\*", line)
    if not found:
        return None
    hour, minute, later, sooner, length, longer, shorter = map(int, found.groups()[1:])
    start = hour * 60 + minute
    return Template(found[1], (start - sooner, start + later), (length - shorter, length + longer))


def planned(line: str) -> Planned | None:
    found = re.fullmatch(r"# \d+:\s+(\d+):(\d+)\s+(\d+)\s+((?:\d+\s*){7})", line)
    if not found:
        return None
    return Planned(int(found[1]) * 60 + int(found[2]), int(found[3]), tuple(map(int, found[4].split())))


def value(file: ShiftDesignFile, shifts: Iterable[Planned]) -> float:
    """What a plan is worth. ValueError where a shift is none of the file's."""
    used = {(shift.start_min, shift.length_min) for shift in shifts if any(shift.people)}
    for start, length in used:
        if not any(is_of(file, its, start, length) for its in file.templates):
            raise ValueError(f"no template has a shift of {length} min at minute {start}")
    cover = [0] * len(file.need)
    for shift in shifts:
        for day, people in enumerate(shift.people):
            for minute in range(shift.start_min, shift.start_min + shift.length_min, file.interval_min):
                cover[(day * 1440 + minute) // file.interval_min % len(cover)] += people
    pairs = list(zip(file.need, cover, strict=True))
    short, over = sum(max(n - c, 0) for n, c in pairs), sum(max(c - n, 0) for n, c in pairs)
    return (file.interval_min * (file.understaffed_weight * short + file.overstaffed_weight * over)
            + file.shift_weight * len(used))


def is_of(file: ShiftDesignFile, its: Template, start: int, length: int) -> bool:
    step = file.interval_min
    return (its.starts[0] <= start <= its.starts[1] and (start - its.starts[0]) % step == 0
            and its.lengths[0] <= length <= its.lengths[1] and (length - its.lengths[0]) % step == 0)
