"""Days of a problem as a problem of their own, beside what the days around them hold.

A part begins in the state that the days before leave. Limits over the horizon are apportioned: a part has of what is
left a share. What must never be passed is so never passed; a least that must be reached is dear in a part instead, so
that no part is without a row for it.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import takewhile
from math import floor
from typing import TypeVar

import numpy as np

from optimizer.staffing.rosters.evaluate import nights_of, paid_minutes, weekends_of
from optimizer.staffing.rosters.problem import (
    OFF,
    CarriedIn,
    Cell,
    Cover,
    Floats,
    Ints,
    Person,
    Problem,
    Roster,
    Rule,
    Wish,
)

DEAR = 10.0    # times the dearest person missing: a least duty too few
EXTRA = 1.25   # of the usual part of a limit, which a part may have at most
HORIZON = ("most_minutes", "least_minutes", "most_weekends", "most_nights", "most_of_duty")
Dated = TypeVar("Dated", Cell, Wish)


@dataclass(frozen=True)
class Span:
    """Days of a part: those planned begin at ``first``, those from ``fixed`` on stay, the part ends before ``end``."""

    first: int
    fixed: int
    end: int

    @property
    def days(self) -> slice:
        """Of the horizon."""
        return slice(self.first, self.end)


def shares(problem: Problem, first: int, end: int) -> Floats:
    """[people] free days of a block in those from its first on: neither leave nor laid down."""
    here, rest = Span(first, end, end), Span(first, problem.days, problem.days)
    return np.array([free_days(person, here) / max(1, free_days(person, rest)) for person in problem.people])


def part(problem: Problem, roster: Roster, span: Span, share: Floats) -> Problem:
    """Days of a problem beside the roster of the others. ``share`` [people]: of what limits over the horizon leave to
    all days that are not planned yet, what these may have."""
    dear = dear_minute(problem)
    return Problem(
        span.end - span.first, problem.duties,
        tuple(person_of(problem, person, row, span, float(one), dear)
              for person, row, one in zip(problem.people, roster, share, strict=True)),
        tuple(cover_of(problem, roster, span)), problem.fairness, (problem.first_weekday + span.first) % 7,
        weekends_in(problem, span), problem.premium and problem.premium[span.days], problem.change_price)


def weekends_in(problem: Problem, span: Span) -> tuple[tuple[int, ...], ...]:
    """Those with a day in a part, from its first day on."""
    found = (tuple(day - span.first for day in days if span.first <= day < span.end) for days in problem.rest_days)
    return tuple(days for days in found if days)


def cover_of(problem: Problem, roster: Roster, span: Span) -> Iterator[Cover]:
    """Rows whose last day lies in a part and that days still to plan contribute to, less those there from before it."""
    for row in problem.cover:
        days = [day for day, _ in row.duties]
        if not days or not span.first <= max(days) < span.end or min(days) >= span.fixed:
            continue
        before = sum(int(roster[k, day] == problem.index[code] and problem.counts(person, row))
                     for day, code in row.duties if day < span.first for k, person in enumerate(problem.people))
        yield replace(row, need=row.need - before,
                      duties=tuple((day - span.first, code) for day, code in row.duties if day >= span.first),
                      ceiling=row.ceiling and replace(row.ceiling, most=row.ceiling.most - before))


def person_of(problem: Problem, person: Person, row: Ints, span: Span, share: float, dear: float) -> Person:
    """With limits, pins and what is carried in for a part."""
    fixed = tuple(Cell(day, None if row[day] == OFF else problem.duties[int(row[day])].code)
                  for day in range(span.fixed, span.end))
    pins = *(cell for cell in person.pins if cell.day < span.fixed), *fixed
    return replace(
        person, limits=tuple(limits_of(problem, person, row, span, share, dear)),
        leave=frozenset(day - span.first for day in person.leave if span.first <= day < span.end),
        pins=inside(pins, span), published=inside(person.published, span), wishes=inside(person.wishes, span),
        before=carried_into(problem, person, row, span))


def inside(those: tuple[Dated, ...], span: Span) -> tuple[Dated, ...]:
    """What lies in a part, from its first day on."""
    return tuple(replace(one, day=one.day - span.first) for one in those if span.first <= one.day < span.end)


def limits_of(problem: Problem, person: Person, row: Ints, span: Span, share: float, dear: float) -> Iterator[Rule]:
    """Those over the horizon with the part's share, without those that cannot bind in it."""
    every = Span(0, problem.days, problem.days)
    usual = max((span.end - span.first) / problem.days, free_days(person, span) / max(1, free_days(person, every)))
    for rule in person.limits:
        if rule.name not in HORIZON:
            yield rule
            continue
        here, carried = amount(problem, rule, row, span), carried_minutes(person, rule)
        left = rule.value - carried - amount(problem, rule, row, every)
        if rule.name == "least_minutes":
            value = here + share * left
            if value > 0:
                yield replace(rule, value=value, price=dear if rule.price is None else rule.price)
            continue
        value = here + (left if share == 1 else floor(share * left + 0.5 * (rule.name != "most_minutes")))
        if rule.price is None:   # what is there already, else no row is left; not much more than usual, for memory
            value = max(here, min(value, 1 + EXTRA * rule.value * usual))
        if value < most_of(problem, rule, span) and rule.value - carried < most_of(problem, rule, every):
            yield replace(rule, value=value)


