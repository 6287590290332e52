"""What hours of levers have to be worth, how many people they have at work who are off duty, and what they lend."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from math import ceil

from optimizer.lending.inputs.province import Lent, Province, Slot
from optimizer.lending.inputs.sources import called_in_of
from sim.scenario.lever import Lever
from sim.scenario.levers import Lend


def cost_of(province: Province, levers: Iterable[Lever]) -> float:
    """What hours of levers have to be worth, in people answered: of seats lent by people on duty, and of people who are
    called in."""
    terms = province.agreement
    on_duty = sum(float(lever.seats) * (1 - float(lever.off_duty)) * lever.span.total_hours
                  for lever in levers if isinstance(lever, Lend))
    called = sum(called_by(province, lever, city) * lever.span.total_hours
                 for lever in levers for city in province.off_duty)
    return float(terms.seat_hour_cost) * on_duty + float(terms.call_in_cost) * called


def called_by(province: Province, lever: Lever, city: str) -> float:
    """People of a city whom a lever has at work at any time who are off duty."""
    return province.off_duty[city].called_by(lever)


def lent_by(province: Province, levers: Iterable[Lever]) -> Lent:
    """Seats by slot that levers lend, on the day of a slot on which they lend most; whole seats."""
    found, lends = dict[Slot, int](), [lever for lever in levers if isinstance(lever, Lend)]
    for block in province.open_blocks:
        seats, period = defaultdict[tuple[str, str], float](float), province.blocks[block]
        for lever in lends:
            if any(begin < period.end and period.start < end for begin, end in lever.span.stretches()):
                seats[lever.pair] += float(lever.seats) * (1 - float(lever.off_duty))
                seats[called_in_of(lever.lender), lever.borrower] += float(lever.seats) * float(lever.off_duty)
        for pair, number in seats.items():
            slot = (*pair, *province.slot_of(block))
            found[slot] = max(found.get(slot, 0), ceil(number - 1e-9))
    return {slot: number for slot, number in found.items() if number}
