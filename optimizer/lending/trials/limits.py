"""How many seats each lender can give at each time of day with every floor held. Formulas say where to look and
simulation decides, for all lenders at once: where the floors hold, more seats are tried, and fewer where one does not.
"""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from optimizer.lending.inputs.estimates import Estimates
from optimizer.lending.inputs.province import Lent, Province, Slot
from optimizer.lending.settings import LIMIT_DAYS, LIMIT_STEPS, WINDOW
from optimizer.lending.trials import orders
from optimizer.lending.trials.corrections import Doubts
from optimizer.lending.trials.evaluation import seen
from optimizer.lending.trials.floors import FloorResult
from optimizer.lending.trials.replay import ReplicationCache
from sim.core.arrays import Ints
from sim.scenario.levers import Lend

Time = tuple[int, int]        # window, block of the day
Place = tuple[str, int, int]  # lender, and these


@dataclass
class Search:
    """For the largest number of seats with which every floor holds, counted from what formulas say."""

    low: int          # holds: to begin with, nothing is lent
    high: int         # does not: to begin with, more than caps allow
    now: int
    stride: int = 1   # 0 once a floor gave way: then the middle is tried

    @classmethod
    def of(cls, most: Ints, caps: Ints) -> Search:
        low = -int(most.max())
        high = int((caps - most).max()) + 1
        return cls(low, high, min(max(0, low + 1), high - 1))

    @property
    def ended(self) -> bool:
        return self.high - self.low <= 1

    def learn(self, held: bool) -> None:
        self.low, self.high = (self.now, self.high) if held else (self.low, self.now)
        self.stride *= 2 * held
        self.now = (self.low + self.high) // 2 if not self.stride else min(self.low + self.stride // 2, self.high - 1)


def measure(estimates: Estimates, serves: str, luck: ReplicationCache, proof: int) -> None:
    """Put what simulation says in the place of what formulas say. Lenders that borrow too are left as they are: help
    would hide what lending does to them.

    :param proof: replications with which floors are to be proved.
    """
    province = estimates.province
    searches = {(name, *time): Search.of(estimates.most[name][those], province.caps[name][those])
                for name in province.lenders if name not in estimates.surfaces for time,
                those in times(province).items()}
    for _ in range(LIMIT_STEPS):
        going = {place: search for place, search in searches.items() if not search.ended}
        if not going:
            break
        lent = lent_by_all(estimates, {place: search.now for place, search in searches.items()})
        unsure = doubtful(province, lent, serves, luck, proof)
        for place, search in going.items():
            search.learn(place not in unsure)
    estimates.most |= limits(estimates, {place: search.low for place, search in searches.items()})


def replications(province: Province, proof: int, days: int = LIMIT_DAYS) -> int:
    """How many it takes to look at each floor on so many days, no more than prove it."""
    fewest = min(len({province.day(province.open_blocks[o]) for o in those}) for those in times(province).values())
    return min(-(-days // fewest), proof)


def times(province: Province) -> dict[Time, Ints]:
    """Open blocks, by their place, of each window and time of day."""
    first, last_day = province.day(province.open_blocks[0]), province.day(province.open_blocks[-1])
    days, hold = last_day - first + 1, province.agreement.hold_days
    last, found = max(days // WINDOW, 1) - 1, defaultdict[Time, list[int]](list)
    for o, block in enumerate(province.open_blocks):
        held, number = province.slot_of(block)
        found[min(held * hold // WINDOW, last), number].append(o)
    return {time: np.array(those) for time, those in found.items()}


def limits(estimates: Estimates, more: dict[Place, int]) -> dict[str, Ints]:
    """By lender: [open blocks] so many seats more than formulas say, from none to the cap."""
    found = {name: estimates.most[name].copy() for name, *_ in more}
    for time, those in times(estimates.province).items():
        for name, seats in found.items():
            seats[those] = np.clip(seats[those] + more[name, *time], 0, estimates.province.caps[name][those])
    return found


def lent_by_all(estimates: Estimates, more: dict[Place, int]) -> Lent:
    """Every lender lends as many seats, to whoever has the most callers of those that it may lend to."""
    province, lent = estimates.province, dict[Slot, int]()
    for name, most in limits(estimates, more).items():
        borrower = max((to for giver, to in province.pairs if giver == name),
                       key=lambda to: province.cities[to].callers.sum())
        for block, seats in zip(province.open_blocks, most, strict=True):
            slot = (name, borrower, *province.slot_of(block))
            lent[slot] = min(int(seats), lent.get(slot, int(seats)))
    return {slot: seats for slot, seats in lent.items() if seats}


def doubtful(province: Province, lent: Lent, serves: str, luck: ReplicationCache, proof: int) -> set[Place]:
    """Where floors give way if so many seats are lent."""
    number = replications(province, proof)
    found = by_window(province, orders.levers_of(province, lent, serves), luck, number,
                      lambda floor: floor.keeps(proof / number))
    return {(floor.lender, window, number) for window, part, floors in found for floor in floors
            for number in numbers(part, floor)}


def numbers(province: Province, floor: FloorResult) -> set[int]:
    """The times of day that a floor is about."""
    return {province.slot_of(block)[1] for block in province.open_blocks} if floor.number is None else {floor.number}


def doubts(province: Province, levers: tuple[Lend, ...], luck: ReplicationCache, number: int,
           good: Callable[[FloorResult], bool]) -> Doubts:
    """Floors that are not as good as this in so many replications."""
    return [(part.open_blocks, floors) for _, part, floors in by_window(province, levers, luck, number, good) if floors]


def by_window(province: Province, levers: tuple[Lend, ...], luck: ReplicationCache, number: int,
              good: Callable[[FloorResult], bool]) -> Iterator[tuple[int, Province, list[FloorResult]]]:
    """Each window, the province open in it only, and the floors that are not as good as this."""
    for window, part in windows(province).items():
        yield window, part, [floor for floor in seen(part, levers, luck, number).floors if not good(floor)]


def windows(province: Province) -> dict[int, Province]:
    """The province, open only in each window."""
    open_blocks = defaultdict[int, list[int]](list)
    for (window, _), those in times(province).items():
        open_blocks[window] += [province.open_blocks[o] for o in those]
    return {window: replace(province, open_blocks=sorted(blocks)) for window, blocks in open_blocks.items()}
