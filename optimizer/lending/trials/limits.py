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
from optimizer.lending.trials.evaluation import FloorResult, seen
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


def measure(k: Estimates, serves: str, luck: ReplicationCache, proof: int) -> None:
    """Put what simulation says in the place of what formulas say. Lenders that borrow too are left as they are: help
    would hide what lending does to them.

    :param proof: replications with which floors are to be proved.
    """
    p = k.province
    searches = {(name, *time): Search.of(k.most[name][those], p.caps[name][those])
                for name in p.lenders if name not in k.surfaces for time, those in times(p).items()}
    for _ in range(LIMIT_STEPS):
        going = {place: search for place, search in searches.items() if not search.ended}
        if not going:
            break
        lent = lent_by_all(k, {place: search.now for place, search in searches.items()})
        unsure = doubtful(p, lent, serves, luck, proof)
        for place, search in going.items():
            search.learn(place not in unsure)
    k.most |= limits(k, {place: search.low for place, search in searches.items()})


def replications(p: Province, proof: int, days: int = LIMIT_DAYS) -> int:
    """How many it takes to look at each floor on so many days, no more than prove it."""
    fewest = min(len({p.day(p.open_blocks[o]) for o in those}) for those in times(p).values())
    return min(-(-days // fewest), proof)


def times(p: Province) -> dict[Time, Ints]:
    """Open blocks, by their place, of each window and time of day."""
    days, hold = p.day(p.open_blocks[-1]) - p.day(p.open_blocks[0]) + 1, p.agreement.hold_days
    last, found = max(days // WINDOW, 1) - 1, defaultdict[Time, list[int]](list)
    for o, block in enumerate(p.open_blocks):
        held, number = p.slot_of(block)
        found[min(held * hold // WINDOW, last), number].append(o)
    return {time: np.array(those) for time, those in found.items()}


def limits(k: Estimates, more: dict[Place, int]) -> dict[str, Ints]:
    """By lender: [open blocks] so many seats more than formulas say, from none to the cap."""
    found = {name: k.most[name].copy() for name, *_ in more}
    for time, those in times(k.province).items():
        for name, seats in found.items():
            seats[those] = np.clip(seats[those] + more[name, *time], 0, k.province.caps[name][those])
    return found


def lent_by_all(k: Estimates, more: dict[Place, int]) -> Lent:
    """Every lender lends as many seats, to whoever has the most callers of those that it may lend to."""
    p, lent = k.province, dict[Slot, int]()
    for name, most in limits(k, more).items():
        borrower = max((to for giver, to in p.pairs if giver == name), key=lambda to: p.cities[to].callers.sum())
        for block, seats in zip(p.open_blocks, most, strict=True):
            slot = (name, borrower, *p.slot_of(block))
            lent[slot] = min(int(seats), lent.get(slot, int(seats)))
    return {slot: seats for slot, seats in lent.items() if seats}


def doubtful(p: Province, lent: Lent, serves: str, luck: ReplicationCache, proof: int) -> set[Place]:
    """Where floors give way if so many seats are lent."""
    number = replications(p, proof)
    found = by_window(p, orders.levers_of(p, lent, serves), luck, number,
                      lambda floor: floor.keeps(proof / number))
    return {(floor.lender, window, floor.number) for window, _, floors in found for floor in floors}


def doubts(p: Province, levers: tuple[Lend, ...], luck: ReplicationCache, number: int,
           good: Callable[[FloorResult], bool]) -> Doubts:
    """Floors that are not as good as this in so many replications."""
    return [(part.open_blocks, floors) for _, part, floors in by_window(p, levers, luck, number, good) if floors]


def by_window(p: Province, levers: tuple[Lend, ...], luck: ReplicationCache, number: int,
              good: Callable[[FloorResult], bool]) -> Iterator[tuple[int, Province, list[FloorResult]]]:
    """Each window, the province open in it only, and the floors that are not as good as this."""
    for window, part in windows(p).items():
        yield window, part, [floor for floor in seen(part, levers, luck, number).floors if not good(floor)]


def windows(p: Province) -> dict[int, Province]:
    """The province, open only in each window."""
    open_blocks = defaultdict[int, list[int]](list)
    for (window, _), those in times(p).items():
        open_blocks[window] += [p.open_blocks[o] for o in those]
    return {window: replace(p, open_blocks=sorted(blocks)) for window, blocks in open_blocks.items()}
