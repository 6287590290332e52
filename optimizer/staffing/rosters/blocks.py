"""Horizons too long for one graph: whole weeks block after block, then windows of weeks once more between what lies
around them.

Of what limits over the horizon leave, a block has the part that its free days have in the free days left. The whole is
judged by ``evaluate`` alone.
"""
from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from optimizer.staffing.rosters.evaluate import Evaluation, evaluate
from optimizer.staffing.rosters.instance import alike, past
from optimizer.staffing.rosters.parts import Span, part, shares
from optimizer.staffing.rosters.paths import Paths
from optimizer.staffing.rosters.problem import Problem, Roster, TooLargeError

Solve = Callable[[Problem, float], Roster]             # a part, until when
Better = Callable[[Problem, Roster, float], Roster]    # a part and its roster, until when

MOST_WEEKS = 4
ARCS_A_SECOND = 100_000   # of all blocks together, so that each is searched to its end
SAMPLE = 8                # people whose graphs say how large all are
FIRST_SHARE = 0.7         # of the time, for a first roster
AHEAD = 3                 # days after a block that are planned with it, and anew with the next: its last days lead on
TAIL = 7                  # days after a window that show what its last days lead to
TURNS = 2                 # over all windows of so many weeks
GROWN_A_SECOND, MOST_GROWN = 500_000, 20_000_000   # arcs of a larger window: by the seconds left, and for memory


def by_blocks(problem: Problem, pinned: Roster, solve: Solve, better: Better, until: float) -> Roster:
    """A roster of the whole. ``pinned`` [people, days]: off but for what is laid down."""
    weeks, starts, first = weeks_that_fit(problem, pinned, until - time.perf_counter()), mondays(problem), 0
    roster, first_until = pinned.copy(), time.perf_counter() + FIRST_SHARE * (until - time.perf_counter())
    while first < problem.days:
        first = block_after(problem, roster, solve, [day for day in starts if day >= first], weeks, first_until)
    return windows_anew(problem, roster, better, weeks, until)


def block_after(problem: Problem, roster: Roster, solve: Solve, starts: list[int], weeks: int, until: float) -> int:
    """Fill the next weeks of a roster, the first of those that begin at ``starts``; the day after them. Fewer weeks
    where they do not fit in memory, TooLargeError where not even one does."""
    first, now = starts[0], time.perf_counter()
    several = min(weeks, len(starts))
    end = [*starts, problem.days][several]
    ahead = min(end + AHEAD, problem.days)
    try:
        found = solve(part(problem, roster, Span(first, ahead, ahead), shares(problem, first, ahead)),
                      now + (until - now) * several / len(starts))
        roster[:, first:end] = found[:, :end - first]
    except TooLargeError:
        if several == 1:
            raise
        return block_after(problem, roster, solve, starts, several - 1, until)
    return end


def windows_anew(problem: Problem, roster: Roster, better: Better, weeks: int, until: float) -> Roster:
    """Windows made better in turn, with a week more after some turns, for what must be moved further, as long as the
    time does for windows of so many weeks."""
    search, several = Windows(problem, roster, better, until), weeks
    while time.perf_counter() < until and several <= len(mondays(problem)):
        for _ in range(TURNS):
            search.turn(several)
        several += 1
        if not search.may_grow(several):
            break
    return search.roster


class Windows:
    """A roster of the whole, and the time that a window took at most."""

    def __init__(self, problem: Problem, roster: Roster, better: Better, until: float) -> None:
        self.problem, self.roster, self.better, self.until = problem, roster, better, until
        self.known, self.longest, self.everything = evaluate(problem, roster), 0.0, np.ones(len(problem.people))

    def span(self, first: int, weeks: int) -> Span:
        """Of a window."""
        fixed = min(self.problem.days, first + 7 * weeks)
        return Span(first, fixed, min(self.problem.days, fixed + TAIL))

    def may_grow(self, weeks: int) -> bool:
        """Whether there is time and memory for windows of so many weeks."""
        left = self.until - time.perf_counter()
        try:
            return arcs_of(part(self.problem, self.roster, self.span(0, weeks), self.everything)) <= min(
                MOST_GROWN, GROWN_A_SECOND * left)
        except TooLargeError:
            return False

    def turn(self, weeks: int) -> None:
        """All windows, the last first, while there is time for one more."""
        starts = mondays(self.problem)[::-max(1, weeks // 2)]
        for k, first in enumerate(starts):
            began = time.perf_counter()
            if began + self.longest > self.until:
                return
            self.anew(first, weeks, min(self.until, began + max(
                self.longest, (self.until - began) / (len(starts) - k))))
            self.longest = max(self.longest, time.perf_counter() - began)

    def anew(self, first: int, weeks: int, until: float) -> None:
        """A window once more, kept where the whole is better; of fewer weeks where it does not fit in memory."""
        tried, span = self.roster.copy(), self.span(first, weeks)
        try:
            tried[:, span.days] = self.better(
                part(self.problem, tried, span, self.everything), tried[:, span.days], until)
        except TooLargeError:
            if weeks > 1:
                self.anew(first, weeks - 1, until)
            return
        found = evaluate(self.problem, tried)
        if worth(found) < worth(self.known):
            self.roster, self.known = tried, found


def worth(evaluation: Evaluation) -> tuple[float, float]:
    """What a hard rule is broken by, then the cost: the less the better."""
    return sum(one.amount for one in evaluation.broken if one.rule.price is None), evaluation.cost


def weeks_that_fit(problem: Problem, pinned: Roster, seconds: float) -> int:
    """As many as leave a search time for all blocks, but not one alone for that; so many that no hard rule is left out
    of its tables."""
    starts = mondays(problem)
    for weeks in range(MOST_WEEKS, 1, -1):
        end = [*starts, problem.days][min(weeks, len(starts))]
        block = part(problem, pinned, Span(0, end, end), shares(problem, 0, end))
        try:
            arcs = arcs_of(block)
        except TooLargeError:
            continue
        if weeks == 2 or arcs * len(starts) / weeks <= ARCS_A_SECOND * seconds:
            return weeks
    return 1


def arcs_of(block: Problem) -> float:
    """About how many, from some people's graphs. TooLargeError where a hard rule does not fit in the tables."""
    groups = alike(block, [past(person.before) for person in block.people])
    some = groups[::-(-len(groups) // SAMPLE)]
    total = 0
    for group in some:
        person = block.people[group[0]]
        paths = Paths(block, person, [past(person.before)])
        if any(rule.price is None for rule in paths.left_out):
            raise TooLargeError(f"{person.name}: the rules over so many days do not fit in memory: plan fewer weeks")
        total += len(paths.graph.head)
    return total * len(groups) / len(some)


def mondays(problem: Problem) -> list[int]:
    """Days on which calendar weeks begin, and the first of the horizon, with which a part of a week begins."""
    return [0, *(day for day in range(1, problem.days) if (day + problem.first_weekday) % 7 == 0)]
