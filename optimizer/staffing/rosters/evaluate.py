"""What any roster costs and which rules it breaks, from the problem alone: no solver's code, no solver's tables."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from optimizer.staffing.rosters.problem import (
    DAY_MINUTES,
    OFF,
    CarriedIn,
    Fairness,
    Ints,
    OtherName,
    Person,
    Problem,
    ProblemError,
    Roster,
    Rule,
)

NOTHING = CarriedIn()


@dataclass(frozen=True)
class Broken:
    """A rule that one person's row breaks."""

    person: str
    day: int | None   # the first day on which it is broken; None: over the whole horizon
    rule: Rule
    amount: float     # beyond the rule's value, in its unit; 1 for rules without a number

    @property
    def cost(self) -> float:
        """Nothing for a rule that must never be broken: what breaks it is no roster."""
        return (self.rule.price or 0.0) * self.amount


@dataclass(frozen=True)
class Evaluation:
    """What a roster is worth."""

    parts: dict[str, float]     # cost by part: missing, surplus, beyond (a ceiling), wishes, changes, premium,
                                # fairness, and priced rules
    broken: tuple[Broken, ...]  # every rule that is broken, priced ones too
    cover: Ints                 # [rows of cover] people there
    minutes: Ints               # [people] paid in the horizon
    nights: Ints                # [people] in the horizon
    weekends: Ints              # [people] with at least one day worked

    @property
    def cost(self) -> float:
        """All parts together."""
        return sum(self.parts.values())

    @property
    def feasible(self) -> bool:
        """Whether no rule is broken that must never be."""
        return all(one.rule.price is not None for one in self.broken)


def evaluate(problem: Problem, roster: Roster) -> Evaluation:
    """Cost by part, every broken rule, cover and what each person works.

    ``roster`` [people, days]: the index of a duty, or OFF. ProblemError for another shape or a duty that is none.
    """
    if roster.shape != (len(problem.people), problem.days) or roster.max(initial=OFF) >= len(problem.duties) \
            or roster.min(initial=OFF) < OFF:
        raise ProblemError("a roster has a row for each person, a column for each day, and duties or OFF in it")
    broken = tuple(one for person, row in zip(problem.people, roster, strict=True)
                   for one in broken_rules(problem, person, [int(k) for k in row]))
    cover = people_there(problem, roster)
    minutes, nights, weekends = paid_minutes(problem, roster), nights_of(problem, roster), weekends_of(problem, roster)
    parts = {
        **cover_costs(problem, cover),
        "wishes": sum(wishes_cost(problem, person, row)
                      for person, row in zip(problem.people, roster, strict=True)),
        "changes": sum(len(changes(problem, person, row)) * problem.change_price
                       for person, row in zip(problem.people, roster, strict=True)),
        "premium": premium_cost(problem, roster),
        "fairness": sum(unfairness(problem, one, nights if one.measure == "nights" else weekends) * one.price
                        for one in problem.fairness),
    }
    for one in broken:
        if one.rule.price is not None:
            parts[one.rule.name] = parts.get(one.rule.name, 0.0) + one.cost
    return Evaluation(parts, broken, cover, minutes, nights, weekends)


def cover_costs(problem: Problem, cover: Ints) -> dict[str, float]:
    """Of people missing, too many, and beyond ceilings, over all rows of cover."""
    costs = [row.costs(int(there)) for row, there in zip(problem.cover, cover, strict=True)]
    return {name: sum(cost[k] for cost in costs) for k, name in enumerate(("missing", "surplus", "beyond"))}


def people_there(problem: Problem, roster: Roster) -> Ints:
    """[rows of cover] people who contribute to each."""
    kinds = {(row.skill, row.leaders): row for row in problem.cover}
    on_duty = {kind: duties_worked(problem, roster[[problem.counts(person, row) for person in problem.people]])
               for kind, row in kinds.items()}
    return np.array([sum(int(on_duty[row.skill, row.leaders][day, problem.index[code]]) for day, code in row.duties)
                     for row in problem.cover], np.int64)


def duties_worked(problem: Problem, rows: Roster) -> Ints:
    """[days, duties] people on each."""
    found: Ints = np.stack([np.bincount(day + 1, minlength=len(problem.duties) + 1)[1:] for day in rows.T])
    return found


def paid_minutes(problem: Problem, roster: Roster) -> Ints:
    """[people] in the horizon."""
    paid: Ints = np.array([*(duty.paid for duty in problem.duties), 0], np.int64)[roster].sum(axis=1)
    return paid


def nights_of(problem: Problem, roster: Roster) -> Ints:
    """[people] in the horizon."""
    nights: Ints = np.array([*(duty.night for duty in problem.duties), 0], np.int64)[roster].sum(axis=1)
    return nights


