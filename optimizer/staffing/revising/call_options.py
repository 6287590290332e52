"""What each person could be asked for on each day of a surge: to come on a day off, to stay longer, to come earlier."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from optimizer.staffing.revising.added_duties import Added, joined, part
from optimizer.staffing.revising.asking import BEFORE_GOING, first_call, last_call
from optimizer.staffing.revising.checks import overlap_check
from optimizer.staffing.revising.marginal import changed
from optimizer.staffing.revising.overtime import Account
from optimizer.staffing.revising.take_over import Reach
from optimizer.staffing.rosters.evaluate import Broken, broken_rules, changes, premium_cost, wishes_cost
from optimizer.staffing.rosters.problem import DAY_MINUTES, OFF, Duty, Ints, LimitName, OtherName, Problem

Kind = Literal["call_in", "stays", "comes_earlier"]

# More work never mends what breaks these, and two pieces of work cost under them no less than each alone.
MONOTONE: frozenset[LimitName | OtherName] = frozenset([
    "most_minutes", "least_minutes", "most_minutes_a_week", "most_minutes_a_day", "most_days_in_a_row", "most_nights",
    "most_nights_in_a_row", "most_of_duty", "least_rest", "weekly_rest_days", "succession", "leave", "pin", "allowed",
    "skill", "leader"])

MENDABLE: frozenset[LimitName | OtherName] = frozenset(["least_days_in_a_row", "least_days_off_in_a_row"])


@dataclass(frozen=True)
class Asked:
    """What people may be asked for; minutes."""

    told: int                       # after the first midnight: when calls can begin
    step: int = 60                  # a duty is made longer by a multiple of it
    days: frozenset[int] | None = None      # on which people are asked; None: all
    duties: frozenset[str] | None = None    # to which people are called in; None: all


@dataclass(frozen=True)
class Option:
    """One person, one day, one more or longer duty. Times are minutes after the first midnight."""

    person: int
    day: int
    kind: Kind
    added: Added
    start: int      # of the time that is more
    end: int
    extra: int      # paid minutes more
    call_by: int    # the last minute in which the call still leaves the notice, and nobody is phoned at night


@dataclass(frozen=True)
class Judged:
    """An option held against the rules, on a person's row as it stands."""

    option: Option
    duty: int                # place of its duty in the problem's
    price: float             # rules, wishes, changes, premium and pay, more than without
    least_price: float       # less what other options of the same person could still make cheaper
    possible: bool           # breaks no rule
    ever_possible: bool      # no rule that other options could not mend


def options(problem: Problem, roster: Ints, reach: Reach, asked: Asked) -> list[Option]:
    """All, whether rules allow them or not."""
    days = [day for day in range(problem.days) if asked.days is None or day in asked.days]
    return [one for i in range(len(problem.people)) for day in days
            for one in of_day(problem, roster, reach, asked, i, day)]


def of_day(problem: Problem, roster: Ints, reach: Reach, asked: Asked, i: int, day: int) -> Iterator[Option]:
    """Of one person on one day."""
    person = problem.people[i]
    off = roster[i, day] == OFF
    notice = reach.notice(person.name, bool(off))
    if not off:
        yield from longer(problem.duties[int(roster[i, day])], i, day, notice, reach, asked)
    elif person.name not in reach.unwilling and day not in person.leave:
        for duty in problem.duties:
            if problem.may_do(person, duty) and (asked.duties is None or duty.code in asked.duties):
                yield from called_in(duty, i, day, notice, reach, asked)


def called_in(duty: Duty, i: int, day: int, notice: int, reach: Reach, asked: Asked) -> Iterator[Option]:
    """To a duty, or to what is left of it after the notice."""
    midnight = day * DAY_MINUTES
    start, end = max(duty.start, first_call(asked.told) + notice - midnight), duty.end
    if start >= DAY_MINUTES or end - start < min(reach.shortest_call, duty.presence):
        return
    rest = duty if start == duty.start else replace(part(duty, start, end), code=f"{day}: {duty.code} from {start}")
    added = Added(day, rest, frozenset([duty.code]), ((day, duty.code),))
    yield Option(i, day, "call_in", added, midnight + start, midnight + end, rest.paid,
                 last_call(midnight + start - notice))


