"""How few people can be missing at least: a linear program of classes of people instead of each.

People of one class have the same skills, permissions and limits; what one may do is summed over the class, so that
whatever a roster can do the program can too. Its least is a bound.
"""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from optimizer.staffing.revising.families import Limit, Treatment, limit, rest_between
from optimizer.staffing.revising.milp import Row, Rows, solve
from optimizer.staffing.rosters.evaluate import NOTHING, last_end
from optimizer.staffing.rosters.problem import Duty, Person, Problem, Rule


@dataclass(frozen=True)
class Newcomers:
    """People who could be there more: like one of the class, without leave or a past."""

    price: float
    duties: frozenset[str] | None = None   # all that they do; None: whatever their class may
    since: int = 0                         # the first day on which they can be there


@dataclass(frozen=True)
class Relaxed:
    """The least of what is missing, and what it takes of what was relaxed."""

    lacking: float                      # people missing, over all rows of cover
    amounts: dict[Limit, float]         # beyond relaxed rules; of rest: how many are too short
    newcomers: float                    # people
    price: float                        # of the amounts and the newcomers


@dataclass(frozen=True)
class PeopleClass:
    """People alike in all but leave, pins and past."""

    like: Person
    people: tuple[Person, ...]
    new: bool = False      # one who is not there, as often as need be


class Relaxation:
    """Columns and rows of the program; [class, day, duty] people first."""

    def __init__(self, problem: Problem, treatment: Treatment, newcomers: Newcomers | None = None,
                 ceilings: bool = True) -> None:
        """:param ceilings: whether no more people are there at once than there is room for."""
        self.problem, self.treatment, self.newcomers, self.ceilings = problem, treatment, newcomers, ceilings
        self.classes = classes(problem.people)
        if newcomers:
            self.classes += [PeopleClass(one.like, (), True) for one in self.classes]
        self.rows = Rows()
        self.cost: list[float] = []
        self.upper: list[float] = []
        self.slack: dict[int, tuple[Rule, float]] = {}      # by column: of which rule, and its units for one
        self.build()

    def column(self, upper: float = np.inf, cost: float = 0.0) -> int:
        """A new one."""
        self.cost.append(cost)
        self.upper.append(upper)
        return len(self.cost) - 1

    def build(self) -> None:
        """Work, sizes of classes, limits, cover."""
        self.work = [[self.day_columns(one, day) for day in range(self.problem.days)] for one in self.classes]
        self.size = [self.column(cost=self.newcomers.price if self.newcomers else 0.0) if one.new else -1
                     for one in self.classes]
        for k, one in enumerate(self.classes):
            for most in Limits(self, k, one).every():
                self.rows.add(most)
        self.missing = [self.column(max(0.0, float(row.need))) for row in self.problem.cover]
        for row, missing in zip(self.problem.cover, self.missing, strict=True):
            there = [column for k, one in enumerate(self.classes) if self.problem.counts(one.like, row)
                     for day, code in row.duties
                     if (column := self.work[k][day].get(self.problem.index[code])) is not None]
            self.rows.add(({**dict.fromkeys(there, -1.0), missing: -1.0}, -float(row.need)))
            if self.ceilings and (places := self.problem.room(row)) is not None:
                self.rows.add((dict.fromkeys(there, 1.0), float(places)))

    def day_columns(self, one: PeopleClass, day: int) -> dict[int, int]:
        """Columns by duty, for those that anybody of the class may have."""
        found = {}
        for k, duty in enumerate(self.problem.duties):
            people = [person for person in one.people if can(self.problem, person, day, duty, self.treatment)]
            if people or (one.new and self.newcomer_can(one.like, day, duty)):
                found[k] = self.column(np.inf if one.new else len(people))
        return found

    def newcomer_can(self, like: Person, day: int, duty: Duty) -> bool:
        """Whether somebody new of a class may have a duty of a day."""
        new = self.newcomers
        return new is not None and day >= new.since and (new.duties is None or duty.code in new.duties) and (
            self.problem.may_do(like, duty) and short_enough(like, duty, self.treatment))

    def slacked(self, rule: Rule, row: Row, per: float) -> Row:
        """A row of a rule: as it is, or with what goes beyond at a price. ``per`` units of the rule for one of the
        row."""
        price = self.treatment.price(rule)
        return row if price is None else self.beyond(row, self.slack_of(rule, price, per))

    def slack_of(self, rule: Rule, price: float, per: float) -> int:
        """A column for what goes beyond a rule."""
        column = self.column(cost=price * per)
        self.slack[column] = rule, per
        return column

    def beyond(self, row: Row, column: int) -> Row:
        """A row that may be passed by what a column says."""
        return {**row[0], column: -1.0}, row[1]

    def least_missing(self, rows: Sequence[int], priced: bool = False) -> float:
        """People in some rows of cover, or what they cost, whatever becomes of the other rows."""
        cost = np.zeros(len(self.cost))
        cost[[self.missing[row] for row in rows]] = [
            self.problem.cover[row].missing_price if priced else 1.0 for row in rows]
        return float(solve(self.rows, cost, np.array(self.upper)).fun)

    def least(self) -> Relaxed:
        """Fewest people missing, then least price of what that takes."""
        fewest = self.least_missing(range(len(self.missing)))
        self.rows.add((dict.fromkeys(self.missing, 1.0), fewest + 1e-6))    # a little more, for what HiGHS rounds
        prices = np.array(self.cost)
        result = solve(self.rows, prices, np.array(self.upper))
        amounts: dict[Limit, float] = {}
        for column, (rule, per) in self.slack.items():
            amounts[limit(rule)] = amounts.get(limit(rule), 0.0) + float(result.x[column]) * per
        return Relaxed(fewest, amounts, float(sum(result.x[k] for k in self.size if k >= 0)),
                       float(result.fun))