def weekends_of(problem: Problem, roster: Roster) -> Ints:
    """[people] with at least one day worked."""
    return sum(((roster[:, list(days)] != OFF).any(axis=1).astype(np.int64) for days in problem.rest_days),
               np.zeros(len(roster), np.int64))


def wishes_cost(problem: Problem, person: Person, row: Ints) -> float:
    """Weights of the wishes that are not granted."""
    return sum(wish.weight for wish in person.wishes
               if wish.wanted != (row[wish.day] != OFF if wish.duty is None
                                  else row[wish.day] == problem.index[wish.duty]))


def changes(problem: Problem, person: Person, row: Ints) -> list[int]:
    """Days on which something else was published."""
    return [cell.day for cell in person.published
            if not cell.kept_by(None if row[cell.day] == OFF else problem.duties[int(row[cell.day])].code)]


def premium_cost(problem: Problem, roster: Roster) -> float:
    """Minutes on days that cost more than ordinary ones."""
    if problem.premium is None:
        return 0.0
    paid = np.array([*(duty.paid for duty in problem.duties), 0])[roster]
    return float(paid.sum(axis=0) @ np.array(problem.premium))


def unfairness(problem: Problem, fairness: Fairness, counts: Ints) -> float:
    """Units outside the best band, counts with balances carried in."""
    balanced = balances(problem, fairness, counts)
    return float(min((sum(max(0, low - n, n - low - fairness.width) for n in balanced)
                      for low in range(min(balanced), max(balanced) + 1)), default=0)) if balanced else 0.0


def balances(problem: Problem, fairness: Fairness, counts: Ints) -> list[int]:
    """Nights or weekends of the people of a group, with those carried in."""
    return [int(n) + getattr(person.before or NOTHING, fairness.measure)
            for person, n in zip(problem.people, counts, strict=True) if person.group == fairness.group]


def broken_rules(problem: Problem, person: Person, row: list[int]) -> Iterator[Broken]:
    """Every rule that a person's row breaks, day by day."""
    for day, rule in structural(problem, person, row):
        yield Broken(person.name, day, rule, 1.0)
    for rule in person.limits:
        for first, amount in CHECKS[rule.name](problem, person, row, rule):
            if amount > 1e-9:
                yield Broken(person.name, first, rule, float(amount))


def structural(problem: Problem, person: Person, row: list[int]) -> Iterator[tuple[int, Rule]]:
    """What the problem says of duties and people: always hard."""
    pins = {cell.day: OFF if cell.duty is None else problem.index[cell.duty] for cell in person.pins}
    last: str | None = (person.before or NOTHING).last_duty
    for day, k in enumerate(row):
        if pins.get(day, k) != k:
            yield day, other("pin", "laid down beforehand")
        if k == OFF:
            last = None
            continue
        duty = problem.duties[k]
        if day in person.leave:
            yield day, other("leave", "leave granted")
        if person.allowed is not None and duty.code not in person.allowed:
            yield day, other("allowed", f"{person.name} is not given {duty.code}")
        if not duty.skills <= person.skills:
            yield day, other("skill", f"{duty.code} needs {', '.join(sorted(duty.skills - person.skills))}")
        if duty.leader and not person.leads:
            yield day, other("leader", f"{duty.code} is for those who can lead")
        if last is not None and duty.code in problem.duties[problem.index[last]].not_followed_by:
            yield day, other("succession", f"{duty.code} may not follow {last}")
        last = duty.code


def other(name: OtherName, source: str) -> Rule:
    """A rule that the problem says itself."""
    return Rule(name, 0.0, "contract", source)


Excess = Iterable[tuple[int | None, float]]


def runs(flags: list[bool], value: bool) -> list[tuple[int, int]]:
    """First day and length of each run of a value."""
    found: list[tuple[int, int]] = []
    day = 0
    for flag, members in groupby(flags):
        length = len(list(members))
        if flag == value:
            found.append((day, length))
        day += length
    return found


def too_many_in_a_row(flags: list[bool], carried: int, rule: Rule) -> Excess:
    """Days beyond the most in a row; what was too many before the horizon is not held against it."""
    for day, length in runs(flags, True):
        before = carried if day == 0 else 0
        allowed = max(0, int(rule.value) - before)
        yield min(day + allowed, len(flags) - 1), length - allowed


def too_few_in_a_row(flags: list[bool], carried: int | None, rule: Rule) -> Excess:
    """Days short of the least in a row; None carried in: what touches the first day is long enough."""
    if carried and flags and not flags[0]:
        yield 0, rule.value - carried
    for day, length in runs(flags, True):
        if day + length < len(flags) and not (day == 0 and carried is None):
            yield day + length - 1, rule.value - length - ((carried or 0) if day == 0 else 0)