def longer(own: Duty, i: int, day: int, notice: int, reach: Reach, asked: Asked) -> Iterator[Option]:
    """By each multiple of a step, after the duty and before it."""
    midnight, first = day * DAY_MINUTES, -(-reach.shortest_longer // asked.step) * asked.step
    for minutes in range(first, min(reach.longest_presence, DAY_MINUTES) - own.presence + 1, asked.step):
        starts: dict[Kind, int] = {"stays": own.end, "comes_earlier": own.start - minutes}
        for kind, start in starts.items():
            call_by = last_call(midnight + start - notice) if kind == "comes_earlier" \
                else midnight + start - BEFORE_GOING
            if start < 0 or call_by < asked.told:
                continue
            yield made_longer(own, i, day, kind, start, minutes, call_by)


def made_longer(own: Duty, i: int, day: int, kind: Kind, start: int, minutes: int, call_by: int) -> Option:
    """A duty and so many paid minutes before or after it."""
    more = Duty("", start, minutes, minutes)
    both = joined(own, more) if kind == "stays" else joined(replace(more, skills=own.skills), own)
    both = replace(both, code=f"{day}: {own.code} {both.start}-{both.end}", night=own.night)
    added = Added(day, both, frozenset([own.code]), ((day, own.code),))
    midnight = day * DAY_MINUTES
    return Option(i, day, kind, added, midnight + start, midnight + start + minutes, minutes, call_by)


@dataclass(frozen=True)
class Before:
    """A person's row as it stands."""

    problem: Problem
    account: Account
    person: int
    row: Ints

    @cached_property
    def broken(self) -> list[Broken]:
        """Rules that it breaks."""
        return [*broken_rules(self.problem, self.problem.people[self.person], self.row.tolist())]

    def judged(self, option: Option) -> Judged:
        """An option, with its price and whether it may be."""
        problem, person = self.problem, self.problem.people[self.person]
        duty = problem.index[option.added.duty.code]
        row, off = changed(self.row, {option.day: duty}), option.kind == "call_in"
        broken = [*broken_rules(problem, person, row.tolist())]
        law = bool(self.account.beyond(person.name, option.day, option.extra, not off))
        clash = (law and not self.account.terms.emergency) or overlap_check(problem, person, self.row, row).forbids
        same = self.cells(row) - self.cells(self.row) \
            + option.extra * self.account.rate(option.day, off) * self.account.terms.wage
        return Judged(option, duty, same + cost(broken, True) - cost(self.broken, True),
                      same + cost(broken, False) - cost(self.broken, False),
                      not clash and not harder(self.broken, broken, True),
                      not clash and not harder(self.broken, broken, False))

    def cells(self, row: Ints) -> float:
        """What a row costs day by day: wishes, changes and premium."""
        person = self.problem.people[self.person]
        return (wishes_cost(self.problem, person, row) + len(changes(self.problem, person, row))
                * self.problem.change_price + premium_cost(self.problem, row[None]))


def cost(broken: list[Broken], every: bool) -> float:
    """Of every rule, or of monotone ones."""
    return sum(one.cost for one in broken if every or one.rule.name in MONOTONE)


def harder(was: list[Broken], now: list[Broken], every: bool) -> bool:
    """Whether a rule that must never be broken is broken more; of every rule, or of those that more work breaks."""
    def amounts(broken: list[Broken]) -> dict[tuple[object, ...], float]:
        found: dict[tuple[object, ...], float] = {}
        for one in broken:
            if one.rule.price is None and (every or one.rule.name in MONOTONE | {"most_weekends"}):
                key = one.rule.name, one.rule.value, one.rule.duty
                found[key] = found.get(key, 0.0) + one.amount
        return found
    before = amounts(was)
    return any(amount > before.get(key, 0.0) + 1e-9 for key, amount in amounts(now).items())