def classes(people: tuple[Person, ...]) -> list[PeopleClass]:
    """People who are alike."""
    found: dict[tuple[object, ...], list[Person]] = {}
    for person in people:
        limits = frozenset((rule.name, rule.value, rule.price, rule.duty) for rule in person.limits)
        found.setdefault((person.skills, person.leads, person.allowed, limits), []).append(person)
    return [PeopleClass(own[0], tuple(own)) for own in found.values()]


def can(problem: Problem, person: Person, day: int, duty: Duty, treatment: Treatment) -> bool:
    """Whether a duty of a day is open to a person at all."""
    pins = [pin.duty for pin in person.pins if pin.day == day]
    end = last_end(problem, person.before or NOTHING) if day == 0 else None
    last = (person.before or NOTHING).last_duty if day == 0 else None
    rest = max((rule.value for rule in person.limits
                if rule.name == "least_rest" and treatment.price(rule) is None), default=0.0)
    return (day not in person.leave and all(code == duty.code for code in pins) and problem.may_do(person, duty)
            and short_enough(person, duty, treatment) and (end is None or duty.start - end >= rest)
            and (last is None or duty.code not in problem.duties[problem.index[last]].not_followed_by))


def short_enough(person: Person, duty: Duty, treatment: Treatment) -> bool:
    """Whether the minutes that are paid of a duty are within those of a day."""
    return all(duty.paid <= rule.value for rule in person.limits
               if rule.name == "most_minutes_a_day" and treatment.price(rule) is None)


