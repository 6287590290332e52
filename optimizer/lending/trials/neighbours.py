"""Plans next to a plan: one seat more, one less, one moved. Ranked by what the model promises, tried by simulation, so
that a choice is not an artefact of the luck that it was made on."""
from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from optimizer.lending.inputs.estimates import Estimates
from optimizer.lending.inputs.promise import answered, cost, kept
from optimizer.lending.inputs.province import Lent, Province, Slot
from optimizer.lending.model.terms import allowed, without_floors
from optimizer.lending.settings import NEIGHBOURS_EACH, SEARCH_STEPS, SURE
from optimizer.lending.trials import orders
from optimizer.lending.trials.evaluation import Evaluation, judge
from optimizer.lending.trials.replay import ReplicationCache
from sim.core.arrays import Floats
from sim.measures.statistics import Figure, each_of, figure

Kind = Literal["more", "less", "moved"]


@dataclass(frozen=True)
class Neighbour:
    """A plan that differs by a seat."""

    kind: Kind
    lender: str     # who lends more or less
    other: str      # who lends it instead, if it is moved
    borrower: str
    lent: Lent
    promised: float  # people answered more than by the plan, as the model has it


@dataclass(frozen=True)
class Tested:
    """A neighbour in simulation, on luck that no trial has seen."""

    neighbour: Neighbour
    people: Figure   # answered more than by the plan, less what seat-hours cost; holds for all tested together
    holds: bool      # every floor, as surely as with the plan
    taken: bool = False

    @property
    def better(self) -> bool:
        return self.holds and self.people.low > 0


def neighbours(estimates: Estimates, lent: Lent) -> list[Neighbour]:
    """Every plan that differs by one seat for a lender's whole stint, the most promising ones first."""
    found = [(kind, lender, other, borrower, plan) for kind, lender, other, borrower, plan in changes(estimates, lent)
             if plan is not None]
    promised = people(estimates, [lent, *(plan for *_, plan in found)])
    made = [Neighbour(*what, worth - promised[0]) for what, worth in zip(found, promised[1:], strict=True)]
    return sorted(made, key=lambda one: -one.promised)


Change = tuple[Kind, str, str, str, Lent | None]


def changes(estimates: Estimates, lent: Lent) -> Iterable[Change]:
    for lender, borrower in estimates.province.pairs:
        mine = [slot for slot in lent if slot[:2] == (lender, borrower)]
        fewer = less(lent, mine)
        yield "less", lender, "", borrower, fewer if mine else None
        yield "more", lender, "", borrower, more(estimates, lent, lender, mine or longest(lent, borrower))
        for other in estimates.province.lenders if mine else ():
            if other != lender and (other, borrower) in estimates.province.pairs:
                yield "moved", lender, other, borrower, more(estimates, fewer, other, mine)


def longest(lent: Lent, borrower: str) -> list[Slot]:
    """The slots of whoever lends to a borrower for the most of them."""
    by_lender = [[slot for slot in lent if slot[:2] == (giver, borrower)] for giver in {slot[0] for slot in lent}]
    return max(by_lender, key=len, default=[])


def less(lent: Lent, slots: list[Slot]) -> Lent:
    return {slot: seats for slot, seats in ((slot, n - (slot in slots)) for slot, n in lent.items()) if seats}


def more(estimates: Estimates, lent: Lent, lender: str, slots: list[Slot]) -> Lent | None:
    """A seat more from a lender at these times, where its limits leave room for it; None where nowhere."""
    room, found = spare(estimates, lent, lender), dict(lent)
    for _, borrower, days, number in slots:
        if room[days, number] >= 1:
            found[lender, borrower, days, number] = found.get((lender, borrower, days, number), 0) + 1
    return None if found == lent else found


