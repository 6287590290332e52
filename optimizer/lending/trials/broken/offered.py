"""Terms about others: no more of a desk, of volunteers or of people at home than is offered."""
from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from optimizer.lending.inputs import offers
from optimizer.lending.inputs.province import Province
from optimizer.lending.trials.broken.term import NOTHING, BrokenTerm, Found
from sim.scenario.lending_terms import OFFERS, Offer
from sim.scenario.lever import Lever


def beyond_offers(province: Province, levers: Iterable[Lever]) -> Found:
    """More of a desk, of volunteers or of people at home than is offered, or at times at which it is not."""
    terms, left = province.agreement, [one for one in levers if isinstance(one, OFFERS)]
    while left:
        there = offers.of_the_same_seats(terms, left[0])
        those = [one for one in left if offers.of_the_same_seats(terms, one) == there]
        left = [one for one in left if one not in those]
        if there:
            yield from beyond_offer(province, there, those)
        else:
            yield from (BrokenTerm("offers", offers.cities_of(one)[0], at=one.start) for one in those)


def beyond_offer(province: Province, there: Iterable[Offer], those: Sequence[Offer]) -> Found:
    """The interval in which offers of the same seats are most exceeded."""
    t = province.scenario.horizon.times
    taken, there = (np.asarray(t.total((offers.answering(one), offers.number_of(one)) for one in some))
                    for some in (those, there))
    worst = int(np.argmax(taken - there))
    if taken[worst] > there[worst] + NOTHING:
        yield BrokenTerm("offers", offers.cities_of(those[0])[0], at=t.begin(worst), found=float(taken[worst]),
                         limit=float(there[worst]))
