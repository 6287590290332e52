"""The call-in plan of a surge: who comes on a day off or works longer, day by day, where people are worth most.

It spends least on missing people (at the price of each row of cover), people too many, pay, priced rules, wishes,
changes and premium together; fairness is left out. Days are decided one after another; each weighs what people would be
worth on the days after it. Every call is held against all rules as ``evaluate`` tells them.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimizer.staffing.rosters.added_duties import Span, Spans, with_added
from optimizer.staffing.rosters.call_model import Workplaces, assign
from optimizer.staffing.rosters.call_options import MENDABLE, Asked, Before, Judged, Kind, Option, options
from optimizer.staffing.rosters.evaluate import broken_rules
from optimizer.staffing.rosters.marginal import Marginal, changed, marginal
from optimizer.staffing.rosters.overtime import Account, Done, Left, LimitOf
from optimizer.staffing.rosters.problem import DAY_MINUTES, Ints, Problem
from optimizer.staffing.rosters.take_over import Reach


@dataclass(frozen=True)
class Call:
    """One person asked for one day. Times are minutes after the first midnight of the horizon."""

    person: str
    day: int
    kind: Kind
    start: int                          # of the time that is more
    end: int
    duty: Span                          # from and to of what the person then has on that day
    extra: int                          # paid minutes more
    rate: float                         # times the wage
    pay: float
    price: float                        # pay, priced rules, wishes, changes and premium
    call_by: int                        # the last minute in which the call still leaves the notice
    left: Left                          # overtime of the person after this call
    beyond_law: dict[LimitOf, float]    # minutes of it beyond the limits: only in an emergency


@dataclass(frozen=True)
class OfPerson:
    """What the surge asks of one person."""

    person: str
    calls: int
    minutes: int                        # paid, more than in the roster
    pay: float
    left: Left                          # overtime after it, on the day of the last call
    beyond_law: dict[LimitOf, float]    # minutes beyond the limits of Labour Law 41


@dataclass(frozen=True)
class Plan:
    """Who is called."""

    problem: Problem                 # with the duties that were made for it
    roster: Ints                     # [people, days] in duties of this problem
    calls: tuple[Call, ...]          # in the order in which they must be made
    ledger: tuple[OfPerson, ...]     # by person, as they stand in the problem
    before: Ints                     # [rows of cover] people there
    after: Ints
    worth: float                     # price of missing and surplus people, less than before
    price: float                     # of all calls
    bound: float                     # no plan of these options is worth more than this beyond its price

    @property
    def value(self) -> float:
        """What the plan is worth beyond its price."""
        return self.worth - self.price


def call_in(problem: Problem, roster: Ints, account: Account, spans: Spans, asked: Asked, reach: Reach | None = None,
            workplaces: Sequence[Workplaces] = ()) -> Plan:
    """Calls on top of a roster of ordinary time.

    ``problem`` has the grown need in its cover and raised limits in its people; ``account`` the limits of overtime and
    what is used of them; ``spans`` when each row of cover is.
    """
    reach = reach or Reach()
    every = options(problem, roster, reach, asked)
    base = with_added(unpinned(problem, roster), [one.added for one in every], spans)
    before = marginal(base, roster)
    planner = Planner(before, account, tuple(workplaces), helpful(before, every))
    bound = planner.bound()
    for day in sorted({one.day for one in every}):
        planner.decide(day)
    after = planner.marginal
    worth = sum(before.row_cost(k, int(n)) - before.row_cost(k, int(m))
                for k, (n, m) in enumerate(zip(before.cover, after.cover, strict=True)))
    calls = tuple(sorted(planner.calls, key=lambda one: (one.call_by, one.price, one.person)))
    return Plan(base, after.roster, calls, tuple(ledger(base, planner.calls)), before.cover, after.cover, worth,
                sum(one.price for one in calls), bound)


def unpinned(problem: Problem, roster: Ints) -> Problem:
    """Without pins to duties that the roster keeps: a duty made longer keeps its pin, and no other takes its place."""
    return replace(problem, people=tuple(
        replace(person, pins=tuple(pin for pin in person.pins if pin.duty is None
                                   or row[pin.day] != problem.index[pin.duty]))
        for person, row in zip(problem.people, roster, strict=True)))


def helpful(before: Marginal, every: list[Option]) -> list[Option]:
    """Those that give people to a row that lacks them."""
    return [one for one in every if any(
        before.cover[row] < before.problem.cover[row].need
        for row in before.gives(one.person, one.day, before.problem.index[one.added.duty.code]))]


class Planner:
    """Decides day after day."""

    def __init__(self, before: Marginal, account: Account, workplaces: tuple[Workplaces, ...],
                 options: list[Option]) -> None:
        self.problem, self.marginal, self.account, self.workplaces = before.problem, before, account, workplaces
        self.calls: list[Call] = []
        self.options: dict[int, list[Option]] = {}      # by person, of days that are not decided
        for one in options:
            self.options.setdefault(one.person, []).append(one)
        self.known: dict[int, list[Judged]] = {}        # by person, on the row as it stands

    def judged(self) -> list[Judged]:
        """Options of days that are not decided, on rows as they stand."""
        for i in self.options.keys() - self.known.keys():
            before = Before(self.problem, self.account, i, self.marginal.roster[i])
            self.known[i] = [before.judged(one) for one in self.options[i]]
        return [one for i in sorted(self.known) for one in self.known[i]]

    def bound(self) -> float:
        """On what any plan is worth beyond its price: every option that could ever be possible, at the least that it
        could cost, in parts."""
        ever = [one for one in self.judged() if one.ever_possible]
        found = assign(self.marginal, ever, np.array([one.least_price for one in ever]), self.account, self.workplaces,
                       np.zeros(len(ever), np.int64))
        mendable = sum(one.cost for i in {one.option.person for one in ever} for one in broken_rules(
            self.problem, self.problem.people[i], self.marginal.roster[i].tolist()) if one.rule.name in MENDABLE)
        return touched_cost(self.marginal, ever) - found.bound + mendable

    def decide(self, day: int) -> None:
        """Whom to ask on a day; later days may ask parts of people meanwhile."""
        choice = [one for one in self.judged() if one.possible]
        whole = np.array([one.option.day == day for one in choice], np.int64)
        if whole.any():
            found = assign(self.marginal, choice, np.array([one.price for one in choice]),
                           self.account, self.workplaces, whole)
            for one, share in zip(choice, found.chosen, strict=True):
                if one.option.day == day and share > 0.5:
                    self.ask(one)
        self.options = {i: left for i, own in self.options.items() if (left := [one for one in own if one.day > day])}
        self.known = {i: [one for one in own if one.option.day > day] for i, own in self.known.items()
                      if i in self.options}

    def ask(self, one: Judged) -> None:
        """The row and the account of a person after a call."""
        option, person = one.option, self.problem.people[one.option.person]
        self.known.pop(option.person, None)
        off = option.kind == "call_in"
        beyond = self.account.beyond(person.name, option.day, option.extra, not off)
        self.account = self.account.with_more([Done(person.name, option.day, option.extra, off)])
        self.marginal = self.marginal.moved(
            {option.person: changed(self.marginal.roster[option.person], {option.day: one.duty})})
        duty, midnight, rate = option.added.duty, option.day * DAY_MINUTES, self.account.rate(option.day, off)
        self.calls.append(Call(
            person.name, option.day, option.kind, option.start, option.end,
            (midnight + duty.start, midnight + duty.end), option.extra, rate,
            option.extra * rate * self.account.terms.wage, one.price, option.call_by,
            self.account.left(person.name, option.day), beyond))


def touched_cost(marginal: Marginal, options: Sequence[Judged]) -> float:
    """Of rows of cover that any of the options gives people to, without them."""
    rows = {row for one in options for row in marginal.gives(one.option.person, one.option.day, one.duty)}
    return sum(marginal.row_cost(row, int(marginal.cover[row])) for row in rows)


def ledger(problem: Problem, calls: Sequence[Call]) -> list[OfPerson]:
    """Of everybody who is called."""
    found = []
    for person in problem.people:
        own = sorted((one for one in calls if one.person == person.name), key=lambda one: one.day)
        if own:
            beyond: dict[LimitOf, float] = {}
            for one in own:
                for name, minutes in one.beyond_law.items():
                    beyond[name] = beyond.get(name, 0.0) + minutes
            found.append(OfPerson(person.name, len(own), sum(one.extra for one in own), sum(one.pay for one in own),
                                  own[-1].left, beyond))
    return found
