"""Who stands by on which day: people off duty who are rested and may be called, in turn, and in the order of call.

Whoever stands by is held against the rules as if called: a day of standby is no day of rest, and rest between shifts is
kept before its hours and after them.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimizer.staffing.planning.horizon import STEP
from optimizer.staffing.planning.standby.sizing import Window
from optimizer.staffing.revising.call_options import harder
from optimizer.staffing.revising.marginal import changed
from optimizer.staffing.revising.overtime import Account
from optimizer.staffing.rosters.evaluate import Broken, broken_rules
from optimizer.staffing.rosters.problem import OFF, Duty, Ints, Problem

CODE = "备"


@dataclass(frozen=True)
class OnStandby:
    """Somebody who stands by on a day of the horizon."""

    person: str
    day: int
    order: int      # of call, 1 the first


@dataclass(frozen=True)
class Roster:
    """What people work anyway, and what would come of standing by. Days of the problem: one more in front."""

    problem: Problem        # with a duty for each day's hours of standby
    roster: Ints            # [people, days]
    account: Account
    windows: tuple[Window | None, ...]  # [days of the horizon]
    longest: int            # minutes that anybody stays who is called

    @classmethod
    def of(cls, problem: Problem, roster: Ints, account: Account, windows: tuple[Window | None, ...],
           longest: int) -> Roster:
        duties = [duty_of(one, day, longest) for day, one in enumerate(windows) if one]
        return cls(replace(problem, duties=(*problem.duties, *duties)), roster, account, windows, longest)

    def may(self, i: int, day: int, row: Ints) -> bool:
        """Whether somebody can stand by on a day of the horizon, with the row that the person then has."""
        person, window = self.problem.people[i], self.windows[day]
        if window is None or row[day + 1] != OFF or day + 1 in person.leave:
            return False
        was = [*broken_rules(self.problem, person, row.tolist())]
        now = [*broken_rules(self.problem, person, self.standing(row, day).tolist())]
        minutes = min(round(window.hours * 60), self.longest)
        beyond = self.account.beyond(person.name, day + 1, minutes, False) and not self.account.terms.emergency
        return not beyond and not harder(was, now, True) and short_of_rest(now) <= short_of_rest(was)

    def standing(self, row: Ints, day: int) -> Ints:
        """A row with standby on a day."""
        return changed(row, {day + 1: self.problem.index[f"{CODE}{day}"]})

    def most(self) -> Ints:
        """[days] how many can stand by, were it of one day only."""
        return np.array([sum(self.may(i, day, row) for i, row in enumerate(self.roster))
                         for day in range(len(self.windows))])

    def named(self, people: Sequence[int]) -> Iterator[OnStandby]:
        """So many of each day, as far as there are: those first who stood by least often, then who did longest ago;
        and called first those who were so least often."""
        rows, last = self.roster.copy(), dict[int, int]()
        often, first = Counter[int](), Counter[int]()
        for day, number in enumerate(people):
            able = sorted((i for i in range(len(rows)) if number and self.may(i, day, rows[i])),
                          key=lambda i: (often[i], last.get(i, -1), i))[:number]
            for order, i in enumerate(sorted(able, key=lambda i: (first[i], often[i], i)), 1):
                rows[i] = self.standing(rows[i], day)
                often[i] += 1
                first[i] += order == 1
                last[i] = day
                yield OnStandby(self.problem.people[i].name, day, order)


def duty_of(window: Window, day: int, longest: int) -> Duty:
    """At work in as much of the hours of standby as anybody stays, at any time of them."""
    minutes = (window.end - window.start) * STEP
    return Duty(f"{CODE}{day}", window.start * STEP, minutes, min(minutes, longest))


def short_of_rest(broken: Sequence[Broken]) -> float:
    return sum(one.amount for one in broken if one.rule.name == "least_rest")