@dataclass(frozen=True)
class Limits:
    """Rows of one class of people."""

    relaxation: Relaxation
    k: int
    one: PeopleClass

    @cached_property
    def work(self) -> list[dict[int, int]]:
        """[days] columns by duty"""
        return self.relaxation.work[self.k]

    def every(self) -> Iterator[Row]:
        """All limits that a linear program can hold; least minutes cannot make people fewer."""
        p = self.relaxation.problem
        for day in range(p.days):
            there = sum(day not in person.leave and not any(pin.day == day and pin.duty is None for pin in person.pins)
                        for person in self.one.people)
            yield self.sized(self.sum_of([day]), 1.0, there)
        for day in range(p.days - 1):
            yield from self.followers(None, day)
        for rule in self.one.like.limits:
            if self.relaxation.treatment.price(rule) == 0.0:
                continue
            if rule.name == "least_rest":
                yield from self.rests(rule)
            yield from (self.relaxation.slacked(rule, (columns, most), per)
                        for columns, most, per in self.of_rule(rule))

    def rests(self, rule: Rule) -> Iterator[Row]:
        """Too short ones of a day are at least as many as the most that any set of duties needs."""
        p, price = self.relaxation.problem, self.relaxation.treatment.price(rule)
        rests = [rest_between(first, second) for first in p.duties for second in p.duties]
        short = [rule.value - rest for rest in rests if 0 <= rest < rule.value]
        for day in range(p.days - 1):
            rows = list(self.followers(rule, day))
            if rows and price is not None:
                column = self.relaxation.slack_of(rule, price * min(short, default=0.0), 1.0)
                rows = [self.relaxation.beyond(row, column) for row in rows]
            yield from rows

    def sized(self, coefficients: dict[int, float], each: float, most: float) -> Row:
        """At most a number; for newcomers, so much each."""
        if self.one.new:
            return {**coefficients, self.relaxation.size[self.k]: -each}, 0.0
        return coefficients, float(most)

    def sum_of(self, days: list[int], weight: str = "days", code: str | None = None) -> dict[int, float]:
        """People at work on days, or the minutes or nights of them."""
        duties = self.relaxation.problem.duties
        weights = [float({"days": 1, "minutes": one.paid, "nights": one.night}[weight]) for one in duties]
        return {column: weights[k] for day in days for k, column in self.work[day].items()
                if weights[k] and code in (None, duties[k].code)}

    def total(self, each: float, used: list[float]) -> float:
        """What is left to the people of the class, none of them less than nothing."""
        return sum(max(0.0, each - one) for one in used)

    def of_rule(self, rule: Rule) -> Iterator[tuple[dict[int, float], float, float]]:
        """Rows, and units of the rule for one of each."""
        p, past = self.relaxation.problem, [person.before or NOTHING for person in self.one.people]
        everyday, n = list(range(p.days)), len(self.one.people)
        simple = {"most_nights": "nights", "most_of_duty": "days", "most_minutes": "minutes"}
        if rule.name in simple:
            used = [one.minutes if rule.name == "most_minutes" else 0.0 for one in past]
            yield *self.sized(self.sum_of(everyday, simple[rule.name], rule.duty), rule.value,
                              self.total(rule.value, used)), 1.0
        if rule.name in ("most_minutes_a_week", "weekly_rest_days"):
            yield from self.of_week(rule)
        if rule.name in ("most_days_in_a_row", "most_nights_in_a_row"):
            days = rule.name == "most_days_in_a_row"
            yield from self.in_a_row(rule, "days" if days else "nights",
                                     [one.days_in_a_row if days else one.nights_in_a_row for one in past])
        if rule.name == "most_weekends":
            worked = [self.relaxation.column() for _ in p.rest_days]
            for column, weekend in zip(worked, p.rest_days, strict=True):
                for day in weekend:
                    self.relaxation.rows.add(({**self.sum_of([day]), column: -1.0}, 0.0))
            yield *self.sized(dict.fromkeys(worked, 1.0), rule.value, rule.value * n), 1.0
        if rule.name in ("least_days_in_a_row", "least_days_off_in_a_row"):
            yield from self.short_runs(rule)

    def of_week(self, rule: Rule) -> Iterator[tuple[dict[int, float], float, float]]:
        """Minutes or days of each calendar week."""
        p, minutes = self.relaxation.problem, rule.name == "most_minutes_a_week"
        each = rule.value if minutes else 7 - rule.value
        for week in range(p.week(p.days - 1) + 1):
            days = [day for day in range(p.days) if p.week(day) == week]
            used = [0.0 if week else float(one.minutes_this_week if minutes else one.days_this_week)
                    for one in (person.before or NOTHING for person in self.one.people)]
            yield *self.sized(self.sum_of(days, "minutes" if minutes else "days"), each, self.total(each, used)), 1.0

    def in_a_row(self, rule: Rule, weight: str, carried: list[int]) -> Iterator[tuple[dict[int, float], float, float]]:
        """Of so many days and one more, one is off."""
        most, days = int(rule.value), self.relaxation.problem.days
        for first in range(-min(most, max(carried, default=0)), days - most):
            inside = list(range(max(0, first), first + most + 1))
            people = sum(len(inside) - (before >= -first) for before in carried) if first < 0 else most * len(carried)
            yield *self.sized(self.sum_of(inside, weight), float(most), float(people)), 1.0

    def followers(self, rule: Rule | None, day: int) -> Iterator[Row]:
        """Of duties that all forbid others on the next day, and those others, each person has one; by a rule of rest,
        or (None) by what the duties themselves say."""
        p = self.relaxation.problem
        forbids = {k: frozenset(j for j in self.work[day + 1] if self.forbidden(rule, p.duties[k], p.duties[j]))
                   for k in self.work[day]}
        for others in sorted({found for found in forbids.values() if found}, key=sorted):
            columns = [self.work[day][k] for k, found in forbids.items() if found >= others]
            yield self.sized(dict.fromkeys([*columns, *(self.work[day + 1][j] for j in others)], 1.0), 1.0,
                             len(self.one.people))

    def forbidden(self, rule: Rule | None, first: Duty, second: Duty) -> bool:
        """Whether one may not follow the other."""
        if rule is None:
            return second.code in first.not_followed_by or rest_between(first, second) < 0
        return rest_between(first, second) < rule.value

    def short_runs(self, rule: Rule) -> Iterator[tuple[dict[int, float], float, float]]:
        """No run of fewer days between two of the other kind."""
        least, work = int(np.ceil(rule.value)), rule.name == "least_days_in_a_row"
        sign, n = (1.0 if work else -1.0), len(self.one.people)
        for length in range(1, least):
            for first in range(self.relaxation.problem.days - length - 1):
                inside = self.sum_of(list(range(first + 1, first + length + 1)))
                around = self.sum_of([first, first + length + 1])
                each = length - 1.0 if work else 1.0
                yield (*self.sized({**dict.fromkeys(inside, sign), **dict.fromkeys(around, -sign)}, each, each * n),
                       float(least - length))
