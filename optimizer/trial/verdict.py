"""What a plan did on common luck: who gained, who paid, and which floors held."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimizer.given.province import Province
from optimizer.trial.replay import ANSWERED, CALLERS_ANSWERED, DIALS, WITHIN, Counts
from sim.agreement import Floor
from sim.levers import Lend
from sim.statistics import Figure, each_of, figure
from sim.tables import Floats

MARGIN = 0.9  # of a drop: where a proof can be hoped for
SURE = 0.95  # that all floors hold together
PROOFS = 4   # times that a plan may be proved, cut back and proved again: its confidence allows for them


@dataclass(frozen=True)
class Held:
    """One floor of one lender at one time of day, over all days on which it lends then."""

    lender: str
    number: int        # block of the day
    name: str          # answered, within, answered_drop, within_drop
    bound: float       # the least share, or the largest drop (as a negative change)
    confidence: float  # share of the days that must keep it
    mean: Figure       # the share, or its change, over all days
    worst: float       # what it is on the worst of the days that must keep the bound
    kept: Figure       # share of the days that keep the bound; this interval and that one hold for all floors together

    @property
    def proved(self) -> bool:
        return self.kept.low >= self.confidence

    @property
    def near(self) -> bool:
        """Whether enough days keep a little away from the bound, so that more replications can prove it."""
        return self.proved or self.worst >= (MARGIN if self.bound < 0 else 1.0) * self.bound

    @property
    def broken(self) -> bool:
        """Not only unproved: too few days keep the bound."""
        return self.kept.mean < self.confidence


@dataclass(frozen=True)
class Verdict:
    """Differences from not lending, paired on the same luck."""

    replications: int
    people: Figure                  # answered more, in all cities
    gains: dict[str, Figure]        # people, by borrower
    lenders: dict[str, Figure]      # people, by lender (mostly below 0)
    rates: dict[str, Figure]        # dial answer rate, by city
    floors: list[Held]
    gained_by_block: dict[str, Floats]  # by borrower: people answered more among those who first dialled in the block

    @property
    def near(self) -> bool:
        """Whether every floor keeps a little away from its bound."""
        return all(floor.near for floor in self.floors)

    @property
    def holds(self) -> bool:
        """Whether no floor is broken."""
        return not any(floor.broken for floor in self.floors)


def judge(p: Province, levers: tuple[Lend, ...], alone: Counts, helped: Counts) -> Verdict:
    """Compare what was simulated without and with a plan."""
    more = helped.values - alone.values
    people = more[..., CALLERS_ANSWERED]
    cities = {name: people[:, c].sum(axis=1) for c, name in enumerate(alone.cities)}
    borrowers = sorted({lever.borrower for lever in levers} | set(p.borrowers))
    lenders = [name for name in p.lenders if name not in p.borrowers]
    return Verdict(
        alone.replications, figure(people.sum(axis=(1, 2))), {name: figure(cities[name]) for name in borrowers},
        {name: figure(cities[name]) for name in lenders},
        {name: figure(rate(helped, name) - rate(alone, name)) for name in alone.cities},
        floors(p, levers, alone, helped),
        {name: np.asarray(people[:, alone.cities.index(name)].mean(axis=0)) for name in borrowers})


def rate(counts: Counts, city: str, what: int = ANSWERED, blocks: Floats | slice = slice(None)) -> Floats:
    """[replications] share of the dials over some blocks."""
    dials = counts.of(city, DIALS)[:, blocks].sum(axis=1)
    return np.asarray(counts.of(city, what)[:, blocks].sum(axis=1) / np.maximum(dials, 1))


def floors(p: Province, levers: tuple[Lend, ...], alone: Counts, helped: Counts) -> list[Held]:
    """Every floor of every lender at every time of day at which it lends."""
    places = [(lender, number, blocks) for lender in p.lenders if lender not in p.borrowers
              for number, blocks in lending_blocks(p, levers, lender).items()]
    sure = each_of(max(PROOFS * 4 * len(places), 1), SURE)
    return [one for lender, number, blocks in places
            for one in of_lender(p.agreement.floor_of(lender), lender, number, np.array(blocks), alone, helped, sure)]


def lending_blocks(p: Province, levers: tuple[Lend, ...], lender: str) -> dict[int, list[int]]:
    """Blocks in which a lender's seats are away, by the block of the day; all where nobody is lent by name."""
    found: dict[int, list[int]] = {}
    spans = [lever.span for lever in levers if lever.lender == lender]
    for block in p.open_blocks:
        if not levers or any(span.covers(p.blocks[block].start) for span in spans):
            found.setdefault(p.slot_of(block)[1], []).append(block)
    return found


def of_lender(floor: Floor, lender: str, number: int, blocks: Floats, alone: Counts, helped: Counts,
              sure: float) -> list[Held]:
    """A lender's floors at one time of day, which is so many blocks."""
    found = []
    for name, what in (("answered", ANSWERED), ("within", WITHIN)):
        after, before = (rate(counts, lender, what, blocks) for counts in (helped, alone))
        of_days, usual = (rate_of_blocks(counts, lender, what, blocks) for counts in (helped, alone))
        least, drop = float(getattr(floor, name)), float(getattr(floor, f"{name}_drop"))
        tests = [(name, least, after, of_days)] if least > 0 else []
        tests += [(f"{name}_drop", -drop, after - before, of_days - usual)]
        found += [held(lender, number, *test, float(floor.confidence), sure) for test in tests]
    return found


def held(lender: str, number: int, name: str, bound: float, over_days: Floats, of_days: Floats, confidence: float,
         sure: float) -> Held:
    """A floor from [replications] of a share or its change over all days, and [replications, days] on each."""
    kept = (of_days >= bound - 1e-9).mean(axis=1)
    may_miss = min(int(of_days.size * (1 - confidence) + 1e-9), of_days.size - 1)
    worst = np.partition(of_days.ravel(), may_miss)[may_miss]
    return Held(lender, number, name, bound, confidence, figure(over_days, sure), float(worst), figure(kept, sure))


def rate_of_blocks(counts: Counts, city: str, what: int, blocks: Floats) -> Floats:
    """[replications, blocks] share of the dials of each block."""
    return np.asarray(counts.of(city, what)[:, blocks] / np.maximum(counts.of(city, DIALS)[:, blocks], 1))
