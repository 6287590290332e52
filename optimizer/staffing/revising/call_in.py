"""The call-in plan of a surge: who comes on a day off or works longer, day by day, where people are worth most.

It spends least on missing people (at the price of each row of cover), people too many, pay, priced rules, wishes,
changes and premium together; fairness is left out. Days are decided one after another, each as well as can be: first
weighing what people would be worth on the days after it, then once more when all others are decided. Every call is
held against all rules as ``evaluate`` tells them.
"""
from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimizer.staffing.revising.added_duties import Span, Spans, with_added
from optimizer.staffing.revising.call_model import Workplaces, assign
from optimizer.staffing.revising.call_options import MENDABLE, Asked, Before, Judged, Kind, Option, options
from optimizer.staffing.revising.marginal import Marginal, changed, marginal
from optimizer.staffing.revising.overtime import Account, Done, Left, LimitOf
from optimizer.staffing.revising.take_over import Reach
from optimizer.staffing.rosters.evaluate import broken_rules
from optimizer.staffing.rosters.problem import DAY_MINUTES, Ints, Problem


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
    planner.decide_all()
    after = planner.marginal
    worth = sum(before.row_cost(k, int(n)) - before.row_cost(k, int(m))
                for k, (n, m) in enumerate(zip(before.cover, after.cover, strict=True)))
    made = told(before, account, [planner.chosen[key] for key in sorted(planner.chosen, key=lambda key: key[::-1])])
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
    """Decides day after day, and each day once more when all others are decided."""

    def __init__(self, before: Marginal, account: Account, workplaces: tuple[Workplaces, ...],
                 options: list[Option]) -> None:
        self.problem, self.before, self.marginal, self.workplaces = before.problem, before, before, workplaces
        self.account, self.done = account, account.done
        self.chosen: dict[tuple[int, int], Option] = {}         # by person and day
        self.options: dict[int, list[Option]] = {}              # by person
        for one in options:
            self.options.setdefault(one.person, []).append(one)
        self.known: dict[int, list[Judged]] = {}                # by person, on the row as it stands

    def judged(self, days: Collection[int]) -> list[Judged]:
        """Options of some days, on rows as they stand."""
        for i in sorted(self.options.keys() - self.known.keys()):
            before = Before(self.problem, self.account, i, self.marginal.roster[i])
            self.known[i] = [before.judged(one) for one in self.options[i] if one.day in days]
        return [one for i in sorted(self.known) for one in self.known[i] if one.option.day in days]

    def bound(self) -> float:
        """On what any plan is worth beyond its price: every option that could ever be possible, at the least that it
        could cost, in parts."""
        days = {one.day for own in self.options.values() for one in own}
        ever = [one for one in self.judged(days) if one.ever_possible]
        found = assign(self.marginal, ever, np.array([one.least_price for one in ever]), self.account, self.workplaces,
                       np.zeros(len(ever), np.int64))
        mendable = sum(one.cost for i in {one.option.person for one in ever} for one in broken_rules(
            self.problem, self.problem.people[i], self.marginal.roster[i].tolist()) if one.rule.name in MENDABLE)
        return touched_cost(self.marginal, ever) - found.bound + mendable

    def decide_all(self) -> None:
        """In order, with what people would be worth later; then each again, beside what the others became."""
        days = sorted({one.day for own in self.options.values() for one in own})
        for k, day in enumerate(days):
            self.decide(day, days[k:])
        for day in days:
            self.withdraw(day)
            self.known = {}
            self.decide(day, [day])

    def decide(self, day: int, days: Collection[int]) -> None:
        """Whom to ask on a day; others of the days may ask parts of people meanwhile."""
        choice = [one for one in self.judged(days) if one.possible]
        whole = np.array([one.option.day == day for one in choice], np.int64)
        if whole.any():
            found = assign(self.marginal, choice, np.array([one.price for one in choice]),
                           self.account, self.workplaces, whole)
            self.ask([one for one, share in zip(choice, found.chosen, strict=True)
                      if one.option.day == day and share > 0.5])

    def ask(self, asked: Sequence[Judged]) -> None:
        """Rows and accounts after calls, at most one a person."""
        for one in asked:
            self.chosen[one.option.person, one.option.day] = one.option
            self.known.pop(one.option.person, None)
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


def done(problem: Problem, one: Option) -> Done:
    """The overtime of a call."""
    return Done(problem.people[one.person].name, one.day, one.extra, one.kind == "call_in")


def told(before: Marginal, account: Account, chosen: Sequence[Option]) -> list[Call]:
    """Calls with what each costs and leaves after those before it."""
    problem, calls = before.problem, []
    for option in chosen:
        judged = Before(problem, account, option.person, before.roster[option.person]).judged(option)
        person, off = problem.people[option.person].name, option.kind == "call_in"
        beyond, rate = account.beyond(person, option.day, option.extra, not off), account.rate(option.day, off)
        account = account.with_more([done(problem, option)])
        before = before.moved({option.person: changed(before.roster[option.person], {option.day: judged.duty})})
        duty, midnight = option.added.duty, option.day * DAY_MINUTES
        calls.append(Call(
            person, option.day, option.kind, option.start, option.end, (midnight + duty.start, midnight + duty.end),
            option.extra, rate, option.extra * rate * account.terms.wage, judged.price, option.call_by,
            account.left(person, option.day), beyond))
    return calls


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
