"""What changed for whom between two rosters, and whether two people may swap duties."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from optimizer.staffing.revising.checks import Check, overlap_check, rule_checks
from optimizer.staffing.revising.marginal import Effect, changed, marginal
from optimizer.staffing.rosters.evaluate import evaluate
from optimizer.staffing.rosters.problem import DAY_MINUTES, OFF, Ints, Person, Problem


@dataclass(frozen=True)
class Change:
    """One day of one person."""

    person: str
    day: int
    before: str | None      # code of the duty; None: off
    after: str | None
    minutes: int            # paid, more than before
    nights: int             # more than before
    notice: int             # minutes from the telling to what begins first of the two duties; negative: begun before
    published: bool         # the change is one from what was published
    pinned: bool            # the day was laid down beforehand, and this is something else


@dataclass(frozen=True)
class OfPerson:
    """What changed for one person over the horizon."""

    person: str
    days: int       # that changed
    minutes: int    # paid, more than before
    nights: int     # more than before


@dataclass(frozen=True)
class Difference:
    """What changed between two rosters."""

    changes: tuple[Change, ...]         # by person, as they stand in the problem, and day
    people: tuple[OfPerson, ...]        # those for whom something changed
    change_price: float                 # for cells other than published: after, less before
    price: float                        # all parts of ``evaluate``: after, less before

    @property
    def frozen_kept(self) -> bool:
        """Whether nothing that was laid down beforehand became something else."""
        return not any(one.pinned for one in self.changes)


@dataclass(frozen=True)
class Swap:
    """Two people who would do each other's duties."""

    checks: tuple[tuple[str, Check], ...]   # with the name of whom it is held against
    price: float                            # all parts of ``evaluate``, more than before
    effect: Effect

    @property
    def possible(self) -> bool:
        """Whether no rule forbids it."""
        return not self.reasons

    @property
    def reasons(self) -> tuple[tuple[str, Check], ...]:
        """Rules that may not be broken and would be, and by whom."""
        return tuple((person, check) for person, check in self.checks if check.forbids)


def difference(problem: Problem, before: Ints, after: Ints, told: int) -> Difference:
    """What changed for whom. ``before``, ``after`` [people, days]; ``told`` minutes after the first midnight."""
    old, new = evaluate(problem, before), evaluate(problem, after)
    found = tuple(change(problem, problem.people[i], before[i], after[i], day, told)
                  for i, day in np.argwhere(before != after).tolist())
    return Difference(found, tuple(by_person(problem, found)), new.parts["changes"] - old.parts["changes"],
                      new.cost - old.cost)


def change(problem: Problem, person: Person, before: Ints, after: Ints, day: int, told: int) -> Change:
    """One day of one person."""
    old, new = (None if row[day] == OFF else problem.duties[int(row[day])] for row in (before, after))
    starts = [duty.start for duty in (old, new) if duty]
    paid = [duty.paid if duty else 0 for duty in (old, new)]
    night = [bool(duty and duty.night) for duty in (old, new)]
    code = new.code if new else None
    return Change(person.name, day, old.code if old else None, code, paid[1] - paid[0], night[1] - night[0],
                  day * DAY_MINUTES + min(starts) - told,
                  any(cell.day == day and not cell.kept_by(code) for cell in person.published),
                  any(cell.day == day and cell.duty != code for cell in person.pins))


def by_person(problem: Problem, changes: tuple[Change, ...]) -> Iterator[OfPerson]:
    """Totals of those for whom something changed."""
    for person in problem.people:
        own = [one for one in changes if one.person == person.name]
        if own:
            yield OfPerson(person.name, len(own), sum(one.minutes for one in own), sum(one.nights for one in own))


def may_swap(problem: Problem, roster: Ints, first: str, day: int, second: str, other_day: int) -> Swap:
    """Whether one person may give the duty of a day to another and take the other's of a day.

    On the same day the two cells change places. On different days each is off where the duty was given away, and must
    have been off where one is taken. ValueError where that is not so, or where nothing is swapped.
    """
    names = [person.name for person in problem.people]
    i, j = names.index(first), names.index(second)
    rows = swapped(roster, i, day, j, other_day)
    effect = marginal(problem, roster).effect(rows)
    checks = tuple((problem.people[p].name, check) for p, row in rows.items()
                   for check in (*rule_checks(problem, problem.people[p], roster[p], row),
                                 overlap_check(problem, problem.people[p], roster[p], row)))
    return Swap(checks, effect.cost, effect)


def swapped(roster: Ints, i: int, day: int, j: int, other_day: int) -> dict[int, Ints]:
    """The rows of two people after they swapped."""
    mine, theirs = int(roster[i, day]), int(roster[j, other_day])
    if i == j or (day == other_day and mine == theirs):
        raise ValueError("nothing is swapped")
    if day == other_day:
        return {i: changed(roster[i], {day: theirs}), j: changed(roster[j], {day: mine})}
    if OFF in (mine, theirs) or roster[i, other_day] != OFF or roster[j, day] != OFF:
        raise ValueError("who takes a duty of another day must be off on it, and have one to give")
    return {i: changed(roster[i], {day: OFF, other_day: theirs}), j: changed(roster[j], {day: mine, other_day: OFF})}
