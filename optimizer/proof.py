"""A plan and its rivals on luck that no trial has seen."""
from __future__ import annotations

from concurrent.futures import Executor

from optimizer import orders
from optimizer.province import Province
from optimizer.replay import Counts, simulate
from optimizer.rivals import ROUTED
from optimizer.verdict import Verdict, judge
from sim.levers import Lend
from sim.replication import Job
from sim.scenario import Scenario

RIVAL = 20  # replications of each policy to beat


def proved(p: Province, levers: tuple[Lend, ...], others: dict[str, Scenario], seed: int, replications: int,
           executor: Executor | None) -> tuple[Verdict, dict[str, Verdict]]:
    """The plan in all replications, its rivals in as many as they need to be told apart from it."""
    plans = {"alone": p.scenario, "plan": orders.with_plan(p, levers)}
    jobs = [Job.of(one, "kernel", seed) for one in plans.values()]
    alone, helped = simulate(jobs, p.blocks, range(replications), executor)
    short = Counts(alone.cities, alone.values[:max(2, min(RIVAL, replications))])
    return judge(p, levers, alone, helped), of_rivals(p, others, short, seed, executor)


def of_rivals(p: Province, found: dict[str, Scenario], alone: Counts, seed: int,
              executor: Executor | None) -> dict[str, Verdict]:
    """What each policy does on the luck on which nobody was lent."""
    jobs = [Job.of(one, "kernel", seed) for one in found.values()]
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
