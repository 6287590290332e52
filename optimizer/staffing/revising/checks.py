"""What is checked of a person who shall work more, and the figures a duty manager looks at."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from optimizer.staffing.revising.overtime import LAW_41, Account, Left, LimitOf
from optimizer.staffing.rosters.evaluate import CHECKS, NOTHING, last_end, structural, wishes_cost, worked
from optimizer.staffing.rosters.problem import (
    DAY_MINUTES,
    OFF,
    Ints,
    Kind,
    LimitName,
    OtherName,
    Person,
    Problem,
    Rule,
    Wish,
)

OtherCheck = Literal[
    "overlap",      # with another duty of the same person; value 0
    "at_work",      # at the same time; value: minutes of notice
    "twice_a_day",  # at work on the day already, and gone by then; value 0
    "notice",       # there too late, or for too short a time; value: minutes of notice
    "unwilling",    # not to be called in on a day off
]
AT_LEAST: frozenset[LimitName] = frozenset([
    "least_minutes", "least_days_in_a_row", "least_days_off_in_a_row", "least_rest", "weekly_rest_days"])
PAID_FOR = ("most_minutes", "least_minutes", "most_minutes_a_week")   # hours that have a price and are none's rest
OTHER_NAMES: tuple[OtherName, ...] = ("succession", "leave", "pin", "allowed", "skill", "leader")


@dataclass(frozen=True)
class Check:
    """One rule, held against a person's row after the change."""

    name: LimitName | OtherName | LimitOf | OtherCheck
    value: float          # of the rule, in its unit; 0 for rules without a number
    kind: Kind
    source: str
    price: float | None   # per unit beyond; None: must never be broken
    beyond: float         # after the change
    added: float          # of it by the change
    reached: float | None = None    # what the row then has where the change goes furthest beyond; None: no number

    @property
    def forbids(self) -> bool:
        """Whether the change may not be for this rule."""
        return self.price is None and self.added > 1e-9

    @property
    def passed(self) -> bool:
        """Whether the change goes beyond it, at its price."""
        return self.price is not None and self.added > 1e-9

    @property
    def passes_rest(self) -> bool:
        """Whether what is passed is more than hours that are paid for: rest, days in a row, nights."""
        return self.passed and self.name not in PAID_FOR


@dataclass(frozen=True)
class Figures:
    """Of one person after a change, around its day; minutes unless said."""

    rest_before: int | None      # from the end of yesterday's duty; None: a day off, or not known
    rest_after: int | None       # to the start of tomorrow's duty
    days_in_a_row: int           # worked, that the day is in the midst of; those carried in too
    minutes_this_week: int       # paid
    days_off_this_week: int      # days, inside the horizon
    overtime_left: Left          # after the change


def rule_checks(problem: Problem, person: Person, before: Ints, after: Ints) -> Iterator[Check]:
    """Of each limit of a person, and of each rule that the problem says itself."""
    rows = before.tolist(), after.tolist()
    for rule in person.limits:
        was, now = ([(day, amount) for day, amount in CHECKS[rule.name](problem, person, row, rule) if amount > 0]
                    for row in rows)
        less, more = (float(sum(amount for _, amount in found)) for found in (was, now))
        worst = max([one for one in now if one not in was] or now, key=lambda one: one[1], default=None)
        yield Check(rule.name, rule.value, rule.kind, rule.source, rule.price, more, max(0.0, more - less),
                    reached(person, rule, worst, rows[1]) if worst else None)
    broken = [[rule for _, rule in structural(problem, person, row)] for row in rows]
    for name in OTHER_NAMES:
        old, new = ([rule for rule in found if rule.name == name] for found in broken)
        source = next((rule.source for rule in new if rule not in old), "")
        yield Check(name, 0.0, "contract", source, None, len(new), max(0, len(new) - len(old)))


def reached(person: Person, rule: Rule, worst: tuple[int | None, float], row: list[int]) -> float:
    """What a row has of what a rule limits, where it goes furthest beyond: the day, and how far."""
    day, beyond = worst
    if rule.name == "most_days_in_a_row" and day is not None:
        return in_a_row(person, worked(row), day)
    return float(rule.value - beyond if rule.name in AT_LEAST else rule.value + beyond)


def overtime_checks(account: Account, person: str, day: int, minutes: int, longer: bool) -> Iterator[Check]:
    """Limits of overtime; in an emergency they cost nothing to pass."""
    limits: dict[LimitOf, float] = {"overtime_a_week": account.terms.most_a_week,
                                    "overtime_a_month": account.terms.most_a_month}
    if longer:
        limits["overtime_a_day"] = account.terms.most_a_day
    beyond, on_day = account.beyond(person, day, minutes, longer), account.used(person, day)
    used = dict(zip(("overtime_a_day", "overtime_a_week", "overtime_a_month"), on_day, strict=True))
    price = 0.0 if account.terms.emergency else None
    for name, most in limits.items():
        yield Check(name, most, "law", LAW_41, price, beyond.get(name, 0.0), beyond.get(name, 0.0),
                    used[name] + minutes)


def overlap_check(problem: Problem, person: Person, before: Ints, after: Ints) -> Check:
    """Nobody works two duties at a time, whatever rest is asked for."""
    was, now = (sum(max(0, -rest) for _, rest in rests(problem, person, row)) for row in (before, after))
    return Check("overlap", 0.0, "custom", "", None, now, max(0, now - was))


def rests(problem: Problem, person: Person, row: Ints) -> Iterator[tuple[int, int]]:
    """Day and minutes of rest before each duty that follows one of the day before."""
    end = last_end(problem, person.before or NOTHING)
    for day, k in enumerate(row.tolist()):
        if k != OFF and end is not None:
            yield day, day * DAY_MINUTES + problem.duties[k].start - end
        end = None if k == OFF else day * DAY_MINUTES + problem.duties[k].end


def denied(problem: Problem, person: Person, before: Ints, after: Ints) -> tuple[Wish, ...]:
    """Wishes that one row grants and another does not. Rows: [days]"""
    return tuple(wish for wish in person.wishes if wishes_cost(
        problem, (alone := replace(person, wishes=(wish,))), before) < wishes_cost(problem, alone, after))


def figures(problem: Problem, person: Person, row: Ints, day: int, left: Left) -> Figures:
    """Around a day."""
    rest = dict(rests(problem, person, row))
    week = [d for d in range(problem.days) if problem.week(d) == problem.week(day)]
    paid = sum(problem.duties[int(row[d])].paid for d in week if row[d] != OFF)
    carried = person.before.minutes_this_week if person.before and 0 in week else 0
    return Figures(rest.get(day), rest.get(day + 1), in_a_row(person, worked(row.tolist()), day), paid + carried,
                   sum(int(row[d] == OFF) for d in week), left)


def in_a_row(person: Person, flags: list[bool], day: int) -> int:
    """Days worked that a day is in the midst of."""
    if not flags[day]:
        return 0
    first, last = day, day
    while first > 0 and flags[first - 1]:
        first -= 1
    while last + 1 < len(flags) and flags[last + 1]:
        last += 1
    return last - first + 1 + (person.before.days_in_a_row if person.before and first == 0 else 0)
