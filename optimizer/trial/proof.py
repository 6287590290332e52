"""A plan and its rivals on luck that no trial has seen."""
from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass

from optimizer.given.knowledge import Knowledge
from optimizer.given.province import Lent, Province
from optimizer.trial import orders
from optimizer.trial.replay import Counts, simulate
from optimizer.trial.rivals import ROUTED
from optimizer.trial.verdict import Verdict, judge
from sim.levers import Lend
from sim.replication import Job
from sim.scenario import Scenario

RIVAL = 20  # replications of each policy to beat


@dataclass(frozen=True)
class Proof:
    """The luck of a proof, and what happens on it where nobody lends."""

    seed: int
    alone: Counts


def proved(k: Knowledge, lent: Lent, serves: str, seeds: list[int], replications: int,
           executor: Executor | None) -> tuple[Lent, tuple[Lend, ...], Verdict, Proof]:
    """The plan, or one that is cut back and proved anew on other luck where a floor gave way."""
    p = k.province
    for seed in seeds:
        levers = orders.levers_of(p, lent, serves)
        jobs = [Job.of(one, "kernel", seed) for one in (p.scenario, orders.with_plan(p, levers))]
        alone, helped = simulate(jobs, p.blocks, range(replications), executor)
        verdict = judge(p, levers, alone, helped)
        if verdict.holds or seed == seeds[-1]:
            break
        lent = cut_back(p, lent, verdict)
    return lent, levers, verdict, Proof(seed, alone)


def cut_back(p: Province, lent: Lent, verdict: Verdict) -> Lent:
    """Without a seat (or quantum) of each lender whose floor gave way, in all its hours: so stints stay whole."""
    lenders = {floor.lender for floor in verdict.floors if floor.broken}
    fewer = {slot: seats - p.agreement.quantum * (slot[0] in lenders) for slot, seats in lent.items()}
    return {slot: seats for slot, seats in fewer.items() if seats}


def of_rivals(p: Province, found: dict[str, Scenario], proof: Proof, executor: Executor | None) -> dict[str, Verdict]:
    """What each policy does on the luck of the proof, in as many replications as it takes to tell them apart."""
    alone = Counts(proof.alone.cities, proof.alone.values[:RIVAL])
    jobs = [Job.of(one, "kernel", proof.seed) for one in found.values()]
    counts = dict(zip(found, simulate(jobs, p.blocks, range(alone.replications), executor), strict=True))
    counts |= {name: since_ready(p, alone, counts[name]) for name in ROUTED}
    return {name: judge(p, lends(one), alone, counts[name]) for name, one in found.items()}


def since_ready(p: Province, alone: Counts, rival: Counts) -> Counts:
    """Counts of a rival that could not have begun before seats are ready: until then as without help."""
    values, first = rival.values.copy(), p.open_blocks[0]
    values[:, :, :first] = alone.values[:, :, :first]
    return Counts(rival.cities, values)


def lends(scenario: Scenario) -> tuple[Lend, ...]:
    return tuple(lever for lever in scenario.levers if isinstance(lever, Lend))
