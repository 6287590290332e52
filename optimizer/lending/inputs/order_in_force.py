"""The order in force on a day: what is lent then, or what the last day of an older order says goes on."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from sim.scenario.lending_terms import OFFERS, Offer
from sim.scenario.lever import Lever
from sim.scenario.levers import Lend
from sim.scenario.people_levers import CallIn, Volunteers
from sim.scenario.quantities import plain

A_DAY = timedelta(days=1)
Helping = TypeVar("Helping", bound=Lever)


def in_force(levers: Sequence[object], day: date) -> tuple[Lend, ...]:
    """Seats lent on a day, each for that day only; of an order that has ended before, those of its last day."""
    return of_order(levers, lends_of(levers), day)


def called_in_force(levers: Sequence[object], day: date) -> tuple[CallIn, ...]:
    """People whom cities call in to their own halls on a day, in the same order: each for that day only, called the day
    before if need be."""
    return of_order(levers, [lever for lever in levers if isinstance(lever, CallIn)], day, A_DAY)


def others_in_force(levers: Sequence[object], day: date) -> tuple[Offer, ...]:
    """Desks, volunteers and people at home on a day, in the same order, each for that day only; whoever was to be
    trained is."""
    return of_order(levers, [trained(lever) for lever in levers if isinstance(lever, OFFERS)], day)


def of_order(levers: Sequence[object], those: Sequence[Helping], day: date,
             before: timedelta = timedelta()) -> tuple[Helping, ...]:
    """Those of an order that are there on a day, or were on its last one: the last of its seats, or of those where it
    lends none."""
    on = day_of_order(lends_of(levers) or those, day)
    return tuple(moved(lever, on, day, before) for lever in those if lever.start.date() <= on <= last_day(lever))


def lends_of(levers: Sequence[object]) -> list[Lend]:
    return [lever for lever in levers if isinstance(lever, Lend)]


def trained(lever: Offer) -> Offer:
    """Those who answer, once they have been trained."""
    if not isinstance(lever, Volunteers):
        return lever
    return lever.model_copy(update={"start": lever.ready, "training": plain(0.0, "s")})


def day_of_order(levers: Iterable[Lever], day: date) -> date:
    """The day, or the last one of an order that has ended before."""
    return min(day, max((last_day(lever) for lever in levers), default=day))


def last_day(lever: Lever) -> date:
    return (lever.end - timedelta(seconds=1)).date()


def moved(lever: Helping, on: date, day: date, before: timedelta = timedelta()) -> Helping:
    """What a lever does on one day, on another day.

    :param before: how long before the day it may begin.
    """
    midnight, shift = datetime.combine(on, time.min), timedelta(days=(day - on).days)
    return lever.model_copy(update={"start": max(lever.start, midnight - before) + shift,
                                    "end": min(lever.end, midnight + A_DAY) + shift})
