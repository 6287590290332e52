"""What hours of levers have to be worth, how many people they have at work who are off duty, and what they lend."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from math import ceil

from optimizer.lending.inputs import offers
from optimizer.lending.inputs.province import Lent, Province, Slot
from optimizer.lending.inputs.sources import called_in_of, offered_of
from sim.scenario.dates import Span
from sim.scenario.lending_terms import OFFERS
from sim.scenario.lever import Lever
from sim.scenario.levers import Desk, Lend
from sim.scenario.people_levers import Volunteers


def cost_of(province: Province, levers: Iterable[Lever]) -> float:
    """What hours of levers have to be worth, in people answered: of seats lent by people on duty, and of people who are
    called in, volunteer or answer from home."""
    terms, levers = province.agreement, list(levers)
    on_duty = sum(float(lever.seats) * (1 - float(lever.off_duty)) * lever.span.total_hours
                  for lever in levers if isinstance(lever, Lend))
    called = sum(one.called_by(lever) * lever.span.total_hours
                 for lever in levers for one in province.off_duty.values())
    of_desks = sum(float(lever.seats) * lever.span.total_hours for lever in levers if isinstance(lever, Desk))
    brought = sum(offers.number_of(lever) * offers.answering(lever).total_hours for lever in levers
                  if isinstance(lever, Volunteers))
    return float(terms.seat_hour_cost) * (on_duty + of_desks) + float(terms.call_in_cost) * (called + brought)


def seats_of(province: Province, lever: Lever) -> Iterator[tuple[tuple[str, str], Span, float]]:
    """(source and borrower, when, how many) of a lever's seats."""
    if isinstance(lever, Lend):
        called = float(lever.seats) * float(lever.off_duty)
        yield lever.pair, lever.span, float(lever.seats) - called
        yield (called_in_of(lever.lender), lever.borrower), lever.span, called
    elif isinstance(lever, OFFERS):
        number = offers.offered_as(province.agreement, lever)
        source = offered_of(offers.home_of(lever), -1 if number is None else number)
        yield (source, offers.cities_of(lever)[0]), offers.answering(lever), offers.number_of(lever)


def lent_by(province: Province, levers: Iterable[Lever]) -> Lent:
    """Seats by slot that levers lend, or take of what is offered, on the day of a slot on which they are most; whole
    seats."""
    found = dict[Slot, int]()
    parts = [(pair, span, number) for lever in levers for pair, span, number in seats_of(province, lever)]
    for block in province.open_blocks:
        seats, period = defaultdict[tuple[str, str], float](float), province.blocks[block]
        for pair, span, number in parts:
            if any(begin < period.end and period.start < end for begin, end in span.stretches()):
                seats[pair] += number
        for pair, number in seats.items():
            slot = (*pair, *province.slot_of(block))
            found[slot] = max(found.get(slot, 0), ceil(number - 1e-9))
    return {slot: number for slot, number in found.items() if number}
