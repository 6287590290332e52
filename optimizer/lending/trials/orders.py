"""From seats by block to levers: the plan as a list that a planner could have typed.

Seats of people on duty are lent by stints, the longest below. Seats of people who are called in are lent too, or are
open in their own hall where they answer for their own city; nobody of them stays for longer than the longest stint, or
comes for less than the shortest where seats can be shared out so.
"""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy.optimize import linprog

from optimizer.lending.inputs import offers
from optimizer.lending.inputs.province import Province, Slot
from optimizer.lending.inputs.sources import city_of, is_called_in, is_on_duty, offer_of
from sim.scenario.dates import Span
from sim.scenario.lever import Lever
from sim.scenario.levers import Lend
from sim.scenario.people_levers import CallIn
from sim.scenario.quantities import plain
from sim.scenario.scenario import Scenario

Stint = tuple[int, int, int]  # first block of the day, the one after the last, seats
A_DAY_OF_BLOCKS = 1440
"""No stint has more: a block lasts a minute at the least."""
ANY_LENGTH = (1, A_DAY_OF_BLOCKS)


class Way(NamedTuple):
    """Whom a lent seat answers, and how many of its like stay idle for their own city."""

    serves: str = "borrower"
    keep_idle: int = 0


FOR_BORROWER, HOME_FIRST = Way(), Way("home_first")


@dataclass(frozen=True)
class Serves:
    """Whom lent seats answer, by who sits at them; some lenders' people on duty in a way of their own."""

    on_duty: Way = FOR_BORROWER
    called_in: Way = FOR_BORROWER
    of_lenders: Mapping[str, Way] = field(default_factory=dict)

    def of(self, source: str) -> Way:
        if is_on_duty(source):
            return self.of_lenders.get(source, self.on_duty)
        return self.called_in if is_called_in(source) else FOR_BORROWER


FOR_BORROWERS = Serves()


def levers_of(province: Province, lent: Mapping[Slot, int], serves: Serves = FOR_BORROWERS) -> tuple[Lever, ...]:
    """A lever for each stint: so many seats, at these hours of the day, from the first day of it to the last."""
    days: dict[tuple[str, str], dict[int, dict[int, int]]] = defaultdict(lambda: defaultdict(dict))
    for (source, borrower, held, number), seats in lent.items():
        if seats > serves.of(source).keep_idle:
            days[source, borrower][held][number] = seats
    return tuple(lever(province, pair, stint, first, last, serves.of(pair[0]))
                 for pair, by_day in days.items() for stint, first, last in runs(by_day, lengths(province, pair[0])))


def lengths(province: Province, source: str) -> tuple[int, int]:
    """Blocks of a stint, at the least and at the most."""
    if not province.come(source):
        return ANY_LENGTH
    one = province.off_duty[city_of(source)]
    return one.shortest, max(one.longest, one.shortest)


def runs(by_day: Mapping[int, Mapping[int, int]],
         blocks: tuple[int, int] = ANY_LENGTH) -> list[tuple[Stint, int, int]]:
    """(stint, first, last): stints that are the same on days that follow each other, taken together."""
    found: list[tuple[Stint, int, int]] = []
    going: dict[Stint, int] = {}
    for held in range(min(by_day), max(by_day) + 2):
        today = set(of_people(tuple(sorted(by_day.get(held, {}).items())), *blocks))
        for stint in [stint for stint in going if stint not in today]:
            found.append((stint, going.pop(stint), held - 1))
        for stint in today:
            going.setdefault(stint, held)
    return sorted(found, key=lambda one: (one[1], one[0]))


def stints(seats: Mapping[int, int]) -> list[Stint]:
    """A day's seats by block as stints that add up to them, the longest ones below."""
    found: list[Stint] = []
    going: list[tuple[int, int]] = []  # (first block, seats): the level that they reach rises
    for block in range(min(seats, default=0), max(seats, default=-1) + 2):
        level, now = seats.get(block, 0), sum(n for _, n in going)
        while now > level:
            first, n = going.pop()
            back = min(n, now - level)
            found.append((first, block, back))
            if n > back:
                going.append((first, n - back))
            now -= back
        if level > now:
            going.append((block, level - now))
    return found


