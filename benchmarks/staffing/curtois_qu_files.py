"""Curtois and Qu's instances of employee rostering: read as a problem, and judged as their format says.

``cost_and_faults`` looks at the file's own tables and the letters of a roster alone.
"""
from __future__ import annotations

import csv
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from optimizer.staffing.rosters.problem import Cell, Cover, Duty, Person, Problem, Rule, Wish

SOURCE = "Curtois and Qu 2014"


@dataclass(frozen=True)
class Employee:
    """A line of SECTION_STAFF."""

    most: dict[str, int]
    most_minutes: int
    least_minutes: int
    most_in_a_row: int
    least_in_a_row: int
    least_off_in_a_row: int
    most_weekends: int


@dataclass(frozen=True)
class Instance:
    """A file."""

    days: int
    minutes: dict[str, int]
    not_after: dict[str, list[str]]
    staff: dict[str, Employee]
    off: dict[str, list[int]]
    wanted: list[tuple[str, int, str, int]]
    unwanted: list[tuple[str, int, str, int]]
    cover: list[tuple[int, str, int, int, int]]


def read(path: Path) -> Instance:
    """A file of the format that its comments explain."""
    sections: dict[str, list[list[str]]] = {}
    for line in path.read_text().splitlines():
        if line.startswith("SECTION_"):
            lines = sections.setdefault(line.strip(), [])
        elif line.strip() and not line.startswith("#"):
            lines.append(line.strip().split(","))
    requests = {which: [(who, int(day), shift, int(weight))
                        for who, day, shift, weight in sections.get(f"SECTION_SHIFT_{which}_REQUESTS", [])]
                for which in ("ON", "OFF")}
    return Instance(
        int(sections["SECTION_HORIZON"][0][0]),
        {shift: int(minutes) for shift, minutes, _ in sections["SECTION_SHIFTS"]},
        {shift: [other for other in others.split("|") if other] for shift, _, others in sections["SECTION_SHIFTS"]},
        {who: Employee({one.split("=")[0]: int(one.split("=")[1]) for one in most.split("|")},
                       *(int(number) for number in numbers)) for who, most, *numbers in sections["SECTION_STAFF"]},
        {who: [int(day) for day in days] for who, *days in sections["SECTION_DAYS_OFF"]},
        requests["ON"], requests["OFF"],
        [(int(day), shift, int(need), int(under), int(over)) for day, shift, need, under, over in
         sections["SECTION_COVER"]])


def best_known(folder: Path) -> dict[str, int]:
    """Cost of the best roster known, by number of the instance."""
    with (folder / "best_known.csv").open() as file:
        return {row["instance"]: int(row["best_known_ub"]) for row in csv.DictReader(file)}


def problem(instance: Instance) -> Problem:
    """The same in the product's terms."""
    wishes: dict[str, list[Wish]] = {who: [] for who in instance.staff}
    for wanted, requests in ((True, instance.wanted), (False, instance.unwanted)):
        for who, day, shift, weight in requests:
            wishes[who].append(Wish(day, shift, wanted, weight))
    return Problem(
        instance.days,
        tuple(Duty(shift, 0, minutes, minutes, not_followed_by=frozenset(instance.not_after[shift]))
              for shift, minutes in instance.minutes.items()),
        tuple(Person(who, "all", limits(one), pins=tuple(Cell(day, None) for day in instance.off.get(who, [])),
                     wishes=tuple(wishes[who])) for who, one in instance.staff.items()),
        tuple(Cover(f"{day} {shift}", need, under, over, ((day, shift),))
              for day, shift, need, under, over in instance.cover))


def limits(one: Employee) -> tuple[Rule, ...]:
    """All of them hard."""
    return (*(Rule("most_of_duty", most, "contract", SOURCE, duty=shift) for shift, most in one.most.items()),
            Rule("most_minutes", one.most_minutes, "contract", SOURCE),
            Rule("least_minutes", one.least_minutes, "contract", SOURCE),
            Rule("most_days_in_a_row", one.most_in_a_row, "contract", SOURCE),
            Rule("least_days_in_a_row", one.least_in_a_row, "contract", SOURCE),
            Rule("least_days_off_in_a_row", one.least_off_in_a_row, "contract", SOURCE),
            Rule("most_weekends", one.most_weekends, "contract", SOURCE))


Row = list[str]  # a shift's code or "" for each day


def cost_and_faults(instance: Instance, roster: dict[str, Row]) -> tuple[int, list[str]]:
    """The cost of a roster, and what it does that it must not."""
    cost = sum(weight for who, day, shift, weight in instance.wanted if roster[who][day] != shift)
    cost += sum(weight for who, day, shift, weight in instance.unwanted if roster[who][day] == shift)
    for day, shift, need, under, over in instance.cover:
        there = [row[day] for row in roster.values()].count(shift)
        cost += max(0, need - there) * under + max(0, there - need) * over
    return cost, [f"{who}: {fault}" for who, row in roster.items() for fault in faults(instance, who, row)]


def faults(instance: Instance, who: str, row: Row) -> list[str]:
    """Of one row; the format takes the days around the horizon as off for most and as alike for least in a row."""
    one, found = instance.staff[who], []
    minutes = sum(instance.minutes[shift] for shift in row if shift)
    found += ["minutes"] * (not one.least_minutes <= minutes <= one.most_minutes)
    found += [f"too many {shift}" for shift, most in one.most.items() if row.count(shift) > most]
    found += [f"{two} after {first}" for first, two in pairwise(row)
              if first and two in instance.not_after[first]]
    found += [f"works on day {day}" for day in instance.off.get(who, []) if row[day]]
    weekends = sum(bool(row[day] or row[day + 1]) for day in range(5, instance.days - 1, 7))
    found += ["weekends"] * (weekends > one.most_weekends)
    letters = "".join("x" if shift else "." for shift in row)
    found += ["too many in a row"] * ("x" * (one.most_in_a_row + 1) in letters)
    inside = letters.lstrip("x").rstrip("x")
    found += ["too few in a row"] * any(0 < len(run) < one.least_in_a_row for run in inside.split("."))
    inside = letters.lstrip(".").rstrip(".")
    found += ["too few off in a row"] * any(0 < len(run) < one.least_off_in_a_row for run in inside.split("x"))
    return found
