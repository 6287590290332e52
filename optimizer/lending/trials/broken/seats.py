"""Terms about seats: between whom, how many, and as what."""
from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from optimizer.lending.inputs.province import Province
from optimizer.lending.trials.broken.stays import Stay, at_once, by_source, of_stays
from optimizer.lending.trials.broken.term import NOTHING, BrokenTerm, Found
from sim.core.arrays import Floats
from sim.scenario.lever import Lever
from sim.scenario.levers import Desk, Lend

OF_LEVERS = ("classes", "first", "presence", "speed")
"""What the terms say of every seat that is lent."""


# --- between whom ----------------------------------------------------------------------------------------------------

def not_allowed(province: Province, lends: Sequence[Lend]) -> Found:
    """Seats between cities that are not to help each other."""
    for lender, borrower in dict.fromkeys(one.pair for one in lends):
        if borrower not in province.borrowers:
            yield BrokenTerm("borrowers", borrower)
        elif (lender, borrower) not in province.pairs:
            yield BrokenTerm("lenders", lender)


# --- how many --------------------------------------------------------------------------------------------------------

def most_beyond(province: Province, term: str, city: str, lent: Floats, limit: Floats) -> Found:
    """The block in which seats are most beyond a limit."""
    block = int(np.argmax(lent - limit))
    if lent[block] > limit[block] + NOTHING:
        yield BrokenTerm(term, city, at=province.blocks[block].start, found=float(lent[block]),
                         limit=float(limit[block]))


def beyond_caps(province: Province, stays: Iterable[Stay]) -> Found:
    """More seats than a lender may give of those that it has on duty, or than it has people for."""
    terms = province.agreement
    for lender, those in by_source(stays).items():
        city, lent = province.cities[lender], of_stays(province, those)
        limits = {"share": float(terms.share) * city.duty, "keep": city.duty - float(terms.keep), "people": city.people}
        for term, limit in limits.items():
            whole = np.maximum(np.floor(limit + NOTHING), 0)
            yield from most_beyond(province, term, lender, lent, np.where(lent > 0, whole, np.inf))


def beyond_numbers(province: Province, levers: Iterable[Lever]) -> Found:
    """More guests than a borrower has places for, and more seats than all may lend, desks' among them."""
    terms, every = province.agreement, np.ones(len(province.blocks))
    guests = [one for one in levers if isinstance(one, Lend | Desk)]
    for borrower, licence in terms.licences.items():
        mine = guests_at_once(province, [one for one in guests if borrower in helped_by(one)])
        yield from most_beyond(province, "licences", borrower, mine, float(licence) * every)
    if terms.seats is not None:
        yield from most_beyond(province, "seats", "", guests_at_once(province, guests), float(terms.seats) * every)


def guests_at_once(province: Province, guests: Iterable[Lend | Desk]) -> Floats:
    """[blocks] seats of guests at any time of each block, at the most."""
    return at_once(province, ((one.span, float(one.seats)) for one in guests))


def helped_by(one: Lend | Desk) -> tuple[str, ...]:
    """Cities whose callers these seats answer for others."""
    return (one.borrower,) if isinstance(one, Lend) else one.cities


def unfair(province: Province, stays: Iterable[Stay]) -> Found:
    """A lender that gives a much larger part of its seats' hours than all give together."""
    fairness, blocks = province.agreement.fairness, province.open_blocks
    if fairness is None or not blocks:
        return
    given = {lender: float(of_stays(province, those)[blocks].sum()) for lender, those in by_source(stays).items()}
    has = {lender: float(province.cities[lender].duty[blocks].sum()) for lender in {*province.lenders, *given}}
    for lender, hours in given.items():
        part = hours / max(has[lender], NOTHING)
        all_give = sum(given.values()) / max(sum(has.values()), NOTHING)
        if part > float(fairness) * all_give + NOTHING:
            yield BrokenTerm("fairness", lender, found=part / max(all_give, NOTHING), limit=float(fairness))


# --- as what ---------------------------------------------------------------------------------------------------------

def other_seats(province: Province, lends: Sequence[Lend]) -> Found:
    """Seats that are not as the terms say of all."""
    for term in OF_LEVERS:
        agreed = getattr(province.agreement, term)
        others = [one for one in lends if not alike(getattr(one, term), agreed)]
        if others:
            yield BrokenTerm(term, others[0].lender, at=others[0].start)


def alike(one: object, other: object) -> bool:
    """Whether two values say the same, whatever stands beside them as their source."""
    if hasattr(one, "__float__") and hasattr(other, "__float__"):
        return abs(float(one) - float(other)) <= NOTHING
    fields = getattr(type(one), "model_fields", None)
    if fields and type(one) is type(other):
        return all(alike(getattr(one, name), getattr(other, name)) for name in fields)
    return one == other
