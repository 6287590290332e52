"""Rounds of solving and simulating, until simulation tells nothing new."""
from __future__ import annotations

from collections.abc import Callable

from optimizer.lending.inputs.estimates import Estimates, NoPlanError
from optimizer.lending.inputs.promise import cost
from optimizer.lending.inputs.province import Province
from optimizer.lending.model import lending
from optimizer.lending.model.lending import Solution
from optimizer.lending.model.terms import conflicts, possible
from optimizer.lending.progress import Progress
from optimizer.lending.settings import FEW, ROUNDS
from optimizer.lending.trials import limits, orders
from optimizer.lending.trials.corrections import Trial, learn
from optimizer.lending.trials.evaluation import seen
from optimizer.lending.trials.replay import ReplicationCache
from sim.scenario.messages import both, either, say

SERVES: tuple[str, ...] = ("borrower", "home_first")
"""Whom lent seats may answer. Seats of both by the longest wait answer as many as home-first ones, and cost more."""


def rounds(estimates: Estimates, luck: ReplicationCache, proof: int, doing: Progress) -> tuple[Estimates, list[Trial]]:
    """What was tried, whomever seats serve, and what is known then: of the way that turns out best.

    :param proof: replications with which a plan is to be proved.
    :raises NoPlanError: where the terms allow no help at all.
    """
    refuse_impossible(estimates)
    with doing("solving", 0.0):
        first = lending.solve(estimates)
    ways = [one for one in SERVES if one == "borrower" or not estimates.province.agreement.first]
    lines = [(own, of_one_way(own, first, serves, luck, proof, doing, part_of(k, len(ways))))
             for k, serves in enumerate(ways) for own in [estimates.apart()]]
    return max(lines, key=lambda line: merit(chosen(line[1])))


def part_of(k: int, ways: int) -> Callable[[float], float]:
    """The share of all rounds that is done, from that of one of so many ways."""
    return lambda share: (k + share) / ways


def of_one_way(estimates: Estimates, first: Solution, serves: str, luck: ReplicationCache, proof: int, doing: Progress,
               done: Callable[[float], float]) -> list[Trial]:
    """What was tried where seats serve these. The knowledge grows.

    :param done: the share of all rounds that is done, by that of these.
    """
    number = limits.replications(estimates.province, proof)

    def trial_of(solution: Solution, replications: int) -> Trial:
        with doing("simulating", done(0.4)):
            return tried(estimates.province, solution, serves, luck, replications, proof)

    trials = [trial_of(first, min(FEW, number))]
    with doing("measuring", done(0.1)):
        limits.measure(estimates, serves, luck, proof)
    for turn in range(ROUNDS):
        with doing("solving", done(0.4 + turn / ROUNDS / 2)):
            solution = lending.solve(estimates)
        if turn and solution.lent == trials[-1].solution.lent:
            break
        trials.append(trial_of(solution, number))
        if not learn(estimates, trials[-1]):
            break
    return trials


def refuse_impossible(estimates: Estimates) -> None:
    """:raises NoPlanError: where the terms allow no seat to be lent, with those that stand against it."""
    if not possible(estimates):
        terms = [both(f"lending.{name}" for name in names) for names in conflicts(estimates)]
        raise NoPlanError(say("the terms allow no seat to be lent in any block")
                          + (say("; without {terms} some could be", terms=either(terms)) if terms else say("")))


def tried(province: Province, solution: Solution, serves: str, luck: ReplicationCache, replications: int,
          proof: int) -> Trial:
    levers = orders.levers_of(province, solution.lent, serves)
    verdict = seen(province, levers, luck, replications)
    doubts = limits.doubts(province, levers, luck, replications, lambda floor: floor.keeps(proof / replications))
    return Trial(solution, levers, serves, verdict, doubts, verdict.people.mean - cost(province, solution.lent))


def merit(trial: Trial) -> tuple[int, float]:
    """The fewest floors that give way, then what it is worth."""
    return -sum(len(floors) for _, floors in trial.doubts), trial.worth


def chosen(trials: list[Trial]) -> Trial:
    """The best one of those made since limits were measured."""
    return max(trials[1:], key=merit)
