"""One person's row in CP-SAT: every rule as ``evaluate`` tells it, held or passed at a price.

Minutes of limits are rounded so that a row is allowed exactly where ``evaluate`` finds nothing broken.
"""
from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ortools.sat.python import cp_model

from optimizer.staffing.revising.families import rest_between
from optimizer.staffing.rosters.evaluate import NOTHING, last_end
from optimizer.staffing.rosters.problem import OFF, Duty, OtherName, Person, Problem, Rule

Expression = Any    # of CP-SAT, which has no types


@dataclass
class RowModel:
    """Columns of one person, and what goes beyond the rules that are passed."""

    model: cp_model.CpModel
    problem: Problem
    person: Person
    passed: frozenset[Rule | OtherName] = frozenset()   # rules that may be broken, by an amount
    left_out: frozenset[Rule | OtherName] = frozenset() # rules that do not count at all
    beyond: list[tuple[Rule | OtherName, Expression]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.x = [[self.model.new_bool_var("") for _ in self.problem.duties] for _ in range(self.problem.days)]
        self.works = [self.model.new_bool_var("") for _ in range(self.problem.days)]
        for day, works in enumerate(self.works):
            self.model.add(sum(self.x[day]) == works)
        self.nights = [sum(x for x, duty in zip(day, self.problem.duties, strict=True) if duty.night)
                       for day in self.x]
        self.before = self.person.before or NOTHING
        self.structure()
        for rule in self.person.limits:
            if rule not in self.left_out:
                for value, at_most in self.of_rule(rule):
                    self.at_most(rule, value, at_most)

    def at_most(self, rule: Rule | OtherName, value: Expression, most: float) -> None:
        """A rule: no more than this, or by what goes beyond."""
        if rule in self.passed:
            slack = self.model.new_int_var(0, 10**7, "")
            self.beyond.append((rule, slack))
            value = value - slack
        self.model.add(value <= math.floor(most + 1e-9))

    def forbid(self, rule: Rule | OtherName, literals: list[Expression], amount: float = 1.0) -> None:
        """Not all of these; all of them are a rule broken by an amount, rounded up to whole units."""
        if rule in self.left_out or amount <= 1e-9:
            return
        if rule in self.passed:
            broken = self.model.new_bool_var("")
            self.beyond.append((rule, math.ceil(amount - 1e-9) * broken))
            literals = [*literals, ~broken]
        self.model.add_bool_or([~one for one in literals])

    def structure(self) -> None:
        """What the problem says itself."""
        duties = self.problem.duties
        for day, row in enumerate(self.x):
            for duty, x in zip(duties, row, strict=True):
                for name in self.barred(day, duty):
                    self.forbid(name, [x])
            for first, second in ((a, b) for a in range(len(duties)) for b in range(len(duties)) if day):
                if duties[second].code in duties[first].not_followed_by:
                    self.forbid("succession", [self.x[day - 1][first], row[second]])
        for second, duty in enumerate(duties):
            last = self.before.last_duty
            if last is not None and duty.code in duties[self.problem.index[last]].not_followed_by:
                self.forbid("succession", [self.x[0][second]])
        for pin in self.person.pins:
            kept = ~self.works[pin.day] if pin.duty is None else self.x[pin.day][self.problem.index[pin.duty]]
            self.forbid("pin", [~kept])

    def barred(self, day: int, duty: Duty) -> Iterator[OtherName]:
        """What stands between a person and a duty of a day."""
        if day in self.person.leave:
            yield "leave"
        if self.person.allowed is not None and duty.code not in self.person.allowed:
            yield "allowed"
        if not duty.skills <= self.person.skills:
            yield "skill"
        if duty.leader and not self.person.leads:
            yield "leader"

    def paid(self, days: list[int]) -> Expression:
        """Minutes of these days."""
        return sum(duty.paid * x for day in days for duty, x in zip(self.problem.duties, self.x[day], strict=True))

    def of_rule(self, rule: Rule) -> Iterator[tuple[Expression, float]]:
        """What may be at most what, for rules that are sums; others are forbidden as they stand."""
        everyday = list(range(self.problem.days))
        if rule.name == "most_minutes":
            yield self.paid(everyday), rule.value - self.before.minutes
        elif rule.name == "least_minutes":
            yield -self.paid(everyday), -(rule.value - self.before.minutes)
        elif rule.name == "most_nights":
            yield sum(self.nights), rule.value
        elif rule.name == "most_of_duty" and rule.duty is not None:
            yield sum(day[self.problem.index[rule.duty]] for day in self.x), rule.value
        elif rule.name == "most_weekends":
            yield sum(self.any_of([self.works[day] for day in days]) for days in self.problem.rest_days), rule.value
        elif rule.name in ("most_minutes_a_week", "weekly_rest_days"):
            yield from self.of_week(rule)
        else:
            self.patterns(rule)

    def of_week(self, rule: Rule) -> Iterator[tuple[Expression, float]]:
        """Minutes or days of each calendar week."""
        minutes = rule.name == "most_minutes_a_week"
        for week in range(self.problem.week(self.problem.days - 1) + 1):
            days = [day for day in range(self.problem.days) if self.problem.week(day) == week]
            carried = 0 if week else self.before.minutes_this_week if minutes else self.before.days_this_week
            value = self.paid(days) if minutes else sum(self.works[day] for day in days)
            yield value, (rule.value if minutes else 7 - rule.value) - carried

    def any_of(self, literals: list[Expression]) -> Expression:
        """1 where one of them is."""
        found = self.model.new_bool_var("")
        for one in literals:
            self.model.add_implication(one, found)
        return found

    def patterns(self, rule: Rule) -> None:
        """Rules on what follows what."""
        if rule.name == "most_minutes_a_day":
            for row in self.x:
                for duty, x in zip(self.problem.duties, row, strict=True):
                    self.forbid(rule, [x], duty.paid - rule.value)
        elif rule.name == "least_rest":
            self.rest(rule)
        elif rule.name == "most_days_in_a_row":
            self.in_a_row(rule, self.works, self.before.days_in_a_row)
        elif rule.name == "most_nights_in_a_row":
            self.in_a_row(rule, [self.night(day) for day in range(self.problem.days)], self.before.nights_in_a_row)
        elif rule.name == "least_days_in_a_row":
            self.short_runs(rule, self.works, self.person.before.days_in_a_row if self.person.before else None)
        elif rule.name == "least_days_off_in_a_row":
            past = self.person.before
            carried = None if past is None else 0 if past.days_in_a_row else past.days_off_in_a_row
            self.short_runs(rule, [~one for one in self.works], carried)

    def night(self, day: int) -> Expression:
        """Whether a day's duty is a night."""
        found = self.model.new_bool_var("")
        self.model.add(self.nights[day] == found)
        return found

    def rest(self, rule: Rule) -> None:
        """Between duties of two days in a row."""
        duties, end = self.problem.duties, last_end(self.problem, self.before)
        for k, duty in enumerate(duties):
            if end is not None:
                self.forbid(rule, [self.x[0][k]], rule.value - (duty.start - end))
            for j, first in enumerate(duties):
                for day in range(1, self.problem.days):
                    self.forbid(rule, [self.x[day - 1][j], self.x[day][k]], rule.value - rest_between(first, duty))

    def in_a_row(self, rule: Rule, flags: list[Expression], carried: int) -> None:
        """Each day that ends too long a run is one too many."""
        most = int(rule.value)
        for last in range(len(flags)):
            first = last - most
            if first >= 0 or carried >= -first:
                self.forbid(rule, flags[max(0, first):last + 1])

    def short_runs(self, rule: Rule, flags: list[Expression], carried: int | None) -> None:
        """Runs that end before the last day; one that touches the first day has what was carried in."""
        if carried and flags:
            self.forbid(rule, [~flags[0]], rule.value - carried)
        for length in range(1, math.ceil(rule.value)):
            for first in range(len(flags) - length):
                if first == 0 and carried is None:
                    continue
                run = [*flags[first:first + length], ~flags[first + length]]
                self.forbid(rule, [~flags[first - 1], *run] if first else run,
                            rule.value - length - (0 if first else carried or 0))


def duties_of(solver: cp_model.CpSolver, row: RowModel) -> list[int]:
    """[days] what a solution has; OFF for a day off."""
    return [next((k for k, x in enumerate(day) if solver.value(x)), OFF) for day in row.x]


def solver_of(effort: float) -> cp_model.CpSolver:
    """Stops after so much work, in CP-SAT's units of about a second, and finds the same whenever it is asked."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = effort
    return solver
