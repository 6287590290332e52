"""Somebody cannot do a duty, or the rest of one: who can take it, what that costs and opens elsewhere."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from optimizer.staffing.revising.added_duties import Span, Spans, with_added
from optimizer.staffing.revising.checks import (
    Check,
    Figures,
    OtherCheck,
    figures,
    overlap_check,
    overtime_checks,
    rule_checks,
)
from optimizer.staffing.revising.marginal import Gap, Marginal, changed, marginal
from optimizer.staffing.revising.overtime import Account, Done, LimitOf
from optimizer.staffing.revising.take_over import Hole, Kind, Reach, TakeOver, hole_of, left_by, ways
from optimizer.staffing.rosters.problem import DAY_MINUTES, OFF, Ints, Person, Problem


@dataclass(frozen=True)
class Candidate:
    """One way in which one person takes the duty. Times are minutes after the first midnight of the horizon."""

    person: str
    kind: Kind
    day: int                            # on which the person's cell changes
    code: str                           # of the duty that the person then has, in Answer.problem
    start: int                          # of what is taken
    end: int
    earliest: int                       # that the person can be there
    duty: Span                          # from and to of what the person then has on that day
    extra: int                          # paid minutes more than in the roster
    rate: float                         # times the wage that they are paid
    price: float                        # all that it costs more than leaving the duty undone, pay too; cover that it
                                        # gives makes it less
    pay: float                          # of it, extra minutes at their rate
    opens: tuple[Gap, ...]              # rows of cover that lack people elsewhere, or more than they would
    still_missing: tuple[Gap, ...]      # rows that lack people because of the illness, and still do
    checks: tuple[Check, ...]
    beyond_law: dict[LimitOf, float]    # minutes beyond the limits of overtime, for the ledger of an emergency
    figures: Figures
    extra_so_far: int                   # minutes of overtime in the month before this

    @property
    def possible(self) -> bool:
        """Whether no rule forbids it."""
        return not self.forbidden_by

    @property
    def forbidden_by(self) -> tuple[Check, ...]:
        """Rules that may not be broken and would be."""
        return tuple(check for check in self.checks if check.forbids)

    @property
    def priced(self) -> tuple[Check, ...]:
        """Rules that are broken at a price."""
        return tuple(check for check in self.checks if check.price is not None and check.added > 0)

    @property
    def order(self) -> tuple[int, float, int]:
        """By which candidates are ranked: people missing elsewhere, then price, then overtime so far."""
        return sum(gap.missing for gap in self.opens), round(self.price, 6), self.extra_so_far


@dataclass(frozen=True)
class Tried:
    """A way that may not be."""

    kind: Kind | None             # None: there is none to check
    reasons: tuple[Check, ...]


@dataclass(frozen=True)
class Refused:
    """Somebody who cannot take the duty in any way."""

    person: str
    tried: tuple[Tried, ...]      # what comes nearest first


@dataclass(frozen=True)
class Undone:
    """The duty is left to nobody."""

    price: float                  # more than with the roster as it was
    lacking: tuple[Gap, ...]      # rows that lack people, or more than they did


@dataclass(frozen=True)
class Answer:
    """Who can take the duty."""

    duty: str                            # its code
    day: int                             # that it belongs to
    start: int                           # of what is left of it, minutes after the first midnight
    end: int
    candidates: tuple[Candidate, ...]    # the best first, see Candidate.order
    refused: tuple[Refused, ...]
    undone: Undone
    problem: Problem                     # with the duties that were made for this, without the pins of these days
    roster: Ints                         # [people, days] with the duty undone, in duties of this problem

    def taken_by(self, candidate: Candidate) -> Ints:
        """The roster [people, days] when somebody takes the duty."""
        roster = self.roster.copy()
        place = [person.name for person in self.problem.people].index(candidate.person)
        roster[place, candidate.day] = self.problem.index[candidate.code]
        return roster


def who_can_take(problem: Problem, roster: Ints, person: str, day: int, minute: int, account: Account, spans: Spans,
                 reach: Reach | None = None) -> Answer:
    """The duty that a person has at a moment of a day, or next on that day.

    ``roster`` [people, days] the roster as it was; ``spans`` when each row of cover is. Pins hold: who is pinned to a
    day off is not called in. A duty made longer keeps the pin of its day. ValueError where there is no such duty.
    """
    reach = reach or Reach()
    hole = hole_of(problem, roster, person, day, minute)
    every_way = list(ways(problem, roster, hole, account, reach))
    worked = left_by(problem, hole)
    base = with_added(unpinned(problem, hole), [way.added for way in every_way] + ([worked] if worked else []), spans)
    ill = changed(roster[hole.person], {hole.day: base.index[worked.duty.code] if worked else OFF})
    healthy = marginal(base, roster)
    undone = healthy.effect({hole.person: ill})
    judge = Judge(healthy.moved({hole.person: ill}), problem, account, undone.opened)
    judged = [judge.candidate(way) for way in every_way]
    possible = sorted((one for one in judged if one.possible), key=lambda one: (one.order, one.person))
    return Answer(hole.duty.code, hole.day, hole.start, hole.end, tuple(possible),
                  tuple(refusals(problem, judged, hole, roster, reach)), Undone(undone.cost, undone.opened),
                  base, judge.marginal.roster)


def unpinned(problem: Problem, hole: Hole) -> Problem:
    """Without the pins of the days in question: they are checked apart, as a duty made longer keeps its own."""
    days = {hole.day, hole.work_day - 1, hole.work_day, hole.work_day + 1}
    return replace(problem, people=tuple(
        replace(person, pins=tuple(pin for pin in person.pins if pin.day not in days)) if person.pins else person
        for person in problem.people))


@dataclass(frozen=True)
class Judge:
    """Judges ways to fill one hole."""

    marginal: Marginal           # with the duty left undone
    problem: Problem             # as it was, with its pins
    account: Account
    lacking: tuple[Gap, ...]     # because of the illness

    def candidate(self, way: TakeOver) -> Candidate:
        """A way with its checks and its price."""
        day, before = way.added.day, self.marginal.roster[way.person]
        person = self.marginal.problem.people[way.person]
        after = changed(before, {day: self.marginal.problem.index[way.added.duty.code]})
        effect = self.marginal.effect({way.person: after})
        midnight, rate = day * DAY_MINUTES, self.rate(way)
        pay = way.extra * rate * self.account.terms.wage
        overtime = self.account.with_more([Done(person.name, day, way.extra, not is_longer(way))])
        return Candidate(
            person.name, way.kind, day, way.added.duty.code, way.start, way.end, way.earliest,
            (midnight + way.added.duty.start, midnight + way.added.duty.end), way.extra, rate, effect.cost + pay, pay,
            effect.opened, self.still_missing(effect.there), tuple(self.checks(way, person, before, after)),
            self.account.beyond(person.name, day, way.extra, is_longer(way)),
            figures(self.marginal.problem, person, after, day, overtime.left(person.name, day)),
            self.account.used(person.name, day)[2])

    def rate(self, way: TakeOver) -> float:
        """Called in on a day off, or longer on a day of work."""
        return self.account.rate(way.added.day, day_off=way.kind in ("call_in", "standby"))

    def checks(self, way: TakeOver, person: Person, before: Ints, after: Ints) -> Iterator[Check]:
        """All that are held against a way."""
        yield from (check for check in rule_checks(self.marginal.problem, person, before, after) if check.name != "pin")
        yield overlap_check(self.marginal.problem, person, before, after)
        yield from overtime_checks(self.account, person.name, way.added.day, way.extra, is_longer(way))
        pinned = any(pin.day == way.added.day for pin in self.problem.people[way.person].pins)
        broken = float(pinned and way.kind not in ("stays", "comes_earlier"))
        yield Check("pin", 0.0, "contract", "laid down beforehand", None, broken, broken)

    def still_missing(self, there: dict[int, int]) -> tuple[Gap, ...]:
        """Rows that lack people because of the illness and do so with these people there."""
        return tuple(replace(gap, there=there.get(gap.row, gap.there)) for gap in self.lacking
                     if there.get(gap.row, gap.there) <= gap.there)


def is_longer(way: TakeOver) -> bool:
    """Whether it is a day of work anyway."""
    return way.kind not in ("call_in", "standby")


def refusals(problem: Problem, judged: Iterable[Candidate], hole: Hole, roster: Ints,
             reach: Reach) -> Iterator[Refused]:
    """Everybody who can in no way."""
    ways_of: dict[str, list[Candidate]] = {}
    for one in judged:
        ways_of.setdefault(one.person, []).append(one)
    for i, person in enumerate(problem.people):
        found = ways_of.get(person.name, [])
        if i != hole.person and not any(one.possible for one in found):
            tried = sorted((Tried(one.kind, one.forbidden_by) for one in found), key=lambda one: len(one.reasons))
            yield Refused(person.name, tuple(tried) or (
                Tried(None, (no_way(problem, roster[i], hole, reach, person),)),))


def no_way(problem: Problem, row: Ints, hole: Hole, reach: Reach, person: Person) -> Check:
    """Why there is not even a way to check."""
    name: OtherCheck = "at_work"
    if row[hole.work_day] == OFF:
        name = "unwilling" if person.name in reach.unwilling else "notice"
    return Check(name, float(reach.notice(person.name, row[hole.work_day] == OFF)), "custom", "", None, 1.0, 1.0)
