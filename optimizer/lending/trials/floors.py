"""What a lender's own citizens are owed, and whether a plan keeps it: on the mean of all days and on the worst of them,
or on enough of the days."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from optimizer.lending.inputs.province import Province
from optimizer.lending.settings import LOOKS, SURE
from optimizer.lending.trials.floors_of_days import OfDays, held_on_days
from optimizer.lending.trials.floors_of_means import OfMean, mean_change, worst_days
from optimizer.lending.trials.replay import ANSWERED, WITHIN, Counts
from optimizer.lending.trials.shares import rate, rate_of_blocks, rate_of_days
from sim.core.arrays import Floats, Ints
from sim.measures.statistics import each_of
from sim.scenario.lending_terms import Floor
from sim.scenario.lever import Lever
from sim.scenario.levers import Lend

FloorResult = OfMean | OfDays


def floors(province: Province, plans: Sequence[tuple[Lever, ...]], alone: Counts, helped: Counts) -> list[FloorResult]:
    """Every floor of every lender at every time of day at which it lends.

    Who says that all hold is wrong if one does not, and is proved wrong by that one alone: so each is looked at by
    itself, with a chance of 5 % over all looks together (intersection-union test; Berger 1982), and no floor pays for
    there being others.
    """
    places = {lender: lending_blocks(province, plans, lender) for lender in lending_cities(province, plans)}
    sure = each_of(LOOKS, 2 * SURE - 1)  # of two ends, of which only the lower one can break a floor
    return [one for lender, blocks in places.items() if blocks
            for one in of_lender(province, lender, blocks, alone, helped, sure)]


def lending_cities(province: Province, plans: Sequence[tuple[Lever, ...]]) -> list[str]:
    """Cities whose people may help others, on duty or called in."""
    named = {lever.lender for levers in plans for lever in levers if isinstance(lever, Lend)}
    return [name for name in province.cities if name in named or name in province.lenders]


def lending_blocks(province: Province, plans: Sequence[tuple[Lever, ...]],
                   lender: str) -> dict[int, tuple[Ints, Floats]]:
    """By block of the day: the blocks in which a lender's seats are away by any of the plans, and [1 or replications,
    blocks] by which."""
    lends, places = away(province, plans, lender), defaultdict[int, list[int]](list)
    for o in np.flatnonzero(lends.any(axis=0)):
        places[province.slot_of(province.open_blocks[o])[1]].append(int(o))
    return {number: (np.array(province.open_blocks)[those], lends[:, those]) for number, those in places.items()}


def away(province: Province, plans: Sequence[tuple[Lever, ...]], lender: str) -> Floats:
    """[1 or replications, open blocks] whether a lender's seats are away; where nobody is lent by name those of every
    city that does not borrow are."""
    if not any(isinstance(lever, Lend) for levers in plans for lever in levers):
        return np.full((1, len(province.open_blocks)), lender not in province.borrowers)
    spans = [[lever.span for lever in levers if isinstance(lever, Lend) and lever.lender == lender]
             for levers in plans]
    return np.array([[any(span.covers(province.blocks[block].start) for span in those)
                      for block in province.open_blocks]
                     for those in spans])


def of_lender(province: Province, lender: str, places: dict[int, tuple[Ints, Floats]], alone: Counts, helped: Counts,
              sure: float) -> Iterator[FloorResult]:
    """A lender's floors at each time of day, and of the whole day where they are means."""
    floor = province.agreement.floor_of(lender)
    for number, (blocks, lends) in places.items():
        for name, what in (("answered", ANSWERED), ("within", WITHIN)):
            yield from at_a_time(floor, lender, number, name, what, blocks, lends, alone, helped, sure)
    if floor.by == "mean":
        bounds, there = days_of(province, places)
        drops = rate_of_days(alone, lender, ANSWERED, bounds) - rate_of_days(helped, lender, ANSWERED, bounds)
        yield OfMean(lender, None, "day_drop", -float(floor.day_drop),
                     worst_days(drops, there, 1 - float(floor.confidence), sure), sure)


def at_a_time(floor: Floor, lender: str, number: int, name: str, what: int, blocks: Ints, lends: Floats, alone: Counts,
              helped: Counts, sure: float) -> Iterator[FloorResult]:
    """The least share at a time of day, where one is asked for, and how far it may drop."""
    least, drop = float(getattr(floor, name)), float(getattr(floor, f"{name}_drop"))
    if floor.by == "mean":
        there = np.broadcast_to(lends, (alone.replications, len(blocks)))
        some = there.any(axis=1)
        after, before = (rate(counts, lender, what, blocks, there)[some] for counts in (helped, alone))
        if least > 0:
            yield OfMean(lender, number, name, least, mean_change(after, 0.0, sure), sure)
        yield OfMean(lender, number, f"{name}_drop", -drop, mean_change(after - before, -1.0, sure), sure)
        return
    after, before = (rate(counts, lender, what, blocks) for counts in (helped, alone))
    of_days, usual = (rate_of_blocks(counts, lender, what, blocks) for counts in (helped, alone))
    tests = [(name, least, after, of_days)] if least > 0 else []
    for test in (*tests, (f"{name}_drop", -drop, after - before, of_days - usual)):
        yield held_on_days(lender, number, *test, lends, float(floor.confidence), sure)


def days_of(province: Province, places: dict[int, tuple[Ints, Floats]]) -> tuple[list[tuple[int, int]], Floats]:
    """First block and the one after the last of each day on which a lender's seats are away by any plan, and
    [1 or replications, days] by which."""
    away_on: dict[int, list[Floats]] = {}
    for blocks, lends in places.values():
        for block, by_plan in zip(blocks, lends.T, strict=True):
            away_on.setdefault(province.day(int(block)), []).append(by_plan)
    each = np.array([province.day(block) for block in range(len(province.blocks))])
    bounds = [(int(np.searchsorted(each, day)), int(np.searchsorted(each, day, "right"))) for day in sorted(away_on)]
    return bounds, np.array([np.any(away_on[day], axis=0) for day in sorted(away_on)]).T
