"""Seats that are with a borrower, as terms see them: lent by people on duty or by all, or of others who are offered."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import numpy as np

from optimizer.lending.inputs import offers
from optimizer.lending.inputs.province import Province
from optimizer.lending.inputs.sources import offer_of, offered_of
from optimizer.lending.trials.broken.term import BrokenTerm
from sim.core.arrays import Floats
from sim.scenario.dates import Span
from sim.scenario.lending_terms import Offer
from sim.scenario.levers import Lend


class Stay(NamedTuple):
    """Seats of a source that are with a borrower, and when."""

    source: str
    city: str       # whom a broken term is about
    other: str      # the borrower; nobody beside the city where it is others who are offered to it
    span: Span
    seats: float

    @property
    def pair(self) -> tuple[str, str]:
        return self.source, self.other

    def breaks(self, term: str, at: datetime, found: float | None = None, limit: float | None = None,
               with_other: bool = False) -> BrokenTerm:
        return BrokenTerm(term, self.city, self.other if with_other else "", at, found, limit,
                          offer_of(self.source) is not None)


def stays_of(lends: Iterable[Lend]) -> list[Stay]:
    return [Stay(one.lender, one.lender, one.borrower, one.span, float(one.seats)) for one in lends]


def on_duty(lends: Iterable[Lend]) -> list[Stay]:
    """Their seats that people on duty man: what lenders may give of these is in the terms, who is called in is not."""
    return [Stay(one.lender, one.lender, one.borrower, one.span, float(one.seats) * (1 - float(one.off_duty)))
            for one in lends if float(one.off_duty) < 1]


def stays_of_offers(province: Province, levers: Iterable[Offer]) -> list[Stay]:
    """Of others who are offered, as they answer: after their training."""
    terms = province.agreement
    return [Stay(offered_of(offers.home_of(one), k), offers.cities_of(one)[0], "", offers.answering(one),
                 offers.number_of(one)) for one in levers for k in terms.offers_like(one)[:1]]


def by_source(stays: Iterable[Stay]) -> dict[str, list[Stay]]:
    found = defaultdict[str, list[Stay]](list)
    for one in stays:
        found[one.source].append(one)
    return found


def at_once(province: Province, there: Iterable[tuple[Span, float]]) -> Floats:
    """[blocks] seats at any time of each block of the horizon, at the most, that are there when these say."""
    each = np.asarray(province.scenario.horizon.times.total(there))
    return np.array([each[block.first:block.last].max() for block in province.blocks])


def of_stays(province: Province, stays: Iterable[Stay]) -> Floats:
    """[blocks] seats of some stays, likewise."""
    return at_once(province, ((one.span, one.seats) for one in stays))
