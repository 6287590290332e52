"""People who are called in: each comes once a day, for a stint that is neither too short nor too long, and within the
hours and days of rest that the rules of work leave."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np
from ortools.math_opt.python import mathopt

from optimizer.lending.inputs.call_ins import WEEK_DAYS, OffDuty
from optimizer.lending.inputs.offers import at_workplaces
from optimizer.lending.inputs.province import Province
from optimizer.lending.inputs.sources import city_of, is_called_in, offer_of
from optimizer.lending.model.variables import Model, row

DAY_S, A_DAY = 86400, timedelta(days=1)
A_HAIR = 1e-9


class Stint(NamedTuple):
    """So many seats for some blocks of a day, one after another; and how many people a seat takes."""

    first: int       # block of the day
    last: int
    people: float
    seats: Any

    @property
    def blocks(self) -> int:
        return self.last - self.first + 1


class CalledDay(NamedTuple):
    """A day's hours of a source, and what stands for it in the model."""

    days: int        # for which the hours hold, counted from the first
    open: list[int]  # open blocks of one of these days
    stints: list[Stint]


def people_come_once_a_day(model: Model) -> None:
    """Seats of people who are called in are stints; whoever came is not called again that day."""
    for pair in model.province.pairs:
        if model.province.come(pair[0]):
            model.called[pair] = [stints_of(model, pair, days, numbers)
                                  for days, numbers in blocks_of_days(model.province).items()]
    for city in sorted({city_of(source) for source in (*model.province.called_in, *model.province.offered)} - {""}):
        enough_come(model, model.province.off_duty[city])


def blocks_of_days(province: Province) -> dict[int, list[int]]:
    """By days for which the hours hold: the open blocks of a day."""
    found = defaultdict[int, set[int]](set)
    for block in province.open_blocks:
        days, number = province.slot_of(block)
        found[days].add(number)
    return {days: sorted(numbers) for days, numbers in found.items()}


def stints_of(model: Model, pair: tuple[str, str], days: int, numbers: list[int]) -> CalledDay:
    """Every stint that people of a source may have, and the seats of each block as their sum."""
    one, people = model.province.off_duty[city_of(pair[0])], model.province.people_of(*pair)
    stints = [Stint(first, last, people, model.solver.add_integer_variable(lb=0.0))
              for first, last in lengths(numbers, one)]
    for number in numbers:
        there = [(stint.seats, -1.0) for stint in stints if stint.first <= number <= stint.last]
        row(model, [(model.lent[(*pair, days, number)], 1.0), *there], 0.0, 0.0)
    return CalledDay(days, numbers, stints)


def lengths(numbers: list[int], one: OffDuty) -> Iterator[tuple[int, int]]:
    """First and last blocks of a day's stints; all of a day that is open for less than the shortest."""
    shortest = min(one.shortest, len(numbers))
    for i, first in enumerate(numbers):
        for last in numbers[i + shortest - 1:i + max(one.longest, shortest)]:
            yield first, last


def enough_come(model: Model, one: OffDuty) -> None:
    """At any time of a day no more have come than can be called then, and no more sit than there are places, whether
    they were called in or brought in; nobody who has come answers from home too."""
    pairs = [pair for pair in model.called if city_of(pair[0]) == one.city]
    people = np.min([one.come(model.province.emergency, borrower) for _, borrower in pairs] or [one.rested], axis=0)
    open_blocks = model.province.open_blocks
    least = [model.province.least_by_slot(of_blocks[open_blocks]) for of_blocks in (people, one.places, one.home)]
    for days, number in model.province.places:
        there, places, home = (float(of_slots[days, number]) for of_slots in least)
        to_a_seat, at_home = ([stint for pair in pairs if is_called_in(pair[0]) == to for day in model.called[pair]
                               if day.days == days for stint in day.stints if stint.first <= number]
                              for to in (True, False))
        most = float(np.floor(there + A_HAIR))
        row(model, ((stint.seats, stint.people) for stint in (*to_a_seat, *at_home)), most)
        sit = ((stint.seats, 1.0) for stint in to_a_seat if number <= stint.last)
        row(model, (*sit, *((x, 1.0) for x in brought_in(model, one.city, days, number))), places)
        if at_home:
            home_or_hall(model, people_in(to_a_seat), people_in([stint for stint in at_home if number <= stint.last]),
                         most, home)


def people_in(stints: list[Stint]) -> Any:
    return mathopt.fast_sum(stint.people * stint.seats for stint in stints)


