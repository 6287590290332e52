"""The call-in plan of a surge: who comes on a day off or works longer, day by day, where people are worth most.

It spends least on missing people (at the price of each row of cover), people too many, pay, priced rules, wishes,
changes and premium together; fairness is left out. One linear program over all days, in which parts of people may be
asked, gives the bound and whom to ask first. Days are then decided one after another, each as well as can be beside
what the others became, as long as there is time. Every call is held against all rules as ``evaluate`` tells them.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np

from optimizer.staffing.revising.added_duties import Span, Spans, with_added
from optimizer.staffing.revising.call_model import Assignment, Workplaces
from optimizer.staffing.revising.call_options import MENDABLE, Asked, Before, Judged, Kind, Option, options
from optimizer.staffing.revising.checks import Check, in_a_row, rests, rule_checks
from optimizer.staffing.revising.marginal import Marginal, changed, marginal
from optimizer.staffing.revising.overtime import Account, Done, Left, LimitOf
from optimizer.staffing.revising.take_over import Reach
from optimizer.staffing.rosters.evaluate import broken_rules, worked
from optimizer.staffing.rosters.problem import DAY_MINUTES, Ints, Problem

SECONDS = 60.0
ROUNDS = 2     # in which every day is decided again
MOST_OF = 0.5  # of an option: whom the best choice of parts asks


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
    breaks: tuple[Check, ...]           # priced rules that it breaks, or breaks more; days in a row as all calls make
                                        # them
    rest: int | None                    # minutes, the shorter of before and after the duty; None: days off around it


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
            workplaces: Sequence[Workplaces] = (), seconds: float = SECONDS) -> Plan:
    """Calls on top of a roster; those found in some seconds.

    ``problem`` has the grown need in its cover and raised limits in its people; ``account`` the limits of overtime and
    what is used of them; ``spans`` when each row of cover is.
    """
    reach = reach or Reach()
    every = options(problem, roster, reach, asked)
    base = with_added(unpinned(problem, roster), [one.added for one in every], spans)
    before = marginal(base, roster)
    planner = Planner(before, account, tuple(workplaces), helpful(before, every), perf_counter() + seconds)
    bound = planner.bound()
    planner.decide_all()
    after = planner.marginal
    worth = sum(before.row_cost(k, int(n)) - before.row_cost(k, int(m))
                for k, (n, m) in enumerate(zip(before.cover, after.cover, strict=True)))
    made = told(before, account, in_order(planner.chosen))
    calls = tuple(sorted(made, key=lambda one: (one.call_by, one.price, one.person)))
    return Plan(base, after.roster, calls, tuple(ledger(base, made)), before.cover, after.cover, worth,
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
    """Decides day after day, and each day once more when all others are decided, as long as there is time."""

    def __init__(self, before: Marginal, account: Account, workplaces: tuple[Workplaces, ...],
                 options: list[Option], until: float) -> None:
        self.problem, self.before, self.marginal, self.workplaces = before.problem, before, before, workplaces
        self.account, self.done, self.until = account, account.done, until
        self.chosen: dict[tuple[int, int], Option] = {}         # by person and day
        self.options: dict[int, list[Option]] = {}              # by day
        for one in options:
            self.options.setdefault(one.day, []).append(one)
        self.likely: set[Option] | None = None                  # those of which the best choice of parts has most

    def judged(self, options: Iterable[Option]) -> list[Judged]:
        """Options on rows as they stand."""
        found: dict[int, Before] = {}
        return [found.setdefault(one.person, Before(self.problem, self.account, one.person,
                                                    self.marginal.roster[one.person])).judged(one) for one in options]

    def bound(self) -> float:
        """On what any plan is worth beyond its price: every option that could ever be possible, at the least that it
        could cost, in parts. Those of which it has most are kept for deciding."""
        ever = [one for one in self.judged(one for own in self.options.values() for one in own) if one.ever_possible]
        if not ever:
            return 0.0
        found = Assignment.of(self.marginal, ever, np.array([one.least_price for one in ever]), self.account,
                              self.workplaces).relaxed(self.left())
        mendable = sum(one.cost for i in {one.option.person for one in ever} for one in broken_rules(
            self.problem, self.problem.people[i], self.marginal.roster[i].tolist()) if one.rule.name in MENDABLE)
        if found is None:
            return touched_cost(self.marginal, ever) + mendable + sum(max(0.0, -one.least_price) for one in ever)
        self.likely = {one.option for one, part in zip(ever, found.parts, strict=True) if part > MOST_OF}
        return touched_cost(self.marginal, ever) - found.bound + mendable

    def left(self) -> float:
        """Seconds."""
        return max(0.0, self.until - perf_counter())

    def decide_all(self) -> None:
        """First among those whom the best choice of parts has; then each day again among all, beside what the others
        became. A day for which no time is left stays as it is."""
        days = sorted(self.options)
        turns = [(self.decide, day) for day in days] + [(self.decide_again, day) for day in days * ROUNDS]
        for k, (decide, day) in enumerate(turns):
            if self.left():
                decide(day, self.left() / (len(turns) - k))
            self.likely = None if k + 1 >= len(days) else self.likely

    def decide_again(self, day: int, seconds: float) -> None:
        """A day whose calls are withdrawn first, and made again where nothing is found that is worth more."""
        chosen, before = {key: one for key, one in self.chosen.items() if key[1] == day}, self.cost()
        self.withdraw(day)
        self.decide(day, seconds)
        if self.cost() > before + 1e-6:
            self.withdraw(day)
            self.ask(self.judged(chosen.values()))

    def cost(self) -> float:
        """Of missing and surplus people, and of those who are called."""
        terms, called = self.account.terms, {i for i, _ in self.chosen}
        return sum(self.marginal.row_cost(k, int(n)) for k, n in enumerate(self.marginal.cover)) \
            + sum(self.marginal.cost_before(i) - self.before.cost_before(i) for i in called) \
            + sum(one.extra * self.account.rate(one.day, one.kind == "call_in") * terms.wage
                  for one in self.chosen.values())

    def decide(self, day: int, seconds: float) -> None:
        """Whom to ask on a day."""
        asked = [one for one in self.options[day] if self.likely is None or one in self.likely]
        choice = [one for one in self.judged(asked) if one.possible]
        if choice:
            found = Assignment.of(self.marginal, choice, np.array([one.price for one in choice]), self.account,
                                  self.workplaces).chosen(seconds)
            self.ask([choice[k] for k in found])

    def ask(self, asked: Sequence[Judged]) -> None:
        """Rows and accounts after calls, at most one a person."""
        for one in asked:
            self.chosen[one.option.person, one.option.day] = one.option
        self.marginal = self.marginal.moved({one.option.person: changed(
            self.marginal.roster[one.option.person], {one.option.day: one.duty}) for one in asked})
        self.account = replace(self.account, done=(*self.done, *(
            done(self.problem, one) for one in self.chosen.values())))

    def withdraw(self, day: int) -> None:
        """The calls of a day."""
        people = [i for i, on in self.chosen if on == day]
        self.chosen = {key: one for key, one in self.chosen.items() if key[1] != day}
        self.marginal = self.marginal.moved({i: changed(
            self.marginal.roster[i], {day: int(self.before.roster[i, day])}) for i in people})
        self.ask([])


def in_order(chosen: Mapping[tuple[int, int], Option]) -> list[Option]:
    """Calls by day and person."""
    return [chosen[key] for key in sorted(chosen, key=lambda key: key[::-1])]


def done(problem: Problem, one: Option) -> Done:
    """The overtime of a call."""
    return Done(problem.people[one.person].name, one.day, one.extra, one.kind == "call_in")


def told(before: Marginal, account: Account, chosen: Sequence[Option]) -> list[Call]:
    """Calls with what each costs, breaks and leaves after those before it."""
    problem, calls = before.problem, []
    for option in chosen:
        row = before.roster[option.person]
        judged = Before(problem, account, option.person, row).judged(option)
        after = changed(row, {option.day: judged.duty})
        calls.append(call_of(problem, account, judged, row, after))
        account = account.with_more([done(problem, option)])
        before = before.moved({option.person: after})
    return [with_days_in_a_row(one, option, before) for one, option in zip(calls, chosen, strict=True)]


def with_days_in_a_row(call: Call, option: Option, after: Marginal) -> Call:
    """A call that tells how many days its person works in a row when all are called, not only those called before."""
    days = in_a_row(after.problem.people[option.person], worked(after.roster[option.person].tolist()), option.day)
    return replace(call, breaks=tuple(replace(one, reached=float(days)) if one.name == "most_days_in_a_row" else one
                                      for one in call.breaks))


def call_of(problem: Problem, account: Account, judged: Judged, row: Ints, after: Ints) -> Call:
    """One option as a call."""
    option, person = judged.option, problem.people[judged.option.person]
    off, duty, midnight = option.kind == "call_in", option.added.duty, option.day * DAY_MINUTES
    beyond, rate = account.beyond(person.name, option.day, option.extra, not off), account.rate(option.day, off)
    left = account.with_more([done(problem, option)]).left(person.name, option.day)
    rest = dict(rests(problem, person, after))
    around = [rest[day] for day in (option.day, option.day + 1) if day in rest]
    breaks = tuple(one for one in rule_checks(problem, person, row, after) if one.passed)
    return Call(person.name, option.day, option.kind, option.start, option.end,
                (midnight + duty.start, midnight + duty.end), option.extra, rate,
                option.extra * rate * account.terms.wage, judged.price, option.call_by, left, beyond, breaks,
                min(around, default=None))


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
