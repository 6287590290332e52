"""The order in force on a day: what is lent then, or what the last day of an older order says goes on."""
from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from sim.scenario.lending_terms import OFFERS, Offer
from sim.scenario.lever import Lever
from sim.scenario.levers import Lend
from sim.scenario.people_levers import CallIn, Volunteers
from sim.scenario.quantities import plain

A_DAY = timedelta(days=1)
Helping = TypeVar("Helping", bound=Lever)


def in_force(levers: Iterable[object], day: date) -> tuple[Lend, ...]:
    """Seats lent on a day, each for that day only; of an order that has ended before, those of its last day."""
    lends = [lever for lever in levers if isinstance(lever, Lend)]
    on = day_of_order(lends, day)
    return tuple(moved(lever, on, day) for lever in lends if lever.start.date() <= on <= last_day(lever))


def called_in_force(levers: Iterable[object], day: date) -> tuple[CallIn, ...]:
    """People whom cities call in to their own halls on a day, in the same order: each for that day only, called the day
    before if need be."""
    every = list(levers)
    calls = [lever for lever in every if isinstance(lever, CallIn)]
    on = day_of_order([lever for lever in every if isinstance(lever, Lend)] or calls, day)
    return tuple(moved(lever, on, day, A_DAY) for lever in calls if lever.start.date() <= on <= last_day(lever))


def others_in_force(levers: Iterable[object], day: date) -> tuple[Offer, ...]:
    """Desks, volunteers and people at home on a day, in the same order, each for that day only; whoever was to be
    trained is."""
    every = list(levers)
    others = [lever for lever in every if isinstance(lever, OFFERS)]
    on = day_of_order([lever for lever in every if isinstance(lever, Lend)] or others, day)
    there = [trained(lever) for lever in others]
    return tuple(moved(lever, on, day) for lever in there if lever.start.date() <= on <= last_day(lever))


def trained(lever: Offer) -> Offer:
    """Those who answer, once they have been trained."""
    if not isinstance(lever, Volunteers):
        return lever
    return lever.model_copy(update={"start": lever.ready, "training": plain(0.0, "s")})


def day_of_order(levers: Iterable[Lend | CallIn | Offer], day: date) -> date:
    """The day, or the last one of an order that has ended before."""
    return min(day, max((last_day(lever) for lever in levers), default=day))


def last_day(lever: Lend | CallIn | Offer) -> date:
    return (lever.end - timedelta(seconds=1)).date()


def moved(lever: Helping, on: date, day: date, before: timedelta = timedelta()) -> Helping:
    """What a lever does on one day, on another day.

    :param before: how long before the day it may begin.
    """
    midnight, shift = datetime.combine(on, time.min), timedelta(days=(day - on).days)
    return lever.model_copy(update={"start": max(lever.start, midnight - before) + shift,
                                    "end": min(lever.end, midnight + A_DAY) + shift})