def home_or_hall(model: Model, came: Any, at_home: Any, most: float, home: float) -> None:
    """Those who came, and those at home, are together no more than can be at home. Where more can come than that, they
    may as long as nobody answers from home."""
    anybody = 1.0 if most <= home else model.solver.add_binary_variable()
    model.solver.add_linear_constraint(at_home <= home * anybody)
    model.solver.add_linear_constraint(came + at_home <= home + max(most - home, 0.0) * (1 - anybody))


def brought_in(model: Model, city: str, days: int, number: int) -> list[Any]:
    """Volunteers at a city's workplaces at a time of day."""
    return [model.lent[(*pair, days, number)] for pair in model.province.pairs
            if city_of(pair[0]) == city and offer_of(pair[0]) is not None
            and at_workplaces(model.province.offer(pair[0]))]


def rested_since_they_came(model: Model) -> None:
    """Whoever went home late does not come early on the next day, but somebody else: all together no more than can come
    at the one time or at the other. By custom, which an emergency breaks."""
    for city in {city_of(source) for source, _ in model.called}:
        one = model.province.off_duty[city]
        if one.bound(model.province.emergency):
            of_day = defaultdict[date, list[Stint]](list)
            for on, stint in dated(model, city):
                of_day[on].append(stint)
            for on, stints in of_day.items():
                others_come_early(model, one, on, stints, of_day.get(on + A_DAY, []))


def others_come_early(model: Model, one: OffDuty, on: date, today: list[Stint], tomorrow: list[Stint]) -> None:
    """Of a day's last blocks, and of the next day's first ones that are too near to them. Of these a limit that later
    ones have too is left out."""
    block_s, people, then = model.province.block_s, one.come(model.province.emergency, one.city), on + A_DAY
    come = {first: people[model.province.block_at[then, first]] for first in {stint.first for stint in tomorrow}}
    for late in sorted({stint.last for stint in today}):
        rested, least = (late + 1) * block_s + one.rest_s - DAY_S, np.inf
        for first in sorted((first for first in come if first * block_s < rested), reverse=True):
            there = max(people[model.province.block_at[on, late]], come[first])
            if there < least:
                least = there
                came = [*(stint for stint in today if stint.last >= late),
                        *(stint for stint in tomorrow if stint.first <= first)]
                row(model, ((stint.seats, stint.people) for stint in came), float(np.floor(there + A_HAIR)))


def within_remote_seats(model: Model) -> None:
    """People of a city who answer for others, on duty or called in, sit at seats that can: no more than there are."""
    for city, one in model.province.off_duty.items():
        for block in model.province.open_blocks if np.isfinite(one.remote) else ():
            away = [model.lent[model.slot((source, borrower), block)] for source, borrower in model.province.pairs
                    if city_of(source) == city != borrower]
            model.solver.add_linear_constraint(mathopt.fast_sum(away) <= one.remote)


def within_hours_of_overtime(model: Model) -> None:
    """Hours of overtime by month, and days of rest by week, all people of a city together; not in an emergency."""
    for city in {city_of(source) for source, _ in model.called}:
        one = model.province.off_duty[city]
        if one.bound(model.province.emergency):
            within(model, one, by_month(model, city), dict(one.hours))
            weeks = by_week(model, city)
            within(model, one, weeks, dict.fromkeys(weeks, one.days))


def within(model: Model, one: OffDuty, asked: dict[Any, list[Any]], most: dict[Any, float]) -> None:
    for key, parts in asked.items():
        model.solver.add_linear_constraint(mathopt.fast_sum(parts) <= most.get(key, 0.0))


def by_month(model: Model, city: str) -> dict[date, list[Any]]:
    """Hours of people called in, by the first day of the month."""
    hours, found = model.province.block_s / 3600, defaultdict[date, list[Any]](list)
    for on, stint in dated(model, city):
        found[on.replace(day=1)].append(hours * stint.blocks * stint.people * stint.seats)
    return found


def by_week(model: Model, city: str) -> dict[int, list[Any]]:
    """People called in, by the week of the horizon."""
    found = defaultdict[int, list[Any]](list)
    first = model.province.blocks[0].start.date()
    for on, stint in dated(model, city):
        found[(on - first).days // WEEK_DAYS].append(stint.people * stint.seats)
    return found


def dated(model: Model, city: str) -> Iterator[tuple[date, Stint]]:
    """Each day and its stints: of days that share their hours the first or the last may be open for a part of them."""
    dates = defaultdict[int, dict[date, list[int]]](lambda: defaultdict(list))
    for block in model.province.open_blocks:
        days, number = model.province.slot_of(block)
        dates[days][model.province.blocks[block].start.date()].append(number)
    for (source, _), called in model.called.items():
        for day in called if city_of(source) == city else ():
            yield from ((on, stint) for on, open_on in dates[day.days].items() for stint in day.stints
                        if stint.first <= max(open_on) and min(open_on) <= stint.last)
