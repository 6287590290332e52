"""What a plan did on common luck: who gained, who paid, and which floors held."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from optimizer.lending.inputs.province import Province
from optimizer.lending.trials import orders
from optimizer.lending.trials.floors import FloorResult, floors, lending_cities
from optimizer.lending.trials.replay import ANSWERED, CALLERS, CALLERS_ANSWERED, Counts, ReplicationCache
from optimizer.lending.trials.shares import rate
from sim.core.arrays import Floats
from sim.measures.statistics import Figure, figure
from sim.scenario.lever import Lever
from sim.scenario.levers import Lend


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
    callers: dict[str, Figure] = field(default_factory=dict)  # by borrower: people who call on the days of the plan,
    before: dict[str, Figure] = field(default_factory=dict)   # which share of them gets through without it,
    after: dict[str, Figure] = field(default_factory=dict)    # and with it

    @property
    def holds(self) -> bool:
        """Whether no floor is broken."""
        return not any(floor.broken for floor in self.floors)

    @property
    def proved(self) -> bool:
        """Whether all floors surely hold."""
        return all(floor.proved for floor in self.floors)

    def unsure(self, times: float) -> list[FloorResult]:
        """Floors that so many times as many replications do not promise to prove."""
        return [floor for floor in self.floors if not floor.promises_proof(times)]


def seen(province: Province, levers: tuple[Lever, ...], luck: ReplicationCache, replications: int) -> Evaluation:
    """What a plan does against not lending, on a luck."""
    return judge(province, [levers], *luck.of([province.scenario, orders.with_plan(province, levers)], replications))


def judge(province: Province, plans: Sequence[tuple[Lever, ...]], alone: Counts, helped: Counts) -> Evaluation:
    """Compare what was simulated without and with a plan, the same in all replications, or one of its own in each."""
    more = helped.values - alone.values
    people, calls = more[..., CALLERS_ANSWERED], more[..., ANSWERED]
    cities = {name: people[:, c].sum(axis=1) for c, name in enumerate(alone.cities)}
    borrowers = sorted({lever.borrower for levers in plans for lever in levers if isinstance(lever, Lend)}
                       | set(province.borrowers))
    lenders = [name for name in lending_cities(province, plans) if name not in province.borrowers]
    return Evaluation(
        alone.replications, figure(people.sum(axis=(1, 2))), {name: figure(cities[name]) for name in borrowers},
        {name: figure(cities[name]) for name in lenders},
        {name: figure(rate(helped, name) - rate(alone, name)).within(-1.0, 1.0) for name in alone.cities},
        floors(province, plans, alone, helped),
        {name: np.asarray(calls[:, alone.cities.index(name)].mean(axis=0)) for name in borrowers},
        *stakes(province, borrowers, alone, helped))


def stakes(province: Province, borrowers: Sequence[str], alone: Counts,
           helped: Counts) -> tuple[dict[str, Figure], dict[str, Figure], dict[str, Figure]]:
    """By borrower: people who call on the days on which help may be there, and which share of them gets through
    without and with it."""
    days = {province.day(block) for block in province.open_blocks}
    those = [block for block in range(len(province.blocks)) if province.day(block) in days]
    people = {name: alone.of(name, CALLERS)[:, those].sum(axis=1) for name in borrowers}
    through = [{name: figure(counts.of(name, CALLERS_ANSWERED)[:, those].sum(axis=1) / np.maximum(some, 1)).within(
        0.0, 1.0) for name, some in people.items()} for counts in (alone, helped)]
    return {name: figure(some) for name, some in people.items()}, through[0], through[1]