def worked(row: list[int]) -> list[bool]:
    """[days]"""
    return [k != OFF for k in row]


def by_week(problem: Problem, amounts: list[int], carried: int) -> list[tuple[int, int]]:
    """Last day inside the horizon and total of each calendar week."""
    totals: dict[int, tuple[int, int]] = {0: (0, carried)}
    for day, amount in enumerate(amounts):
        week = problem.week(day)
        totals[week] = day, totals.get(week, (0, 0))[1] + amount
    return list(totals.values())


def minutes(problem: Problem, row: list[int]) -> list[int]:
    """[days] paid"""
    return [0 if k == OFF else problem.duties[k].paid for k in row]


def most_minutes(p: Problem, person: Person, row: list[int], rule: Rule) -> Excess:
    return [(None, sum(minutes(p, row)) + (person.before or NOTHING).minutes - rule.value)]


def least_minutes(p: Problem, person: Person, row: list[int], rule: Rule) -> Excess:
    return [(None, rule.value - sum(minutes(p, row)) - (person.before or NOTHING).minutes)]


def most_minutes_a_week(p: Problem, person: Person, row: list[int], rule: Rule) -> Excess:
    carried = (person.before or NOTHING).minutes_this_week
    return [(day, total - rule.value) for day, total in by_week(p, minutes(p, row), carried)]


def most_minutes_a_day(p: Problem, person: Person, row: list[int], rule: Rule) -> Excess:
    return [(day, paid - rule.value) for day, paid in enumerate(minutes(p, row))]


def most_days_in_a_row(p: Problem, person: Person, row: list[int], rule: Rule) -> Excess:
    return too_many_in_a_row(worked(row), (person.before or NOTHING).days_in_a_row, rule)


def least_days_in_a_row(p: Problem, person: Person, row: list[int], rule: Rule) -> Excess:
    return too_few_in_a_row(worked(row), person.before.days_in_a_row if person.before else None, rule)


def least_days_off_in_a_row(p: Problem, person: Person, row: list[int], rule: Rule) -> Excess:
    before = person.before
    carried = None if before is None else 0 if before.days_in_a_row else before.days_off_in_a_row
    return too_few_in_a_row([not flag for flag in worked(row)], carried, rule)


def most_weekends(p: Problem, person: Person, row: list[int], rule: Rule) -> Excess:
    return [(None, sum(any(row[day] != OFF for day in days) for days in p.rest_days) - rule.value)]


def night_flags(p: Problem, row: list[int]) -> list[bool]:
    return [k != OFF and p.duties[k].night for k in row]


def most_nights(p: Problem, person: Person, row: list[int], rule: Rule) -> Excess:
    return [(None, sum(night_flags(p, row)) - rule.value)]


def most_nights_in_a_row(p: Problem, person: Person, row: list[int], rule: Rule) -> Excess:
    return too_many_in_a_row(night_flags(p, row), (person.before or NOTHING).nights_in_a_row, rule)


def most_of_duty(p: Problem, person: Person, row: list[int], rule: Rule) -> Excess:
    return [(None, sum(k != OFF and p.duties[k].code == rule.duty for k in row) - rule.value)]


def least_rest(p: Problem, person: Person, row: list[int], rule: Rule) -> Excess:
    end: int | None = last_end(p, person.before or NOTHING)
    for day, k in enumerate(row):
        if k == OFF:
            end = None
            continue
        start = day * DAY_MINUTES + p.duties[k].start
        if end is not None:
            yield day, rule.value - (start - end)
        end = day * DAY_MINUTES + p.duties[k].end


def last_end(p: Problem, before: CarriedIn) -> int | None:
    """Minutes after the first midnight of the horizon."""
    if before.last_end is not None or before.last_duty is None:
        return before.last_end
    return p.duties[p.index[before.last_duty]].end - DAY_MINUTES


def weekly_rest_days(p: Problem, person: Person, row: list[int], rule: Rule) -> Excess:
    carried = (person.before or NOTHING).days_this_week
    return [(day, days - (7 - rule.value)) for day, days in by_week(p, [int(f) for f in worked(row)], carried)]


CHECKS = {check.__name__: check for check in (
    most_minutes, least_minutes, most_minutes_a_week, most_minutes_a_day, most_days_in_a_row, least_days_in_a_row,
    least_days_off_in_a_row, most_weekends, most_nights, most_nights_in_a_row, most_of_duty, least_rest,
    weekly_rest_days)}
