"""Time between a shift and the next one of a rota or a roster: shifts that overlap, and rests that are too short."""
from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sim.reading.conflicts import Conflict, conflict, of_a_day
from sim.scenario.dates import DAY_MINUTES
from sim.scenario.messages import Message, say
from sim.scenario.people import Group, Shift
from sim.scenario.scenario import Scenario
from sim.scenario.work_rules import LEAST_REST_H, WorkRules

ROUNDING = 1e-6
DAY_H = 24.0


class Rest(NamedTuple):
    """Hours from the end of a day's shift to the beginning of the next day's, negative where they overlap."""

    day: int
    first: str
    then: str
    hours: float


def rests(codes: Sequence[str], shifts: Sequence[Shift]) -> Iterator[Rest]:
    """The rests between shifts of two days in a row."""
    by_code = {one.code: one for one in shifts if one.code}
    for k, (first, then) in enumerate(itertools.pairwise(codes)):
        if first in by_code and then in by_code:
            yield Rest(k, first, then, hours_between(by_code[first], by_code[then]))


def hours_between(first: Shift, then: Shift) -> float:
    """From the end of a day's shift to the beginning of the next day's."""
    return DAY_MINUTES / 60 + then.start / 60 - (first.start / 60 + float(first.hours))


def overlapping_shifts(scenario: Scenario) -> Iterator[Conflict]:
    """Shifts of which one begins before the other has ended: nobody works both."""
    for name, rota in scenario.rotas.items():
        cycle = (*rota.cycle, rota.cycle[0])
        for one in rests(cycle, scenario.shifts.get(rota.shifts, ())):
            if one.hours < -ROUNDING:
                yield conflict(("rotas", name, "cycle", one.day), say(
                    "{then} of the next day begins {hours:g} h before {first} ends; a night that begins at midnight "
                    "may be written with its day before, as start: \"24:00\"", then=one.then, first=one.first,
                    hours=-one.hours))
    for city, force in scenario.people.items():
        for k, row in enumerate(force.roster.rows if force.roster else ()):
            for one in rests(row.codes, shifts_of_row(scenario, city, row.group)):
                if one.hours < -ROUNDING:
                    assert force.roster is not None
                    yield conflict(of_a_day(city, k, one.day + 1), say(
                        "{then} of {name} begins {hours:g} h before {first} of {day} ends", then=one.then,
                        name=row.name, hours=-one.hours, first=one.first, day=str(force.roster.dates[one.day])))


def shifts_in_a_row(scenario: Scenario) -> Iterator[Conflict]:
    """Shifts with hardly a pause between them, and more work in them than the law allows on a day."""
    for city, force in scenario.people.items():
        whole = scenario.workforce(city) if city in scenario.cities else force
        for key, group in force.groups.items():
            rota = scenario.rotas.get(group.rota or "")
            shifts = scenario.shifts.get(rota.shifts, ()) if rota is not None else ()
            found = too_long_in_a_row((*rota.cycle, *rota.cycle), shifts, group, whole.rules) if rota else None
            if found is not None:
                yield conflict(("people", city, "groups", key, "rota"), found.why)
        for k, row in enumerate(force.roster.rows if force.roster else ()):
            found = too_long_in_a_row(row.codes, shifts_of_row(scenario, city, row.group),
                                      whole.groups.get(row.group), whole.rules)
            if found is not None:
                yield conflict(of_a_day(city, k, found.day), say("{name} {why}", name=row.name, why=found.why))


class TooLong(NamedTuple):
    """The day of the shift with which work goes on for too long, and what is told of it."""

    day: int
    why: Message


def too_long_in_a_row(codes: Sequence[str], shifts: Sequence[Shift], group: Group | None,
                      rules: WorkRules) -> TooLong | None:
    """The first work that goes on for longer than a day may have."""
    most = DAY_H if group is not None and group.contract == "volunteers" else rules.longest_day
    hours = {one.code: one.work_hours for one in shifts if one.code}
    total, day = 0.0, -1
    for one in rests(codes, shifts):
        total = (total if one.day == day + 1 and total else hours[one.first]) + hours[one.then]
        if one.hours >= LEAST_REST_H or one.hours < -ROUNDING:  # shifts that overlap are told elsewhere
            total = 0.0
        elif total > most + ROUNDING:
            return TooLong(one.day + 1, say(
                "has {total:g} h of work with {rest:g} h between {first} and {then}, and one may work {most:g} h a "
                "day, overtime included ({rule}): {least:g} h between two shifts are the least that counts as an end "
                "of the day", total=total, rest=one.hours, first=one.first, then=one.then, most=most,
                rule=rules.overtime_day_special.cited, least=LEAST_REST_H))
        day = one.day
    return None


def short_rests(scenario: Scenario) -> Iterator[Conflict]:
    """Rests of a rota that are shorter than the rule of a city's people: said, and no problem where the rule is a
    custom."""
    for city, force in scenario.people.items():
        rule = force.rules.rest_between_shifts
        for key, group in force.groups.items():
            cycle = scenario.rotas[group.rota].cycle if group.rota is not None else ()
            short = [one for one in rests((*cycle, *cycle[:1]), scenario.shifts_of(group))
                     if one.hours < float(rule) - ROUNDING]
            if short:
                yield conflict(("people", city, "groups", key, "rota"), say(
                    "leaves {hours:g} h between {first} and {then}, and {least:g} h are usual ({rule})",
                    hours=short[0].hours, first=short[0].first, then=short[0].then, least=float(rule), rule=rule.cited))


def shifts_of_row(scenario: Scenario, city: str, group: str) -> tuple[Shift, ...]:
    """The shifts of a group of a roster; none where its plan is told to be missing."""
    force = scenario.people[city]
    plan = force.groups[group].shifts if group in force.groups else (
        scenario.cities[city].shifts if city in scenario.cities else None)
    return scenario.shifts.get(plan or "", ())
