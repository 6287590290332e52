"""Offers of further help that no plan can take up: to cities that borrow nothing, at times at which nobody helps."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from sim.reading.conflicts import Conflict, clock, conflict, moment
from sim.scenario.lending_terms import Agreement, Offer
from sim.scenario.messages import say, some
from sim.scenario.people_levers import Volunteers
from sim.scenario.scenario import Scenario

DAY = timedelta(days=1)


def idle_offers(scenario: Scenario, terms: Agreement) -> Iterator[Conflict]:
    """Offers to cities that borrow nothing, and at times at which nobody helps."""
    borrowers = terms.borrowers or scenario.surged()
    for i, offer in enumerate(terms.offers):
        helped = [city for _, city in offer.cities_named()]
        if all(city in scenario.cities for city in helped) and not set(helped) & set(borrowers):
            yield conflict(("lending", "offers", i), say("{city} {why}", city=some(helped, 3),
                                                         why=say("borrows nothing: leave it out")))
        if acts(scenario, offer) and not in_time(terms, offer):
            yield never_in_time(terms, i, offer)


def acts(scenario: Scenario, offer: Offer) -> bool:
    """Whether it is there at any time at all; what is not is told of every lever."""
    return scenario.horizon.times.acts(offer.span)


def in_time(terms: Agreement, offer: Offer) -> bool:
    """Whether anybody answers throughout a block of the hours of help."""
    return any(has_block(terms, max(begin, terms.ready), min(end, terms.end))
               for begin, end in terms.since_agreed(offer).seat_pool().span.stretches())


def has_block(terms: Agreement, begin: datetime, end: datetime) -> bool:
    """Whether a whole block of the hours of help lies between two moments."""
    block, midnight = timedelta(seconds=terms.block_s), datetime.combine(begin.date(), time.min)
    while midnight < end:
        opens, closes = (midnight + timedelta(minutes=minute) for minute in terms.hours)
        first = midnight - (midnight - max(opens, begin)) // block * block
        if first + block <= min(closes, end):
            return True
        midnight += DAY
    return False


def never_in_time(terms: Agreement, i: int, offer: Offer) -> Conflict:
    opens, closes = terms.hours
    return conflict(("lending", "offers", i), say(
        "answers in no whole block of {minutes:g} min of the time of help, {begin} to {end}, {opens} to {closes}{why}: "
        "offer it then, or leave it out", minutes=terms.block_s / 60, begin=moment(terms.ready), end=moment(terms.end),
        opens=clock(opens), closes=clock(closes),
        why=say(", after a training of {hours:g} h", hours=float(offer.training) / 3600)
        if isinstance(offer, Volunteers) else say("")))
