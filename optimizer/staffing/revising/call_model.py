"""The assignment of calls as a mixed-integer program: people missing and people asked, at least price."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from optimizer.staffing.revising.added_duties import break_spans
from optimizer.staffing.revising.call_options import Judged
from optimizer.staffing.revising.marginal import Marginal
from optimizer.staffing.revising.milp import Row, Rows, relaxed, solve
from optimizer.staffing.revising.overtime import Account
from optimizer.staffing.rosters.evaluate import NOTHING
from optimizer.staffing.rosters.problem import DAY_MINUTES, OFF, Duty, Floats, Ints, Problem, Rule


@dataclass(frozen=True)
class Workplaces:
    """Never more people at work at any time of a span; minutes after the first midnight."""

    start: int
    end: int
    most: int


@dataclass(frozen=True)
class Relaxed:
    """The best choice where parts of options will do."""

    bound: float    # no choice costs less: cover rows that options touch, and options
    parts: Floats   # [options] 0 to 1


@dataclass(frozen=True)
class Assignment:
    """The program of a choice among options that costs least in missing and surplus people and in prices of options."""

    rows: Rows
    cost: Floats    # [columns] of options, then of people missing in each row touched, then of those too many
    upper: Floats   # [columns]
    options: int

    @classmethod
    def of(cls, marginal: Marginal, options: Sequence[Judged], prices: Floats, account: Account,
           workplaces: Sequence[Workplaces]) -> Assignment:
        """``prices`` [options]"""
        gives = contributions(marginal, options)
        touched = sorted({row for one in gives for row in one})
        missing = {row: len(options) + k for k, row in enumerate(touched)}
        surplus = {row: len(options) + len(touched) + k for k, row in enumerate(touched)}
        rows = Rows()
        for row in (*cover_rows(marginal, gives, missing, surplus), *one_a_day(options),
                    *places(marginal, options, workplaces), *limits(marginal, options, account)):
            rows.add(row)
        cover = [marginal.problem.cover[row] for row in touched]
        cost = np.concatenate([prices, [one.missing_price for one in cover], [one.surplus_price for one in cover]])
        upper = np.concatenate([np.ones(len(options)), np.full(2 * len(touched), np.inf)])
        return cls(rows, cost, upper, len(options))

    def relaxed(self, seconds: float) -> Relaxed | None:
        """None where it was not found in time."""
        found = relaxed(self.rows, self.cost, self.upper, seconds)
        return found and Relaxed(found[0], found[1][:self.options])

    def chosen(self, seconds: float) -> Ints:
        """Places of the options of the best choice found in time; none where none was."""
        whole = np.concatenate([np.ones(self.options, np.int64),
                                np.zeros(len(self.cost) - self.options, np.int64)])
        try:
            found = solve(self.rows, self.cost, self.upper, whole, seconds=seconds)
        except RuntimeError:
            return np.zeros(0, np.int64)
        return np.flatnonzero(found.x[:self.options] > 0.5)


def contributions(marginal: Marginal, options: Sequence[Judged]) -> list[dict[int, int]]:
    """People more in each row of cover, by option."""
    return [marginal.gives(one.option.person, one.option.day, one.duty) for one in options]


def cover_rows(marginal: Marginal, gives: Sequence[dict[int, int]], missing: dict[int, int],
               surplus: dict[int, int]) -> Iterator[Row]:
    """Who is wanted and neither there nor asked is missing; who is there beyond that is too many."""
    by_row: dict[int, dict[int, float]] = {row: {} for row in missing}
    for k, given in enumerate(gives):
        for row, people in given.items():
            by_row[row][k] = float(people)
    for row, columns in by_row.items():
        lack = float(marginal.problem.cover[row].need - marginal.cover[row])
        yield {**{k: -n for k, n in columns.items()}, missing[row]: -1.0}, -lack
        yield {**columns, surplus[row]: -1.0}, lack


def one_a_day(options: Sequence[Judged]) -> Iterator[Row]:
    """Of each person."""
    found: dict[tuple[int, int], dict[int, float]] = {}
    for k, one in enumerate(options):
        found.setdefault((one.option.person, one.option.day), {})[k] = 1.0
    yield from ((columns, 1.0) for columns in found.values())


def limits(marginal: Marginal, options: Sequence[Judged], account: Account) -> Iterator[Row]:
    """Of each person, over several days."""
    by_person: dict[int, list[int]] = {}
    for k, one in enumerate(options):
        by_person.setdefault(one.option.person, []).append(k)
    for i, own in by_person.items():
        if not account.terms.emergency:
            yield from overtime_limits(marginal.problem, options, account, i, own)
        for rule in marginal.problem.people[i].limits:
            if rule.price is None:
                yield from rule_rows(marginal, options, i, own, rule)


def overtime_limits(problem: Problem, options: Sequence[Judged], account: Account, i: int,
                    own: list[int]) -> Iterator[Row]:
    """Of the week and the month."""
    weeks: dict[int, list[int]] = {}
    months: dict[int, list[int]] = {}
    for k in own:
        weeks.setdefault(problem.week(options[k].option.day), []).append(k)
        months.setdefault(account.month(options[k].option.day), []).append(k)
    for groups, part in ((weeks, "week"), (months, "month")):
        for columns in groups.values():
            left = getattr(account.left(problem.people[i].name, options[columns[0]].option.day), part)
            if np.isfinite(left):
                yield {k: float(options[k].option.extra) for k in columns}, max(0.0, left)


def rule_rows(marginal: Marginal, options: Sequence[Judged], i: int, own: list[int], rule: Rule) -> Iterator[Row]:
    """Hard rules that span days and are linear; what others forbid is found when their day comes."""
    problem, row = marginal.problem, marginal.roster[i]
    before = problem.people[i].before or NOTHING
    paid = [0 if k == OFF else problem.duties[k].paid for k in row.tolist()]
    if rule.name == "most_minutes":
        yield {k: float(options[k].option.extra) for k in own}, max(0.0, rule.value - before.minutes - sum(paid))
    if rule.name in ("most_minutes_a_week", "weekly_rest_days"):
        minutes = rule.name == "most_minutes_a_week"
        for week in {problem.week(options[k].option.day) for k in own}:
            days = [day for day in range(problem.days) if problem.week(day) == week]
            carried = (before.minutes_this_week if minutes else before.days_this_week) if week == 0 else 0
            used = carried + sum(paid[day] if minutes else int(row[day] != OFF) for day in days)
            most = rule.value if minutes else 7 - rule.value
            yield ({k: float(options[k].option.extra) if minutes else 1.0 for k in own
                    if options[k].option.day in days and (minutes or row[options[k].option.day] == OFF)},
                   max(0.0, most - used))
    if rule.name == "most_days_in_a_row":
        yield from in_a_row(options, own, row, int(rule.value), before.days_in_a_row)


def in_a_row(options: Sequence[Judged], own: list[int], row: Ints, most: int, carried: int) -> Iterator[Row]:
    """Of so many days and one more, one stays off."""
    for first in range(-min(carried, most), len(row) - most):
        days = range(max(0, first), first + most + 1)
        off = [day for day in days if row[day] == OFF]
        columns = {k: 1.0 for k in own if options[k].option.day in off}
        if off and columns:
            yield columns, len(off) - 1.0


def places(marginal: Marginal, options: Sequence[Judged], workplaces: Sequence[Workplaces]) -> Iterator[Row]:
    """Workplaces that are left in each span."""
    problem, roster = marginal.problem, marginal.roster
    changes: dict[int, dict[tuple[int, int], list[int]]] = {}   # by day and duty before and after: options
    for k, one in enumerate(options):
        change = int(roster[one.option.person, one.option.day]), one.duty
        changes.setdefault(one.option.day, {}).setdefault(change, []).append(k)
    for span in workplaces:
        taken, columns = 0, dict[int, float]()
        for day in range(max(0, span.start // DAY_MINUTES - 1), min(problem.days, span.end // DAY_MINUTES + 1)):
            places = {k: takes_place(problem, day, k, span) for k in
                      {*roster[:, day].tolist(), *(after for _, after in changes.get(day, ()))}}
            taken += sum(places[k] for k in roster[:, day].tolist())
            columns |= {k: 1.0 for (before, after), own in changes.get(day, {}).items()
                        if places[after] and not places[before] for k in own}
        if columns:
            yield columns, max(0.0, float(span.most - taken))


def takes_place(problem: Problem, day: int, k: int, span: Workplaces) -> bool:
    """Whether a duty is at work at any time of a span."""
    if k == OFF:
        return False
    duty, midnight = problem.duties[k], day * DAY_MINUTES
    start, end = max(span.start, midnight + duty.start), min(span.end, midnight + duty.end)
    return start < end and not on_break(duty, start - midnight, end - midnight)


def on_break(duty: Duty, start: int, end: int) -> bool:
    """For the whole of a time."""
    return any(a <= start and end <= b for a, b in break_spans(duty))