@lru_cache(maxsize=10_000)
def of_people(seats: tuple[tuple[int, int], ...], shortest: int, longest: int) -> tuple[Stint, ...]:
    """A day's seats, by block, as stints of so many blocks: of as few people as can be, who come as late as can be.
    Where there are no such stints those that are too long are cut into relays."""
    by_block = dict(seats)
    found = stints(by_block)
    if all(shortest <= last - first <= longest for first, last, _ in found):
        return tuple(found)
    return tuple(shared_out(by_block, shortest, longest) or relays(found, longest))


def shared_out(seats: Mapping[int, int], shortest: int, longest: int) -> list[Stint]:
    """Stints within both lengths that add up to the seats; none where they can't. A block's stints stand next to each
    other in a line of them, so the best corner of the linear problem is whole."""
    blocks = range(min(seats), max(seats) + 1)
    spans = [(first, last) for first in blocks
             for last in range(first + shortest, min(first + longest, blocks.stop) + 1)]
    if not spans:
        return []
    covers = np.array([[first <= block < last for first, last in spans] for block in blocks], float)
    price = [len(blocks)**2 + blocks.stop - first for first, _ in spans]
    found = linprog(price, A_eq=covers, b_eq=[seats.get(block, 0) for block in blocks], method="highs-ds")
    numbers = np.zeros(len(spans)) if found.x is None else found.x
    return [(*span, round(number)) for span, number in zip(spans, numbers, strict=True) if round(number)]


def relays(found: list[Stint], most: int) -> list[Stint]:
    """Stints of no more than so many blocks: longer ones are cut into parts as even as can be; alike ones are one."""
    seats: dict[tuple[int, int], int] = defaultdict(int)
    for first, last, number in found:
        parts = -(-(last - first) // most)
        for k in range(parts):
            seats[first + k * (last - first) // parts, first + (k + 1) * (last - first) // parts] += number
    return [(first, last, number) for (first, last), number in sorted(seats.items())]


def lever(province: Province, pair: tuple[str, str], stint: Stint, first: int, last: int, way: Way) -> Lever:
    terms, (start, end, seats), (source, borrower) = province.agreement, stint, pair
    begin = province.blocks[province.open_blocks[0]].start.date()
    minutes = terms.block_s // 60
    from_day, to_day = (begin + timedelta(days=held * terms.hold_days) for held in (first, last + 1))
    last_day = min(to_day - timedelta(days=1), (terms.end - timedelta(seconds=1)).date())
    opens = datetime.combine(from_day, time()) + timedelta(minutes=start * minutes)
    closes = datetime.combine(last_day, time()) + timedelta(minutes=end * minutes)
    opens = max(opens, province.blocks[province.open_blocks[0]].start)
    closes = min(closes, province.blocks[province.open_blocks[-1]].end)
    hours = (start * minutes, end * minutes)
    if offer_of(source) is not None:
        return offers.ordered(province.offer(source), borrower, seats, Span(start=opens, end=closes, hours=hours))
    if city_of(source) == borrower:
        notice = timedelta(seconds=province.off_duty[borrower].notice_s)
        return CallIn.model_validate({"kind": "call_in", "city": borrower, "people": plain(float(seats)),
                                      "from": max(opens - notice, province.scenario.horizon.start), "to": closes,
                                      "hours": hours})
    return Lend.model_validate({
        "kind": "lend", "lender": city_of(source), "borrower": borrower, "seats": plain(float(seats)),
        "from": opens, "to": closes, "hours": hours, "serves": way.serves, "keep_idle": way.keep_idle,
        "classes": terms.classes, "first": terms.first and way.serves != "home_first",
        "presence": terms.presence, "speed": terms.speed,
        **({"off_duty": plain(1.0, "share")} if is_called_in(source) else {})})


def with_plan(province: Province, levers: tuple[Lever, ...]) -> Scenario:
    """The scenario without other lending, and with these levers."""
    return province.scenario.model_copy(update={"levers": (*province.scenario.levers, *levers)})