def spare(estimates: Estimates, lent: Lent, lender: str) -> dict[tuple[int, int], int]:
    """Seats that a lender's caps and floors leave to lend, by days and block of the day."""
    province = estimates.province
    found: dict[tuple[int, int], int] = {}
    for block, most in zip(province.open_blocks, np.minimum(province.caps[lender], estimates.most[lender]),
                           strict=True):
        at = province.slot_of(block)
        found[at] = min(found.get(at, int(most)), int(most))
    for slot, seats in lent.items():
        if slot[0] == lender:
            found[slot[2:]] -= seats
    return found


def people(estimates: Estimates, plans: list[Lent]) -> Floats:
    """[plans] people answered by all borrowers and lenders, as the model has it, less what seat-hours cost."""
    borrowed = sum(answered(estimates, name, plans).sum(axis=1) for name in estimates.surfaces)
    return np.asarray(borrowed + [sum(kept(estimates, name, plan).sum()
                                      for name in estimates.lenders) - cost(estimates.province, plan)
                                  for plan in plans])


def marginal(estimates: Estimates, found: list[Neighbour]) -> dict[str, dict[str, float]]:
    """By lender: people that one seat more brings, and one seat less, as the model has it; no more where terms forbid
    it."""
    seats: dict[str, dict[str, float]] = {}
    keeps_terms = allowed(estimates)
    for one in found:
        if one.kind == "less" or (one.kind == "more" and keeps_terms(one.lent)):
            seats.setdefault(one.lender, {}).setdefault(one.kind, one.promised)
    return seats


# --- simulated -------------------------------------------------------------------------------------------------------

def worth_a_try(estimates: Estimates, found: list[Neighbour]) -> list[Neighbour]:
    """The most promising ones of each kind that keep all terms."""
    chosen, keeps_terms = list[Neighbour](), allowed(estimates)
    for kind in ("more", "less", "moved"):
        left = (one for one in found if one.kind == kind and keeps_terms(one.lent))
        chosen += [one for _, one in zip(range(NEIGHBOURS_EACH), left, strict=False)]
    return chosen


def tested(province: Province, lent: Lent, serves: str, tries: list[Neighbour], luck: ReplicationCache,
           replications: int,
           proof: int) -> list[Tested]:
    """Neighbours against the plan itself, on the same luck.

    :param proof: replications with which floors are to be proved.
    """
    levers = [orders.levers_of(province, plan, serves) for plan in (lent, *(one.lent for one in tries))]
    alone, itself, *others = luck.of([province.scenario, *(orders.with_plan(province, plan) for plan in levers)],
                                     replications)
    sure, times = each_of(len(tries), SURE), proof / replications
    usual = unsure(judge(province, levers[:1], alone, itself), times)
    return [Tested(one, figure(counts.people - itself.people - (cost(province, one.lent) - cost(province, lent)), sure),
                   unsure(judge(province, [plan], alone, counts), times) <= usual)
            for one, plan, counts in zip(tries, levers[1:], others, strict=True)]


def unsure(verdict: Evaluation, times: float) -> set[tuple[str, int | None]]:
    """By lender and time of day, or over all of it, where a floor is."""
    return {(floor.lender, floor.number) for floor in verdict.unsure(times)}


Try = Callable[[Lent, list[Neighbour], int], list[Tested]]


def next_to(estimates: Estimates, lent: Lent, test: Try, step: int) -> list[Tested]:
    """The most promising plans next to one, in simulation. Of floors only simulation judges here: what is known of them
    was learnt on other luck."""
    free = without_floors(estimates)
    tries = worth_a_try(free, neighbours(free, lent))
    return test(lent, tries, step) if tries else []


def search(estimates: Estimates, lent: Lent, test: Try) -> tuple[Lent, list[Tested]]:
    """The plan, or a better one a few steps away from it; and all that was tested on the way."""
    found = list[Tested]()
    for step in range(SEARCH_STEPS):
        last = next_to(estimates, lent, test, step)
        best = max((one for one in last if one.better), key=lambda one: one.people.mean, default=None)
        found += [replace(one, taken=one is best) for one in last]
        if best is None:
            break
        lent = best.neighbour.lent
    return lent, found
