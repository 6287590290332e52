"""A plan made better in simulation: plans next to it and ways to serve, on the luck of the trials, the best taken over.

How much is tried follows from how many people dial, not from the clock: the same seed gives the same plan everywhere.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import zip_longest

from optimizer.lending.inputs.estimates import Estimates
from optimizer.lending.inputs.promise import cost
from optimizer.lending.inputs.province import Lent
from optimizer.lending.menu.drafts import Draft, Tested, Trying
from optimizer.lending.model.terms import allowed, without_floors
from optimizer.lending.settings import DIALS_SEARCHED, DIALS_STARTED, LEAST_TRIED, NEIGHBOURS_TRIED, SURE
from optimizer.lending.trials import orders
from optimizer.lending.trials.evaluation import judge
from optimizer.lending.trials.neighbours import Neighbour, neighbours
from optimizer.lending.trials.replay import DIALS
from sim.measures.statistics import each_of, figure


def improved(draft: Draft, trying: Trying) -> Draft:
    """A draft after some steps to the best plan next to it, with what was tried on the way."""
    left = affordable(trying)
    if left < LEAST_TRIED:
        return draft
    while left > 0 and draft.lent:
        tries = worth_a_try(draft.known, draft.lent, min(left, NEIGHBOURS_TRIED))
        left -= max(len(tries), 1)
        last = tested(draft, tries, trying) if tries else []
        best = max((one for one in last if one.better), key=lambda one: one.people.mean, default=None)
        draft = replace(draft, tests=(*draft.tests, *(replace(one, taken=one is best) for one in last)))
        if best is None:
            break
        draft = replace(draft, lent=best.neighbour.lent)
    return draft


def affordable(trying: Trying) -> int:
    """How many plans can be tried."""
    return int(DIALS_SEARCHED / (dials_of(trying) * trying.replications))


def dials_of(trying: Trying) -> float:
    """Dials of a replication, and as many as could have been simulated while it begins."""
    [alone] = trying.luck.of([trying.luck.province.scenario], 1)
    return float(alone.values[0, :, :, DIALS].sum()) + DIALS_STARTED


def worth_a_try(known: Estimates, lent: Lent, number: int) -> list[Neighbour]:
    """The most promising plans of each kind that keep all terms, floors aside: of these only simulation judges."""
    free = without_floors(known)
    keeps_terms = allowed(free)
    by_kind = [(one for one in found if keeps_terms(one.lent)) for found in kinds_of(neighbours(free, lent))]
    each = (one for some in zip_longest(*by_kind) for one in some if one is not None)
    return [one for one, _ in zip(each, range(number), strict=False)]


def kinds_of(found: list[Neighbour]) -> Iterator[list[Neighbour]]:
    for kind in ("more", "less", "moved"):
        yield [one for one in found if one.kind == kind]


def tested(draft: Draft, tries: list[Neighbour], trying: Trying) -> list[Tested]:
    """Neighbours against the plan itself, on the same luck."""
    province, sure, times = draft.known.province, each_of(len(tries), SURE), trying.times
    levers = [orders.levers_of(province, plan, draft.serves) for plan in (draft.lent, *(one.lent for one in tries))]
    alone, itself, *others = trying.luck.of(
        [province.scenario, *(orders.with_plan(province, plan) for plan in levers)], trying.replications)
    usual = {floor.place for floor in judge(province, levers[:1], alone, itself).unsure(times)}
    return [Tested(one, figure(counts.people - itself.people - (cost(province, one.lent) - cost(province, draft.lent)),
                               sure),
                   {floor.place for floor in judge(province, [plan], alone, counts).unsure(times)} <= usual)
            for one, plan, counts in zip(tries, levers[1:], others, strict=True)]
