"""Rounds of solving and simulating, until simulation tells nothing new."""
from __future__ import annotations

from collections.abc import Sequence

from optimizer.lending.inputs.estimates import Estimates, NoPlanError
from optimizer.lending.inputs.promise import cost
from optimizer.lending.inputs.province import Province
from optimizer.lending.model import lending
from optimizer.lending.model.lending import Solution
from optimizer.lending.model.terms import conflicts, possible
from optimizer.lending.settings import ROUNDS
from optimizer.lending.trials import orders
from optimizer.lending.trials.corrections import Trial, learn
from optimizer.lending.trials.evaluation import seen
from optimizer.lending.trials.orders import Serves
from optimizer.lending.trials.replay import ReplicationCache
from sim.scenario.lever import Lever
from sim.scenario.messages import both, either, say
from sim.studies.executors import all_of


def rounds(known: Sequence[Estimates], serves: Serves, luck: ReplicationCache, replications: int,
           times: float) -> list[list[Trial]]:
    """What was tried with each knowledge, which grows. All are solved side by side, and then simulated side by side.

    :param times: as many times as many replications will prove a plan.
    """
    trials: list[list[Trial]] = [[] for _ in known]
    going = list(range(len(known)))
    for _ in range(ROUNDS):
        solved = zip(going, all_of(luck.executor, lending.solve, [(known[k],) for k in going]), strict=True)
        new = {k: one for k, one in solved if all(one.lent != other.solution.lent for other in trials[k])}
        simulated_together(known[0].province, [orders.levers_of(known[k].province, one.lent, serves)
                                               for k, one in new.items()], luck, replications)
        for k, one in new.items():
            trials[k].append(tried(known[k].province, one, serves, luck, replications, times))
        going = [k for k in new if learn(known[k], trials[k][-1], times)]
    return trials


def simulated_together(province: Province, plans: Sequence[tuple[Lever, ...]], luck: ReplicationCache,
                       replications: int) -> None:
    """Have plans simulated side by side: whoever asks for one of them afterwards waits for none."""
    luck.of([province.scenario, *(orders.with_plan(province, levers) for levers in plans)], replications)


def refuse_impossible(estimates: Estimates) -> None:
    """:raises NoPlanError: where the terms allow no seat to be lent, with those that stand against it."""
    if not possible(estimates):
        terms = [both(f"lending.{name}" for name in names) for names in conflicts(estimates)]
        raise NoPlanError(say("the terms allow no seat to be lent in any block")
                          + (say("; without {terms} some could be", terms=either(terms)) if terms else say("")))


def tried(province: Province, solution: Solution, serves: Serves, luck: ReplicationCache, replications: int,
          times: float) -> Trial:
    levers = orders.levers_of(province, solution.lent, serves)
    verdict = seen(province, levers, luck, replications)
    return Trial(solution, levers, serves, verdict, verdict.unsure(times),
                 verdict.people.mean - cost(province, solution.lent))


def merit(trial: Trial) -> tuple[int, float]:
    """The fewest floors that give way, then what it is worth."""
    return -len(trial.doubts), trial.worth


def chosen(trials: list[Trial]) -> Trial:
    """The best one."""
    return max(trials, key=merit)
