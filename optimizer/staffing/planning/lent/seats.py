"""Who sits at each seat that is lent: names, in blocks, from those at work.

Time goes by slots, counted from the first midnight of the roster. Whoever sits down at a seat stays until the own time
at work or the lending of the day ends, and serves no other borrower in it; meanwhile a colleague at home takes the seat
for the meal.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from optimizer.staffing.rosters.problem import Ints

LONG = 8  # slots: whoever stays so long need not stay longer than another


@dataclass(frozen=True)
class Stay:
    """Somebody at work for a while."""

    person: str
    start: int      # slots
    end: int
    called: bool    # called in for what is lent


@dataclass(frozen=True)
class Block:
    """Somebody at a seat that is lent."""

    stay: Stay
    borrower: str
    seat: int       # 1 the first of the borrower's
    start: int      # slots
    end: int


@dataclass(frozen=True)
class Stretch:
    """Slots one after another in which people are missing."""

    start: int
    end: int
    most: int       # people missing at once
    slots: int      # of people missing, over the stretch


@dataclass
class Seating:
    """Who sits where, from slot to slot."""

    wanted: Mapping[str, Ints]                                              # by borrower: [slots] people at seats
    stays: Sequence[Stay]
    blocks: list[Block] = field(default_factory=list)
    at: dict[tuple[str, int], Block] = field(default_factory=dict)          # by borrower and seat
    bound: dict[Stay, str] = field(default_factory=dict)                    # to which borrower
    served: Counter[tuple[str, str]] = field(default_factory=Counter)       # person and borrower: how often

    def go_through(self) -> list[Block]:
        """All slots in order: whoever is done leaves, then the seats without anybody are taken."""
        coming = sorted(self.stays, key=lambda one: one.start)
        here: list[Stay] = []
        for slot in range(len(next(iter(self.wanted.values())))):
            here = [one for one in here if one.end > slot]
            while coming and coming[0].start <= slot:
                here.append(coming.pop(0))
            self.at = {seat: block for seat, block in self.at.items() if block.end > slot}
            for borrower, wanted in self.wanted.items():
                for seat in range(1, int(wanted[slot]) + 1):
                    if (borrower, seat) not in self.at:
                        self.seat_somebody(here, borrower, seat, slot)
        return self.blocks

    def seat_somebody(self, here: Sequence[Stay], borrower: str, seat: int, slot: int) -> None:
        """At a seat that nobody sits at; nobody where all have a seat or serve others."""
        sitting = {block.stay for block in self.at.values()}
        free = [one for one in here if one.end > slot and one not in sitting
                and self.bound.get(one, borrower) == borrower]
        if not free:
            return
        closes = slot + open_for(self.wanted[borrower][slot:], seat)
        best = max(free, key=lambda one: self.worth(one, borrower, slot, closes))
        block = Block(best, borrower, seat, slot, min(best.end, closes))
        self.at[borrower, seat] = block
        self.blocks.append(block)
        self.bound[best] = borrower
        self.served[best.person, borrower] += 1

    def worth(self, one: Stay, borrower: str, slot: int, closes: int) -> tuple[bool, bool, int, int]:
        """Those first who were called for it; then who stays long, who knows the borrower's matters, and who stays
        longer."""
        stays = min(one.end, closes) - slot
        return one.called, stays >= min(closes - slot, LONG), self.served[one.person, borrower], stays


def open_for(wanted: Ints, seat: int) -> int:
    """Slots from the first on in which a seat is lent."""
    closed = np.flatnonzero(wanted < seat)
    return int(closed[0]) if len(closed) else len(wanted)


def manned(blocks: Sequence[Block], borrower: str, slots: int) -> Ints:
    """[slots] people at the seats of a borrower."""
    found = np.zeros(slots + 1, np.int64)
    for block in blocks:
        if block.borrower == borrower:
            found[block.start] += 1
            found[block.end] -= 1
    return np.cumsum(found)[:-1]


def stretches(missing: Ints) -> Iterator[Stretch]:
    """Of slots in which anybody is missing, [slots]."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], missing > 0, [0]]).astype(np.int64)))
    for start, end in edges.reshape(-1, 2).tolist():
        yield Stretch(start, end, int(missing[start:end].max()), int(missing[start:end].sum()))
