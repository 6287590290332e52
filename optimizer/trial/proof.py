"""A plan and its rivals on luck that no trial has seen."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimizer.given.knowledge import Knowledge
from optimizer.given.promise import at_once
from optimizer.given.province import LENDER, Lent, Province
from optimizer.model.lending import solve
from optimizer.trial import orders
from optimizer.trial.learning import Doubts, cut
from optimizer.trial.limits import doubts
from optimizer.trial.replay import Counts, Luck
from optimizer.trial.rivals import ROUTED
from optimizer.trial.verdict import Verdict, judge
from sim.levers import Lend
from sim.scenario import Scenario
from sim.statistics import Figure, figure

PROOF = 200  # replications
REHEARSALS = 4
LOOK = 40    # of them, after which a plan is given up that does not promise a proof
FEW = 5      # of each policy to beat
RIVAL, DAYS = 12, 400  # where these do not tell enough, or as many as have so many days on which seats can be lent


@dataclass(frozen=True)
class Proof:
    """The luck of a proof, and what the plan does on it against not lending."""

    luck: Luck
    levers: tuple[Lend, ...]
    replications: int
    verdict: Verdict


@dataclass(frozen=True)
class Rival:
    """What another policy does on the same luck."""

    verdict: Verdict
    behind: Figure  # people that the plan answers more

    @property
    def told(self) -> bool:
        """Whether it surely breaks a floor, and surely answers more than the plan, or fewer."""
        return self.behind.low * self.behind.high > 0 and any(floor.surely_broken for floor in self.verdict.floors)


def rehearsed(k: Knowledge, lent: Lent, serves: str, luck: Luck, replications: int, proof: int) -> Lent:
    """The plan, or the best one within it whose floors bear a proof in every window, on luck that no trial has seen, as
    far as fewer replications tell. Without it every other proof would be in vain, by a day or two."""
    for _ in range(REHEARSALS):
        weak = weak_floors(k.province, orders.levers_of(k.province, lent, serves), luck, replications, proof)
        if not weak:
            break
        lent = cut_back(k, lent, weak)
    return lent


def weak_floors(p: Province, levers: tuple[Lend, ...], luck: Luck, replications: int, proof: int) -> Doubts:
    """Those that do not bear a proof in so many replications."""
    alone, helped = luck.of([p.scenario, orders.with_plan(p, levers)], replications)
    return doubts(p, levers, alone, helped, lambda floor: floor.bears_proof(proof / replications))


def proved(k: Knowledge, lent: Lent, serves: str, lucks: Sequence[Luck], replications: int) -> tuple[Lent, Proof]:
    """The plan, or the best one within it that keeps all floors on other luck, where one gives way."""
    p = k.province
    for luck in lucks:
        levers, last = orders.levers_of(p, lent, serves), luck is lucks[-1]
        proof = tried(p, levers, luck, replications, replications if last else LOOK)
        unsure = proof.verdict.unsure(replications / proof.replications)
        if last or not unsure:
            break
        weak = weak_floors(p, levers, luck, proof.replications, replications)
        lent = cut_back(k, lent, weak or [(p.open_blocks, unsure)])
    return lent, proof


def tried(p: Province, levers: tuple[Lend, ...], luck: Luck, replications: int, look: int) -> Proof:
    """Not lending, and the plan; no more than a look where that does not promise a proof."""
    number, scenarios = min(look, replications), [p.scenario, orders.with_plan(p, levers)]
    verdict = judge(p, [levers], *luck.of(scenarios, number))
    if number < replications and not verdict.unsure(replications / number):
        number, verdict = replications, judge(p, [levers], *luck.of(scenarios, replications))
    return Proof(luck, levers, number, verdict)


def cut_back(k: Knowledge, lent: Lent, floors: Doubts) -> Lent:
    """The best plan that lends at no time more than this one, and less where floors are unsure; which becomes known."""
    cut(k, lent, floors)
    within = {name: np.minimum(most, at_once(k.province, lent, LENDER, name)) for name, most in k.most.items()}
    return solve(replace(k, most=within)).lent


def of_rivals(p: Province, found: dict[str, Scenario], proof: Proof) -> dict[str, Rival]:
    """What each policy does on the luck of the proof, in as many replications as it takes to tell them apart."""
    number = max(RIVAL, DAYS // len({p.day(block) for block in p.open_blocks}))
    rivals = compared(p, found, proof, FEW)
    untold = {name: found[name] for name, one in rivals.items() if not one.told}
    return rivals | compared(p, untold, proof, number)


def compared(p: Province, found: dict[str, Scenario], proof: Proof, number: int) -> dict[str, Rival]:
    """What each policy does in so many replications, no more than the proof has."""
    alone, helped, *others = proof.luck.of([p.scenario, orders.with_plan(p, proof.levers), *found.values()],
                                           min(number, proof.replications))
    counts = dict(zip(found, others, strict=True))
    counts |= {name: since_ready(p, alone, counts[name]) for name in ROUTED if name in found}
    return {name: Rival(judge(p, [lends(one)], alone, counts[name]), figure(helped.people - counts[name].people))
            for name, one in found.items()}


def since_ready(p: Province, alone: Counts, rival: Counts) -> Counts:
    """Counts of a rival that could not have begun before seats are ready: until then as without help."""
    values, first = rival.values.copy(), p.open_blocks[0]
    values[:, :, :first] = alone.values[:, :, :first]
    return Counts(rival.cities, values)


def lends(scenario: Scenario) -> tuple[Lend, ...]:
    return tuple(lever for lever in scenario.levers if isinstance(lever, Lend))
