"""From a scenario to a plan that is proved: solve, simulate, learn where the model was wrong, and solve again."""
from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import astuple, dataclass

import pandas as pd

from optimizer.lending.inputs.estimates import knowledge
from optimizer.lending.inputs.province import Lent, Province, province
from optimizer.lending.model.lending import Solution, beside
from optimizer.lending.model.terms import with_room
from optimizer.lending.progress import Progress
from optimizer.lending.settings import PROOF, PROOF_SEEDS, SEARCH_DAYS, SEARCH_SEED, SEARCH_STEPS, SECOND_SURGE_SEED
from optimizer.lending.trials import orders
from optimizer.lending.trials.benchmark_policies import policies
from optimizer.lending.trials.comparison import Rival, of_rivals
from optimizer.lending.trials.contingencies import Contingency, armed
from optimizer.lending.trials.corrections import Trial
from optimizer.lending.trials.evaluation import Evaluation
from optimizer.lending.trials.limits import replications
from optimizer.lending.trials.neighbours import Neighbour, Tested, marginal, neighbours, next_to, search, tested
from optimizer.lending.trials.proof import proved, rehearsed
from optimizer.lending.trials.replay import ReplicationCache
from optimizer.lending.trials.rounds import chosen, rounds
from optimizer.lending.whatif import WhatIf, asked, not_asked
from sim.scenario.levers import Lend
from sim.scenario.scenario import Scenario
from sim.studies.executors import Workers, at_work
from sim.studies.replication import Tell


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
    verdict: Evaluation            # on fresh luck
    policies: dict[str, Scenario]  # what one would do without it
    rivals: dict[str, Rival]    # what they do on the same luck
    standby: dict[str, int]     # by lender: seats that can be called in
    strikes: list[Contingency]        # what is done about second surges
    asked: WhatIf                # what the model says of other terms
    not_asked: dict[str, str]   # lenders that are left alone, and why
    seconds: dict[str, float]

    @property
    def scenario(self) -> Scenario:
        """The province with the plan pulled."""
        return orders.with_plan(self.province, self.levers)

    def orders(self) -> pd.DataFrame:
        """One row an order: lender, borrower, seats, from, to, and the hours of the day."""
        rows = [(one.lender, one.borrower, float(one.seats), one.start, one.end,
                 "–".join(f"{minute // 60:02}:{minute % 60:02}" for minute in one.hours)) for one in self.levers]
        return pd.DataFrame(rows, columns=["lender", "borrower", "seats", "from", "to", "hours"])

    def effect(self) -> pd.DataFrame:
        """What it changes against not lending, proved on luck of its own: people answered more in all cities and in
        each that borrows or lends, with 95 % intervals. One row each: where, mean, low, high."""
        found = {"province": self.verdict.people, **self.verdict.gains, **self.verdict.lenders}
        return pd.DataFrame([(where, *astuple(one)) for where, one in found.items()],
                            columns=["where", "mean", "low", "high"])

    def _repr_html_(self) -> str:
        from sim.studies import notebook
        return notebook.of_tables(self.province.scenario, self.effect().round(1), self.orders())


def plan(scenario: Scenario, *, seed: int = 1, proof: int = PROOF,
         workers: Workers = None, tell: Tell | None = None) -> Plan:
    """Which cities lend how many seats to whom and when, proved by simulation.

    :param scenario: with ``lending`` terms; levers of its own that lend are left out.
    :param proof: replications of the proof, on luck that no trial has seen.
    :param workers: processes, the address of a Dask cluster, or an executor; all cores if None.
    :param tell: is told the share that is done.
    :raises NoPlanError: where nothing can be planned.
    :raises FloorError: where a lender misses its floor even if it lends nothing.
    """
    with at_work(workers) as executor:
        return made(scenario, seed, proof, executor, tell)


def made(scenario: Scenario, seed: int, proof: int, executor: Executor, tell: Tell | None) -> Plan:
    doing, p = Progress(tell), province(scenario)

    def luck(further: int) -> ReplicationCache:
        return ReplicationCache(seed + further, p, executor)

    with doing("tables", 0.0):
        estimates = knowledge(p)
    number, fresh = replications(p, proof, SEARCH_DAYS), [luck(SEARCH_SEED + step) for step in range(SEARCH_STEPS + 1)]
    estimates, trials = rounds(estimates, luck(0), proof, doing)
    one = chosen(trials)

    def test(lent: Lent, tries: list[Neighbour], step: int) -> list[Tested]:
        return tested(p, lent, one.serves, tries, fresh[step], number, proof)

    with doing("searching"):
        rehearsal = rehearsed(estimates, one.solution.lent, one.serves, fresh[0], min(2 * number, proof), proof)
        searched, tests = search(estimates, rehearsal, test)
    with doing("proving"):
        lent, found = proved(estimates, searched, one.serves, [luck(further) for further in PROOF_SEEDS], proof)
        tests = tests if lent == searched else next_to(estimates, lent, test, SEARCH_STEPS)
    with doing("comparing"):
        others = policies(estimates, scenario, one.serves)
        rivals = of_rivals(p, others, found)
    with doing("asking"):
        estimates = with_room(estimates, lent)
        best, mine = beside(estimates, lent)
        standby, strikes = armed(estimates, mine, one.serves, luck(SECOND_SURGE_SEED), number)
        other_terms = asked(estimates, best, [name for name in estimates.most if name in mine.lenders], executor)
        near = marginal(estimates, neighbours(estimates, lent))
    return Plan(p, found.levers, one.serves, mine, trials, tests, near, found.verdict, others, rivals, standby, strikes,
                other_terms, not_asked(estimates, mine), doing.seconds)
