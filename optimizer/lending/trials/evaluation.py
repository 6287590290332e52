"""What a plan did on common luck: who gained, who paid, and which floors held."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from optimizer.lending.inputs.province import Province
from optimizer.lending.settings import A_HAIR, MARGIN, PROOFS, SURE
from optimizer.lending.trials import orders
from optimizer.lending.trials.replay import ANSWERED, CALLERS_ANSWERED, DIALS, WITHIN, Counts, ReplicationCache
from sim.core.arrays import Floats, Ints
from sim.measures.statistics import Figure, each_of, figure, share_of
from sim.scenario.lending_terms import Floor
from sim.scenario.levers import Lend


@dataclass(frozen=True)
class FloorResult:
    """One floor of one lender at one time of day, over all days on which it lends then."""

    lender: str
    number: int        # block of the day
    name: str          # answered, within, answered_drop, within_drop
    bound: float       # the least share, or the largest drop (as a negative change)
    confidence: float  # share of the days that must keep it
    mean: Figure       # the share, or its change, over all days
    worst: float       # what it is on the worst of the days that must keep the bound
    kept: Figure       # share of the days that keep the bound; this interval and that one hold for all floors together
    worst_day: float   # the most that this share can be on the day of the horizon on which it is least
    days: int          # of all replications
    sure: float        # the confidence of its intervals

    @property
    def proved(self) -> bool:
        return self.kept.low >= self.confidence and not self.broken

    def will_be_proved(self, times: float) -> bool:
        """Whether so many times as many days would prove it, if as large a share of them keeps the bound."""
        low, _ = share_of(times * self.days * self.kept.mean, times * self.days, self.sure)
        return bool(low >= self.confidence) and not self.broken

    @property
    def place(self) -> tuple[str, int, str]:
        """Whose floor it is, at what time of day."""
        return self.lender, self.number, self.name

    def provable(self, times: float = 1.0) -> bool:
        """Whether so many times as many days can prove it, if all keep it."""
        return bool(share_of(times * self.days, times * self.days, self.sure)[0] >= self.confidence)

    def promises_proof(self, times: float) -> bool:
        """Whether so many times as many days will prove it, or, where so many cannot prove anything, it is kept well
        enough."""
        return self.will_be_proved(times) if self.provable(times) else self.near

    def keeps(self, times: float) -> bool:
        """Whether it is not broken; and kept well enough, where so many times as many days cannot prove anything."""
        return not self.broken and (self.provable(times) or self.near)

    def bears_proof(self, times: float) -> bool:
        """Whether so many times as many days will prove it, even if as small a share of them keeps the bound as these
        days leave possible; or promise it, where so many cannot prove anything."""
        if not self.provable(times):
            return self.near
        least, days = share_of(self.kept.mean * self.days, self.days, SURE)[0], times * self.days
        return bool(share_of(days * least, days, self.sure)[0] >= self.confidence) and not self.broken

    @property
    def near(self) -> bool:
        """Whether enough days keep a little away from the bound, so that more replications can prove it."""
        return self.proved or (not self.broken and self.worst >= (MARGIN if self.bound < 0 else 1.0) * self.bound)

    @property
    def broken(self) -> bool:
        """Not only unproved: too few days keep the bound, or one day surely keeps it too seldom."""
        return self.kept.mean < self.confidence - A_HAIR or self.worst_day < self.confidence

    @property
    def surely_broken(self) -> bool:
        return self.kept.high < self.confidence or self.worst_day < self.confidence


@dataclass(frozen=True)
class Evaluation:
    """Differences from not lending, paired on the same luck."""

    replications: int
    people: Figure                  # answered more, in all cities
    gains: dict[str, Figure]        # people, by borrower
    lenders: dict[str, Figure]      # people, by lender (mostly below 0)
    rates: dict[str, Figure]        # dial answer rate, by city
    floors: list[FloorResult]
    gained_by_block: dict[str, Floats]  # by borrower: calls answered more among those dialled in the block

    @property
    def holds(self) -> bool:
        """Whether no floor is broken."""
        return not any(floor.broken for floor in self.floors)

    def unsure(self, times: float) -> list[FloorResult]:
        """Floors that so many times as many replications do not promise to prove."""
        return [floor for floor in self.floors if not floor.promises_proof(times)]


def seen(province: Province, levers: tuple[Lend, ...], luck: ReplicationCache, replications: int) -> Evaluation:
    """What a plan does against not lending, on a luck."""
    return judge(province, [levers], *luck.of([province.scenario, orders.with_plan(province, levers)], replications))


def judge(province: Province, plans: Sequence[tuple[Lend, ...]], alone: Counts, helped: Counts) -> Evaluation:
    """Compare what was simulated without and with a plan, the same in all replications, or one of its own in each."""
    more = helped.values - alone.values
    people, calls = more[..., CALLERS_ANSWERED], more[..., ANSWERED]
    cities = {name: people[:, c].sum(axis=1) for c, name in enumerate(alone.cities)}
    borrowers = sorted({lever.borrower for levers in plans for lever in levers} | set(province.borrowers))
    lenders = [name for name in province.lenders if name not in province.borrowers]
    return Evaluation(
        alone.replications, figure(people.sum(axis=(1, 2))), {name: figure(cities[name]) for name in borrowers},
        {name: figure(cities[name]) for name in lenders},
        {name: figure(rate(helped, name) - rate(alone, name)).within(-1.0, 1.0) for name in alone.cities},
        floors(province, plans, alone, helped),
        {name: np.asarray(calls[:, alone.cities.index(name)].mean(axis=0)) for name in borrowers})


def rate(counts: Counts, city: str, what: int = ANSWERED, blocks: Floats | slice = slice(None)) -> Floats:
    """[replications] share of the dials over some blocks; where nobody dials nobody is failed."""
    return share(counts.of(city, what)[:, blocks].sum(axis=1), counts.of(city, DIALS)[:, blocks].sum(axis=1))


def rate_of_blocks(counts: Counts, city: str, what: int, blocks: Floats) -> Floats:
    """[replications, blocks] share of the dials of each block; where nobody dials nobody is failed."""
    return share(counts.of(city, what)[:, blocks], counts.of(city, DIALS)[:, blocks])


def share(some: Ints, dials: Ints) -> Floats:
    return np.where(dials > 0, some / np.maximum(dials, 1), 1.0)


def floors(province: Province, plans: Sequence[tuple[Lend, ...]], alone: Counts, helped: Counts) -> list[FloorResult]:
    """Every floor of every lender at every time of day at which it lends."""
    places = [(lender, number, *there) for lender in province.lenders
              for number, there in lending_blocks(province, plans, lender).items()]
    sure = each_of(max(PROOFS * 4 * len(places), 1), SURE)
    return [one for lender, number, blocks, lends in places
            for one in of_lender(province.agreement.floor_of(lender), lender, number, blocks, lends, alone, helped,
                                 sure)]


def lending_blocks(province: Province, plans: Sequence[tuple[Lend, ...]],
                   lender: str) -> dict[int, tuple[Ints, Floats]]:
    """By block of the day: the blocks in which a lender's seats are away by any of the plans, and [1 or replications,
    blocks] by which."""
    lends, places = away(province, plans, lender), defaultdict[int, list[int]](list)
    for o in np.flatnonzero(lends.any(axis=0)):
        places[province.slot_of(province.open_blocks[o])[1]].append(int(o))
    return {number: (np.array(province.open_blocks)[those], lends[:, those]) for number, those in places.items()}


def away(province: Province, plans: Sequence[tuple[Lend, ...]], lender: str) -> Floats:
    """[1 or replications, open blocks] whether a lender's seats are away; where nobody is lent by name those of every
    city that does not borrow are."""
    if not any(plans):
        return np.full((1, len(province.open_blocks)), lender not in province.borrowers)
    spans = [[lever.span for lever in levers if lever.lender == lender] for levers in plans]
    return np.array([[any(span.covers(province.blocks[block].start) for span in those)
                      for block in province.open_blocks]
                     for those in spans])


def of_lender(floor: Floor, lender: str, number: int, blocks: Ints, lends: Floats, alone: Counts, helped: Counts,
              sure: float) -> list[FloorResult]:
    """A lender's floors at one time of day, which is so many blocks."""
    found = []
    for name, what in (("answered", ANSWERED), ("within", WITHIN)):
        after, before = (rate(counts, lender, what, blocks) for counts in (helped, alone))
        of_days, usual = (rate_of_blocks(counts, lender, what, blocks) for counts in (helped, alone))
        least, drop = float(getattr(floor, name)), float(getattr(floor, f"{name}_drop"))
        tests = [(name, least, after, of_days)] if least > 0 else []
        tests += [(f"{name}_drop", -drop, after - before, of_days - usual)]
        found += [held(lender, number, *test, lends, float(floor.confidence), sure) for test in tests]
    return found


def held(lender: str, number: int, name: str, bound: float, over_days: Floats, of_days: Floats, lends: Floats,
         confidence: float, sure: float) -> FloorResult:
    """A floor from [replications] of a share or its change over all days, and [replications, days] on each; only days
    on which the city lends count. Days are independent of each other: so are their callers."""
    there = np.broadcast_to(lends, of_days.shape)
    kept, days = ((of_days >= bound - A_HAIR) & there).sum(axis=0), there.sum(axis=0)
    low, high = share_of(kept.sum(), days.sum(), sure)
    most = share_of(kept, days, sure)[1]
    least = int(np.argmin(most))
    values = of_days[:, least][there[:, least]] if most[least] < confidence else of_days[there]
    may_miss = min(int(values.size * (1 - confidence) + A_HAIR), values.size - 1)
    mean = figure(over_days, sure).within(-1.0 if name.endswith("_drop") else 0.0, 1.0)
    return FloorResult(lender, number, name, bound, confidence, mean,
                float(np.partition(values, may_miss)[may_miss]),
                Figure(float(kept.sum() / days.sum()), float(low), float(high)), float(most[least]), int(days.sum()),
                sure)
