"""Plans next to a plan: one seat more, one less, one moved; for a lender's whole stint or at one time of day. Ranked by
what the model promises."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from optimizer.lending.inputs.estimates import Estimates
from optimizer.lending.inputs.promise import Seats, answered, by_pair, cost, given_by, kept
from optimizer.lending.inputs.province import Lent, Slot
from optimizer.lending.model.terms import allowed
from sim.core.arrays import Floats

Kind = Literal["more", "less", "moved"]


@dataclass(frozen=True)
class Neighbour:
    """A plan that differs by a seat, at all times or at one."""

    kind: Kind
    lender: str     # who lends more or less
    other: str      # who lends it instead, if it is moved
    borrower: str
    lent: Lent
    promised: float  # people answered more than by the plan, as the model has it
    number: int | None = None  # block of the day; None: the lender's whole stint


def neighbours(estimates: Estimates, lent: Lent) -> list[Neighbour]:
    """Every plan that differs by one seat for a lender's whole stint, the most promising ones first."""
    found = [(kind, lender, other, borrower, plan, number)
             for kind, lender, other, borrower, plan, number in changes(estimates, lent) if plan is not None]
    promised = people(estimates, [lent, *(plan for *_, plan, _ in found)])
    made = [Neighbour(kind, lender, other, borrower, plan, worth - promised[0], number)
            for (kind, lender, other, borrower, plan, number), worth in zip(found, promised[1:], strict=True)]
    return sorted(made, key=lambda one: -one.promised)


Change = tuple[Kind, str, str, str, Lent | None, int | None]


def changes(estimates: Estimates, lent: Lent) -> Iterable[Change]:
    for lender, borrower in estimates.province.pairs:
        mine = [slot for slot in lent if slot[:2] == (lender, borrower)]
        fewer = less(lent, mine)
        yield "less", lender, "", borrower, fewer if mine else None, None
        yield "more", lender, "", borrower, more(estimates, lent, lender, mine or longest(lent, borrower)), None
        for number in estimates.province.numbers:
            these, then = [slot for slot in mine if slot[3] == number], at_time(estimates, lender, borrower, number)
            yield "less", lender, "", borrower, less(lent, these) if these else None, number
            yield "more", lender, "", borrower, more(estimates, lent, lender, then), number
        for other in estimates.province.sources if mine else ():
            if other != lender and (other, borrower) in estimates.province.pairs:
                yield "moved", lender, other, borrower, more(estimates, fewer, other, mine), None


def at_time(estimates: Estimates, lender: str, borrower: str, number: int) -> list[Slot]:
    """A pair's slots at a time of day, on all days that are open then."""
    return [(lender, borrower, days, at) for days, at in sorted(estimates.province.places) if at == number]


def longest(lent: Lent, borrower: str) -> list[Slot]:
    """The slots of whoever lends to a borrower for the most of them."""
    by_lender = [[slot for slot in lent if slot[:2] == (giver, borrower)] for giver in {slot[0] for slot in lent}]
    return max(by_lender, key=len, default=[])


def less(lent: Lent, slots: list[Slot]) -> Lent:
    fewer = {slot: lent[slot] - 1 for slot in slots}
    return {slot: seats for slot, seats in {**lent, **fewer}.items() if seats}


def more(estimates: Estimates, lent: Lent, lender: str, slots: list[Slot]) -> Lent | None:
    """A seat more from a lender at these times, where its limits leave room for it; None where nowhere."""
    room, found = spare(estimates, lent, lender), dict(lent)
    for _, borrower, days, number in slots:
        if room[days, number] >= 1:
            found[lender, borrower, days, number] = found.get((lender, borrower, days, number), 0) + 1
    return None if found == lent else found


def spare(estimates: Estimates, lent: Lent, lender: str) -> dict[tuple[int, int], int]:
    """Seats that a lender's caps and floors leave to lend, by days and block of the day."""
    caps = estimates.province.caps[lender]
    most = np.minimum(caps, estimates.most.get(lender, caps))
    found = {slot: int(seats) for slot, seats in estimates.province.least_by_slot(most).items()}
    for slot, seats in lent.items():
        if slot[0] == lender:
            found[slot[2:]] -= seats
    return found


def people(estimates: Estimates, plans: list[Lent]) -> Floats:
    """[plans] people answered by all borrowers and lenders, as the model has it, less what seat-hours cost."""
    seats = [by_pair(estimates.province, plan) for plan in plans]
    borrowed = sum(answered(estimates, name, seats).sum(axis=1) for name in estimates.surfaces)
    lost = sum(kept_in_each(estimates, name, seats) for name in estimates.lenders)
    return np.asarray(borrowed + lost - [cost(estimates.province, plan) for plan in plans])


def kept_in_each(estimates: Estimates, lender: str, plans: Sequence[Seats]) -> Floats:
    """[plans] people answered by a lender; most plans have it give what others have."""
    keys = [np.asarray(given_by(plan, lender)).tobytes() for plan in plans]
    alike = dict(zip(keys, plans, strict=True))
    found = {key: float(kept(estimates, lender, plan).sum()) for key, plan in alike.items()}
    return np.array([found[key] for key in keys])


def marginal(estimates: Estimates, found: list[Neighbour]) -> dict[str, dict[str, float]]:
    """By source: people that one seat more brings for all of its stint, and one seat less, as the model has it; no more
    where terms forbid it."""
    seats: dict[str, dict[str, float]] = {}
    keeps_terms = allowed(estimates)
    for one in found:
        if one.number is None and (one.kind == "less" or (one.kind == "more" and keeps_terms(one.lent))):
            seats.setdefault(one.lender, {}).setdefault(one.kind, one.promised)
    return seats
