"""A plan and its rivals on luck that no trial has seen."""
from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace

import numpy as np

from optimizer.given.knowledge import Knowledge
from optimizer.given.promise import at_once
from optimizer.given.province import LENDER, Lent, Province
from optimizer.model.lending import solve
from optimizer.trial import orders
from optimizer.trial.learning import cut
from optimizer.trial.replay import Counts, simulate
from optimizer.trial.rivals import ROUTED
from optimizer.trial.verdict import Held, Verdict, judge
from sim.levers import Lend
from sim.replication import Job
from sim.scenario import Scenario
from sim.statistics import Figure, figure

PROOF = 200  # replications
LOOK = 40    # of them, after which a plan is given up that does not promise a proof
FEW = 5      # of each policy to beat
RIVAL, DAYS = 12, 400  # where these do not tell enough, or as many as have so many days on which seats can be lent


@dataclass(frozen=True)
class Proof:
    """The luck of a proof, and what happens on it without and with the plan."""

    seed: int
    alone: Counts
    helped: Counts
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


def proved(k: Knowledge, lent: Lent, serves: str, seeds: Sequence[int], replications: int,
           executor: Executor | None) -> tuple[Lent, tuple[Lend, ...], Proof]:
    """The plan, or the best one within it that keeps all floors on other luck, where one gives way."""
    p = k.province
    for seed in seeds:
        levers, last = orders.levers_of(p, lent, serves), seed == seeds[-1]
        proof = tried(p, levers, seed, replications, replications if last else LOOK, executor)
        doubts = proof.verdict.unsure(replications / proof.alone.replications)
        if last or not doubts:
            break
        lent = cut_back(k, lent, doubts)
    return lent, levers, proof


def tried(p: Province, levers: tuple[Lend, ...], seed: int, replications: int, look: int,
          executor: Executor | None) -> Proof:
    """Not lending, and the plan; no more than a look where that does not promise a proof."""
    jobs = [Job.of(one, "kernel", seed) for one in (p.scenario, orders.with_plan(p, levers))]
    alone, helped = simulate(jobs, p.blocks, range(min(look, replications)), executor)
    verdict = judge(p, [levers], alone, helped)
    if look < replications and not verdict.unsure(replications / look):
        more = simulate(jobs, p.blocks, range(look, replications), executor)
        alone, helped = alone.and_more(more[0]), helped.and_more(more[1])
        verdict = judge(p, [levers], alone, helped)
    return Proof(seed, alone, helped, verdict)


def cut_back(k: Knowledge, lent: Lent, floors: list[Held]) -> Lent:
    """The best plan that lends at no time more than this one, and less where floors are unsure; which becomes known."""
    cut(k, lent, floors)
    within = {name: np.minimum(most, at_once(k.province, lent, LENDER, name)) for name, most in k.most.items()}
    return solve(replace(k, most=within)).lent


def of_rivals(p: Province, found: dict[str, Scenario], proof: Proof, executor: Executor | None) -> dict[str, Rival]:
    """What each policy does on the luck of the proof, in as many replications as it takes to tell them apart."""
    number = max(RIVAL, DAYS // len({p.day(block) for block in p.open_blocks}))
    rivals = compared(p, found, proof, FEW, executor)
    untold = {name: found[name] for name, one in rivals.items() if not one.told}
    return rivals | (compared(p, untold, proof, number, executor) if untold else {})


def compared(p: Province, found: dict[str, Scenario], proof: Proof, number: int,
             executor: Executor | None) -> dict[str, Rival]:
    """What each policy does in so many replications."""
    alone, helped = proof.alone.first(number), proof.helped.first(number)
    jobs = [Job.of(one, "kernel", proof.seed) for one in found.values()]
    counts = dict(zip(found, simulate(jobs, p.blocks, range(alone.replications), executor), strict=True))
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
