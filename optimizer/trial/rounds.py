"""Rounds of solving and simulating, until simulation tells nothing new."""
from __future__ import annotations

from concurrent.futures import Executor

from optimizer.given.knowledge import Knowledge, NoPlanError
from optimizer.given.promise import cost
from optimizer.given.province import Province
from optimizer.model import lending
from optimizer.model.lending import Solution
from optimizer.model.terms import conflicts, possible
from optimizer.progress import Progress
from optimizer.trial import orders
from optimizer.trial.learning import Trial, learn
from optimizer.trial.replay import Counts, simulate
from optimizer.trial.verdict import judge
from sim.replication import Job

ROUNDS = 12
SERVES: tuple[str, ...] = ("borrower", "both")


def rounds(k: Knowledge, seed: int, replications: int, executor: Executor | None,
           doing: Progress) -> list[Trial]:
    """What was tried. The knowledge grows.

    :raises NoPlanError: where the terms allow no help at all.
    """
    refuse_impossible(k)
    p, trials, kinds = k.province, list[Trial](), SERVES
    with doing("simulating", 0.0):
        alone = simulate([Job.of(p.scenario, "kernel", seed)], p.blocks, range(replications), executor)[0]
    for number in range(ROUNDS):
        with doing("solving", number / ROUNDS):
            solution = lending.solve(k)
        with doing("simulating", number / ROUNDS):
            trials.append(best_of([tried(p, solution, serves, alone, seed, executor) for serves in kinds]))
        kinds = (trials[-1].serves,)
        if not learn(k, trials[-1]):
            break
    best = chosen(trials)
    with doing("simulating"):  # the kind of seats was chosen for the first plan
        return [*trials, *(tried(p, best.solution, serves, alone, seed, executor) for serves in SERVES
                           if serves != best.serves)]


def refuse_impossible(k: Knowledge) -> None:
    """:raises NoPlanError: where the terms allow no seat to be lent, with those that stand against it."""
    if not possible(k):
        why = " or ".join(" and ".join(f"lending.{name}" for name in names) for names in conflicts(k))
        raise NoPlanError("the terms allow no seat to be lent in any block"
                          + (f"; without {why} some could be" if why else ""))


def tried(p: Province, solution: Solution, serves: str, alone: Counts, seed: int,
          executor: Executor | None) -> Trial:
    levers = orders.levers_of(p, solution.lent, serves)
    job = Job.of(orders.with_plan(p, levers), "kernel", seed)
    helped = simulate([job], p.blocks, range(alone.replications), executor)[0]
    verdict = judge(p, [levers], alone, helped)
    return Trial(solution, levers, serves, verdict, verdict.people.mean - cost(p, solution.lent))


def best_of(trials: list[Trial]) -> Trial:
    """Floors first, kept with a margin if possible, then what it is worth."""
    return max(trials, key=lambda one: (one.verdict.near, one.verdict.holds, one.worth))


def chosen(trials: list[Trial]) -> Trial:
    """The best one of those that hold all floors, or else of the last ones, which have learnt most."""
    return best_of([one for one in trials if one.verdict.holds] or trials[-len(SERVES):])
