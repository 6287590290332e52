"""How many seats of people on duty each lender can give at each time of day with every floor held: simulation says, for
all lenders at once, at some levels from a few seats to all that terms allow.
"""
from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from optimizer.lending.inputs.estimates import Estimates
from optimizer.lending.inputs.province import Lent, Province
from optimizer.lending.settings import LEVELS, MOST_DROPS, SEARCH_DAYS, SEARCH_LEAST
from optimizer.lending.trials import orders
from optimizer.lending.trials.evaluation import seen
from optimizer.lending.trials.floors import FloorResult
from optimizer.lending.trials.orders import Serves
from optimizer.lending.trials.replay import ReplicationCache

Place = tuple[str, int | None]  # lender, block of the day or the whole day


@dataclass(frozen=True)
class Level:
    """All lend this part of what terms allow: by place, how far its floors are kept, each with its bound."""

    part: float
    room: dict[Place, dict[str, tuple[float, float]]]

    @classmethod
    def of(cls, part: float, floors: list[FloorResult], times: float) -> Level:
        room = defaultdict[Place, dict[str, tuple[float, float]]](dict)
        for floor in floors:
            room[floor.lender, floor.number][floor.name] = floor.at_least(times), floor.bound
        return cls(part, dict(room))


def measured(estimates: Estimates, serves: Serves, luck: ReplicationCache, replications: int,
             times: float) -> list[Level]:
    """What happens to the floors as all lenders lend more and more, from nothing on.

    :param times: as many times as many replications will prove a plan.
    """
    province = estimates.province
    found = [Level(0.0, {})]
    for part in LEVELS if province.lenders else ():
        levers = orders.levers_of(province, lent_by_all(province, part), serves)
        found.append(Level.of(part, seen(province, levers, luck, replications).floors, times))
        if all(broken(found[-1], place) for place in found[-1].room):
            break
    return found


def broken(level: Level, place: Place) -> bool:
    """Whether a floor gives way there even where it may drop as far as the most generous plan lets it."""
    return any(least < (MOST_DROPS * bound if bound < 0 else bound) for least, bound in level.room[place].values())


def limited(estimates: Estimates, levels: list[Level], drops: float) -> None:
    """Put what simulation says in the place of what formulas say. Lenders that borrow too are left as they are: help
    would hide what lending does to them.

    :param drops: how many times as far service may drop as the floors say that were measured.
    """
    province = estimates.province
    for name in province.lenders:
        if name not in estimates.surfaces and any(lender == name for one in levels for lender, _ in one.room):
            whole = part_of(levels, (name, None), drops)
            parts = {number: min(whole, part_of(levels, (name, number), drops)) for number in numbers_of(province)}
            estimates.most[name] = np.array([
                seats_of(int(most), parts[province.slot_of(block)[1]])
                for block, most in zip(province.open_blocks, province.caps[name], strict=True)])


def numbers_of(province: Province) -> set[int]:
    """Blocks of the day that are open."""
    return {province.slot_of(block)[1] for block in province.open_blocks}


def part_of(levels: list[Level], place: Place, drops: float) -> float:
    """The largest part of what terms allow with which every floor of a place is kept: between levels by straight
    lines."""
    floors = {name for level in levels for name in level.room.get(place, {})}
    return min((crossing(levels, place, name, drops) for name in floors), default=1.0)


def crossing(levels: list[Level], place: Place, name: str, drops: float) -> float:
    """Where a floor begins to give way."""
    before, room = 0.0, np.inf
    for level in levels:
        if name not in level.room.get(place, {}):
            continue
        least, bound = level.room[place][name]
        bound = bound * drops if bound < 0 else bound
        if least < bound:
            above = min(room, -bound) if bound < 0 else 0.0
            return before + (level.part - before) * above / max(above + bound - least, 1e-12) if above > 0 else before
        before, room = level.part, least - bound
    return 1.0


def seats_of(most: int, part: float) -> int:
    return int(np.floor(part * most + 1e-6))


def lent_by_all(province: Province, part: float) -> Lent:
    """Every lender lends this part of what terms allow, to whoever has the most callers of those whom it may help."""
    lent: dict[tuple[str, str, int, int], int] = {}
    for name in province.lenders:
        borrower = max((to for giver, to in province.pairs if giver == name),
                       key=lambda to: province.cities[to].callers.sum())
        for block, most in zip(province.open_blocks, province.caps[name], strict=True):
            slot = (name, borrower, *province.slot_of(block))
            seats = int(np.rint(part * most))
            lent[slot] = min(seats, lent.get(slot, seats))
    return {slot: seats for slot, seats in lent.items() if seats}


def replications(province: Province, days: int = SEARCH_DAYS, least: int = SEARCH_LEAST) -> int:
    """How many it takes to look at each floor on so many days."""
    return max(-(-days // days_of(province)), least)


def days_of(province: Province) -> int:
    """Days with an open block."""
    return len({province.day(block) for block in province.open_blocks})
