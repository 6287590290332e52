"""From a scenario to a plan that is proved: solve, simulate, learn where the model was wrong, and solve again."""
from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace

from optimizer import lending, orders
from optimizer.knowledge import Knowledge, NoPlanError, knowledge
from optimizer.learning import Trial, learn
from optimizer.lending import Solution
from optimizer.nearby import Tested, marginal, neighbours, search, tested
from optimizer.promise import gains, losses
from optimizer.province import Province, province
from optimizer.replay import Counts, simulate
from optimizer.rivals import ROUTED, policies
from optimizer.terms import conflicts, possible
from optimizer.verdict import Verdict, judge
from optimizer.whatif import Point, frontier, not_asked, refusals
from sim.levers import Lend
from sim.replication import Job
from sim.scenario import Scenario

ROUNDS = 6
TRIAL = 20          # replications of each trial
PROOF = 200         # and of the proof, on other luck
RIVAL = 40          # of it, for each policy to beat
FRESH = 2           # seeds further: the luck of the search, that of the proof is next to the trials'
SERVES = ("borrower", "both")
Say = Callable[[str, float], None]


@dataclass(frozen=True)
class Plan:
    """A plan and its proof."""

    province: Province
    levers: tuple[Lend, ...]
    serves: str
    solution: Solution
    trials: list[Trial]
    tests: list[Tested]         # of plans next to the one chosen
    marginal: dict[str, dict[str, float]]  # by lender: people that a seat more brings, and a seat less costs
    verdict: Verdict            # on fresh luck
    policies: dict[str, Scenario]  # what one would do without it
    rivals: dict[str, Verdict]  # what they do on the same luck
    frontier: list[Point]       # what the model promises with fewer seats
    refusals: dict[str, float]  # by lender: people fewer if it refuses
    not_asked: dict[str, str]   # lenders that are left alone, and why
    seconds: dict[str, float]

    @property
    def scenario(self) -> Scenario:
        return orders.with_plan(self.province, self.levers)


def plan(scenario: Scenario, *, seed: int = 1, trial: int = TRIAL, proof: int = PROOF, most_s: float = lending.MOST_S,
         executor: Executor | None = None, say: Say | None = None) -> Plan:
    """Which cities lend how many seats to whom and when, proved by simulation.

    :param scenario: with ``lending`` terms; levers of its own that lend are left out.
    :param trial: replications in which each plan is tried before it is believed.
    :param proof: replications of the proof, on luck that no trial has seen.
    :raises NoPlanError: where nothing can be planned.
    """
    tell, clock = say or (lambda what, share: None), Clock()
    p = province(scenario)
    tell("tables", 0.0)
    k = knowledge(p)
    refuse_impossible(k)
    clock.lap("tables")
    trials: list[Trial] = []
    alone = simulate([Job.of(p.scenario, "kernel", seed)], p.blocks, range(trial), executor)[0]
    clock.lap("simulated")
    for number in range(ROUNDS):
        tell("solving", number / ROUNDS)
        solution = lending.solve(k, most_s)
        clock.lap("solved")
        tell("trying", number / ROUNDS)
        trials.append(best_of([tried(p, solution, serves, alone, seed, executor) for serves in SERVES]))
        clock.lap("simulated")
        if not learn(k, trials[-1]):
            break
    else:
        solution = lending.solve(k, most_s)  # with what the last trial has told
        clock.lap("solved")
    tell("searching", 1.0)
    chosen = best_of([one for one in trials if one.verdict.holds] or trials[-1:])
    lent, tests = search(k, chosen.solution.lent, lambda plan, tries, step: tested(
        p, plan, chosen.serves, tries, seed + FRESH + step, trial, executor))
    levers = orders.levers_of(p, lent, chosen.serves)
    clock.lap("searched")
    tell("proving", 1.0)
    rivals = policies(p, scenario)
    verdict, others = proved(p, levers, rivals, seed + 1, proof, executor)
    clock.lap("proved")
    points, refused = frontier(k, solution), refusals(k, solution)
    clock.lap("asked")
    found = replace(chosen.solution, lent=lent, gains=gains(k, lent), losses=losses(k, lent))
    return Plan(p, levers, chosen.serves, found, trials, tests, marginal(neighbours(k, lent)), verdict, rivals, others,
                points, refused, not_asked(k, found), clock.laps)


def refuse_impossible(k: Knowledge) -> None:
    """:raises NoPlanError: where the terms allow no seat to be lent, with those that stand against it."""
    if not possible(k):
        names = [f"lending.{name}" for name in conflicts(k)]
        raise NoPlanError(f"the terms allow no seat to be lent in any block; without {' or '.join(names)} some could be"
                          if names else "the terms allow no seat to be lent in any block, and no single one of them "
                                        "stands against it alone")


class Clock:
    """Seconds by what they went into."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self.since = time.perf_counter()

    def lap(self, what: str) -> None:
        now = time.perf_counter()
        self.laps[what] = self.laps.get(what, 0.0) + now - self.since
        self.since = now


def tried(p: Province, solution: Solution, serves: str, alone: Counts, seed: int,
          executor: Executor | None) -> Trial:
    levers = orders.levers_of(p, solution.lent, serves)
    job = Job.of(orders.with_plan(p, levers), "kernel", seed)
    helped = simulate([job], p.blocks, range(alone.replications), executor)[0]
    return Trial(solution, levers, serves, judge(p, levers, alone, helped))


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


def best_of(trials: list[Trial]) -> Trial:
    """Floors first, then people answered."""
    return max(trials, key=lambda one: (one.verdict.holds, one.verdict.people.mean))
