"""Rounds of solving and simulating, until simulation tells nothing new."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from optimizer.lending.inputs.estimates import Estimates, NoPlanError
from optimizer.lending.inputs.promise import at_once, cost
from optimizer.lending.inputs.province import LENDER, Lent, Province
from optimizer.lending.model import lending
from optimizer.lending.model.lending import Solution
from optimizer.lending.model.terms import conflicts, possible
from optimizer.lending.settings import ROUNDS
from optimizer.lending.trials import orders
from optimizer.lending.trials.corrections import Trial, cut, learn
from optimizer.lending.trials.evaluation import seen
from optimizer.lending.trials.floors import FloorResult
from optimizer.lending.trials.orders import Serves
from optimizer.lending.trials.replay import ReplicationCache
from sim.scenario.lever import Lever
from sim.scenario.messages import both, either, say
from sim.studies.executors import all_of


def rounds(known: Sequence[Estimates], serves: Sequence[Serves], luck: ReplicationCache, replications: int,
           times: float, near: Sequence[Lent] = ()) -> list[list[Trial]]:
    """What was tried with each knowledge, which grows. All are solved side by side, and then simulated side by side.

    :param times: as many times as many replications will prove a plan.
    :param near: plans from which to start, if any.
    """
    trials: list[list[Trial]] = [[] for _ in known]
    near = near or [{} for _ in known]

    def tried_anew(those: Mapping[int, Estimates]) -> list[int]:
        """Those whose plan is new, which is tried."""
        starts = [trials[k][-1].solution.lent if trials[k] else near[k] for k in those]
        solved = all_of(luck.executor, lending.solve, list(zip(those.values(), starts, strict=True)))
        plans = zip(those, solved, strict=True)
        new = {k: one for k, one in plans if all(one.lent != other.solution.lent for other in trials[k])}
        simulated_together(known[0].province, [orders.levers_of(known[k].province, one.lent, serves[k])
                                               for k, one in new.items()], luck, replications)
        for k, one in new.items():
            trials[k].append(tried(known[k].province, one, serves[k], luck, replications, times))
        return list(new)

    going = list(range(len(known)))
    for _ in range(ROUNDS):
        going = [k for k in tried_anew({k: known[k] for k in going}) if learn(known[k], trials[k][-1], times)]
    best = [chosen(mine) for mine in trials]
    doubted = {k: one for k, one in enumerate(best) if one.doubts}
    tried_anew({k: cut_back(known[k], one.solution.lent, one.doubts, times) for k, one in doubted.items()})
    return trials


def cut_back(estimates: Estimates, lent: Lent, doubts: Sequence[FloorResult], times: float) -> Estimates:
    """What is known where no plan lends at any time more than this one, whatever else was learnt, and less where floors
    are unsure; this becomes known."""
    cut(estimates, lent, doubts, times)
    within = replace(estimates, most={name: at_once(estimates.province, lent, LENDER, name) for name in estimates.most})
    cut(within, lent, doubts, times)
    return within


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