def free_days(person: Person, span: Span) -> int:
    """Neither leave nor laid down."""
    return span.end - span.first - len({
        day for day in (*person.leave, *(cell.day for cell in person.pins)) if span.first <= day < span.end})


def carried_minutes(person: Person, rule: Rule) -> int:
    """What a rule counts from before the horizon."""
    return person.before.minutes if person.before and rule.name in ("most_minutes", "least_minutes") else 0


def amount(problem: Problem, rule: Rule, row: Ints, span: Span) -> int:
    """What a rule counts in the days of a part."""
    only = np.full_like(row, OFF)[None]
    only[0, span.days] = row[span.days]
    if rule.name == "most_of_duty":
        return int((only == problem.index[str(rule.duty)]).sum())
    of = {"most_weekends": weekends_of, "most_nights": nights_of}.get(rule.name, paid_minutes)
    return int(of(problem, only)[0])


def most_of(problem: Problem, rule: Rule, span: Span) -> int:
    """What a rule could count at most in a part."""
    days = span.end - span.first
    return {"most_minutes": days * max((duty.paid for duty in problem.duties), default=0),
            "most_weekends": len(weekends_in(problem, span))}.get(rule.name, days)


def dear_minute(problem: Problem) -> float:
    """Price of a minute too few, above all that a duty could save elsewhere."""
    shortest = min((duty.paid for duty in problem.duties if duty.paid), default=1)
    return DEAR * max([1.0, *(row.missing_price for row in problem.cover)]) / shortest


def carried_into(problem: Problem, person: Person, row: Ints, span: Span) -> CarriedIn | None:
    """The state in which a part begins; its limits know of minutes already. Nights and weekends of fairness are those
    of all other days."""
    if not span.first:
        state = person.before and replace(person.before, minutes=0)
    else:
        state = state_after(problem, person.before or CarriedIn(), [int(k) for k in row[:span.first]])
    if state is None:
        return None
    known, others = person.before or CarriedIn(), row[None].copy()
    others[0, span.days] = OFF
    return replace(state, nights=known.nights + int(nights_of(problem, others)[0]),
                   weekends=known.weekends + int(weekends_of(problem, others)[0]))


def state_after(problem: Problem, before: CarriedIn, row: list[int]) -> CarriedIn:
    """After some days that end with a calendar week."""
    worked, nights = run(row, lambda k: k != OFF), run(row, lambda k: k != OFF and problem.duties[k].night)
    off = run(row, lambda k: k == OFF)
    return CarriedIn(
        days_in_a_row=worked + before.days_in_a_row * (worked == len(row)),
        days_off_in_a_row=off + before.days_off_in_a_row * (off == len(row) and not before.days_in_a_row),
        nights_in_a_row=nights + before.nights_in_a_row * (nights == len(row)),
        last_duty=None if row[-1] == OFF else problem.duties[row[-1]].code)


def run(row: list[int], holds: Callable[[int], bool]) -> int:
    """Days at the end for which something holds."""
    return len(list(takewhile(holds, reversed(row))))
