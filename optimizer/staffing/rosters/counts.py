"""What adds up over a week or the horizon: minutes, nights, weekends, duties of a kind.

Several counts together are one whole number, the key; tables say what each choice does to it.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import floor, gcd, prod

import numpy as np

from optimizer.staffing.rosters.problem import CarriedIn, Floats, Ints, Person, Problem, Rule
from optimizer.staffing.rosters.states import Kinds, over, rules, under

MOST_KEYS = 40_000   # for four weeks; fewer for more and more for fewer, so that a graph fits in memory


@dataclass(frozen=True)
class Count:
    """One thing that adds up, in steps of its own from 0."""

    start: int                       # level before the first day
    levels: int                      # 0 … levels - 1: one more is forbidden, or stays there
    stays: bool
    adds: tuple[int, ...]            # [kinds] by a duty
    weekend: int                     # by the first day worked of a weekend
    weekly: bool                     # starts anew each calendar week
    price: Callable[[int], float]    # of a level, at the end of its time


@dataclass(frozen=True)
class Counts:
    """All counts of a person. Choice 0 is off, 1 + k a duty of kind k, 1 + kinds + k one that opens a weekend."""

    start: int            # key before the first day
    then: Ints            # [choices, keys] next key, -1 if forbidden
    new_week: Ints        # [keys] the key with which the next week starts
    week_price: Floats    # [keys] at the end of a week
    end_price: Floats     # [keys] at the end of the horizon, beside the week's
    left_out: tuple[Rule, ...]  # rules that did not fit: what comes of the tables may break them


def counts(problem: Problem, person: Person, kinds: Kinds, weekly_only: bool = False) -> Counts:
    """Tables of all counts that a person's rules look at; ``weekly_only`` leaves the others out. Where not all fit,
    those of rules that must never be broken come first."""
    found = [(count, limits) for count, limits in all_counts(problem, person, kinds) if count.weekly or not weekly_only]
    most, kept = MOST_KEYS * 28 // max(7, problem.days), list[tuple[Count, list[Rule]]]()
    for pair in sorted(found, key=lambda pair: all(rule.price is not None for rule in pair[1])):
        if prod(count.levels for count, _ in (*kept, pair)) <= most:
            kept.append(pair)
    left_out = tuple(rule for pair in found if pair not in kept for rule in pair[1])
    return tables([count for count, _ in kept], len(kinds.examples), left_out)


def all_counts(problem: Problem, person: Person, kinds: Kinds) -> Iterator[tuple[Count, list[Rule]]]:
    """Those that can make a difference, the most telling first."""
    duties = [problem.duties[k] for k in kinds.examples]
    if not duties:
        return
    before, days, ones = person.before or CarriedIn(), problem.days, tuple(1 for _ in duties)
    paid = [duty.paid for duty in duties]
    weekly = rules(person, "most_minutes_a_week")
    rest = rest_days(person, weekly, min(paid))
    yield from count(rules(person, "most_minutes"), rules(person, "least_minutes"), tuple(paid), days, before.minutes)
    yield from count(weekly, [], tuple(paid), 7, before.minutes_this_week, weekly=True)
    yield from count(rest, [], ones, 7, before.days_this_week, weekly=True)
    yield from count(rules(person, "most_weekends"), [], tuple(0 for _ in duties), len(problem.rest_days), 0, weekend=1)
    yield from count(rules(person, "most_nights"), [], tuple(int(duty.night) for duty in duties), days, 0)
    for rule in rules(person, "most_of_duty"):
        yield from count([rule], [], tuple(int(duty.code == rule.duty) for duty in duties), days, 0)


def rest_days(person: Person, weekly: list[Rule], least_paid: int) -> list[Rule]:
    """Most days worked a week, for rules on rest days that no other rule implies."""
    hard = [rule.value for rule in weekly if rule.price is None]
    runs = [rule.value for rule in rules(person, "most_days_in_a_row") if rule.price is None]
    found = []
    for rule in rules(person, "weekly_rest_days"):
        implied = (rule.value <= 1 and min(runs, default=7) <= 6) or (
            least_paid > 0 and min(hard, default=np.inf) // max(least_paid, 1) <= 7 - rule.value)
        if not implied:
            found.append(Rule(rule.name, 7 - rule.value, rule.kind, rule.source, rule.price))
    return found


def count(most: list[Rule], least: list[Rule], amounts: tuple[int, ...], times: int, carried: int,
          weekly: bool = False, weekend: int = 0) -> Iterator[tuple[Count, list[Rule]]]:
    """The count, if some rule can bind. ``times`` it can be added to at most, from ``carried``."""
    unit = gcd(*amounts) or 1
    start = carried if weekly else 0
    unit = gcd(unit, start) if weekly else unit
    offset = 0 if weekly else carried
    adds = tuple(amount // unit for amount in amounts)
    top = times * max(*adds, weekend) + start // unit
    hard = min((floor((rule.value - offset) / unit) for rule in most if rule.price is None), default=top)
    if (hard >= top and all(rule.price is None or rule.value >= top * unit + offset for rule in most)
            and all(rule.value <= offset for rule in least)):
        return
    stays = not most  # enough is enough
    if stays:
        hard = min(hard, max(int(np.ceil((rule.value - offset) / unit)) for rule in least))

    def price(level: int) -> float:
        amount = level * unit + offset
        return over([rule for rule in most if rule.price is not None], amount) + under(least, amount)

    levels = max(min(hard, top), start // unit) + 1
    yield Count(start // unit, levels, stays, adds, weekend, weekly, price), most + least


def tables(counts: list[Count], kinds: int, left_out: tuple[Rule, ...]) -> Counts:
    """All counts as one key, the first one the slowest."""
    keys = prod(count.levels for count in counts)
    strides = [prod(count.levels for count in counts[k + 1:]) for k in range(len(counts))]
    levels = [np.arange(keys) // stride % count.levels for count, stride in zip(counts, strides, strict=True)]
    then = np.tile(np.arange(keys), (1 + 2 * kinds, 1))
    new_week, week_price, end_price = np.arange(keys), np.zeros(keys), np.zeros(keys)
    for count, stride, level in zip(counts, strides, levels, strict=True):
        for kind in range(kinds):
            for opens in (0, 1):
                choice = then[1 + opens * kinds + kind]
                following = level + count.adds[kind] + opens * count.weekend
                if count.stays:
                    following = np.minimum(following, count.levels - 1)
                good = (following < count.levels) & (choice >= 0)
                choice[:] = np.where(good, choice + (following - level) * stride, -1)
        price = np.array([count.price(k) for k in range(count.levels)])[level]
        if count.weekly:
            new_week -= level * stride
            week_price += price
        else:
            end_price += price
    start = sum(count.start * stride for count, stride in zip(counts, strides, strict=True))
    return Counts(start, then, new_week, week_price, end_price, left_out)
