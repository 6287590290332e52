"""Who comes that is off duty: people on standby, and people who are called in, none of them twice.

They are called in the order of the levers, those who stand by before all others. Nobody stays longer than the longest
stint: others follow, who must be rested as well, so that the second relay of a day takes twice as many people as sit.
"""
from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

import numpy as np

from sim.core.arrays import Floats
from sim.scenario.dates import DAY_MINUTES, Span
from sim.scenario.effects import CalledIn
from sim.scenario.intervals import Intervals
from sim.scenario.people import CallInTerms

Orders = Sequence[CalledIn]


class Rested(NamedTuple):
    """[I] people of a group who are off duty and rested, on what terms they come, and whether others may want them: for
    loans, or at home."""

    people: Floats
    terms: CallInTerms
    wanted: bool = True


class Called(NamedTuple):
    """[I] who is at work, by group, and who is bound of those whom others may want; and of each order, for how many of
    those whom it asks for there are people, infinite where it asks for nobody."""

    by_group: dict[str, Floats]
    bound: Floats
    able: list[Floats]

    @property
    def at_work(self) -> Floats:
        return sum(self.by_group.values(), np.zeros(len(self.bound)))


def called(t: Intervals, orders: Orders, rested: dict[str, Rested]) -> Called:
    """Who comes of whom the orders call, as far as there are people."""
    found = Called({name: np.zeros(t.number) for name in rested}, np.zeros(t.number),
                   [np.full(t.number, np.inf) for _ in orders])
    left = {name: one.people for name, one in rested.items()}
    for i, order in enumerate(orders):
        if order.stands_by:
            take(t, order, i, rested, left, found)
    left = {name: people * float(rested[name].terms.willing) for name, people in left.items()}
    for i, order in enumerate(orders):
        if not order.stands_by:
            take(t, order, i, rested, left, found)
    return found


def take(t: Intervals, order: CalledIn, i: int, rested: dict[str, Rested], left: dict[str, Floats],
         found: Called) -> None:
    """Take whom one order asks for from those who are left, of each group the same part."""
    names = [name for name in left if order.group in (None, name)]
    at_work = {name: t.covered(at_work_span(order, rested[name].terms)) for name in names}
    asked = {name: t.covered(order.span) if order.stands_by else at_work[name] for name in names}
    seats = {name: relays(t, at_work_span(order, rested[name].terms), rested[name].terms) for name in names}
    able = {name: asked[name] * left[name] / seats[name] for name in names}
    there = sum(able.values(), np.zeros(t.number))
    found.able[i][:] = np.where(sum(asked.values(), np.zeros(t.number)) > 0, there, np.inf)
    part = np.minimum(float(order.people) / np.maximum(there, 1e-12), 1.0)
    for name in names:
        taken = able[name] * part
        left[name] = left[name] - taken * seats[name]
        found.by_group[name] += taken * at_work[name]
        found.bound[:] += taken * seats[name] * rested[name].wanted


def at_work_span(order: CalledIn, terms: CallInTerms) -> Span:
    """When those are at work whom an order calls: from so long after the call on."""
    wait = terms.notice if order.response is None else order.response
    return order.span.model_copy(update={"start": order.called + timedelta(seconds=float(wait))})


def relays(t: Intervals, at_work: Span, terms: CallInTerms) -> Floats:
    """[I] how many people a seat has taken of the day so far: one more after each longest stint."""
    since_opening_s = (t.second_of_day - at_work.hours[0] * 60) % (DAY_MINUTES * 60)
    since_start_s = np.maximum(t.seconds - (at_work.start - t.start).total_seconds(), 0)
    return np.asarray(np.minimum(since_opening_s, since_start_s) // max(float(terms.longest), 60.0) + 1, float)


def hours_a_day(span: Span) -> float:
    """How many hours of a day a span has."""
    opens, closes = span.hours
    return ((closes - opens) % DAY_MINUTES or DAY_MINUTES) / 60
