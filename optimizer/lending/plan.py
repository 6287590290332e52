"""From a scenario to a menu of plans that are proved, and all that is told of the one that is chosen."""
from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import astuple, dataclass, field, replace
from functools import cache

import pandas as pd

from optimizer.lending.inputs.estimates import Estimates, knowledge
from optimizer.lending.inputs.promise import gains, losses
from optimizer.lending.inputs.province import Province, province
from optimizer.lending.inputs.sources import city_of
from optimizer.lending.menu.drafts import Draft, Tested
from optimizer.lending.menu.menu import Luck, MenuInputs, menu
from optimizer.lending.menu.options import Option, recommended, same_as, without_doubles
from optimizer.lending.menu.so_far import Shown, SoFar
from optimizer.lending.menu.stances import ON_DUTY, STANCES
from optimizer.lending.model import lending
from optimizer.lending.model.lending import Solution, beside
from optimizer.lending.model.terms import with_room
from optimizer.lending.progress import Progress
from optimizer.lending.settings import ENOUGH, PREMISE_SEED, SECOND_SURGE_SEED
from optimizer.lending.trials import limits, orders
from optimizer.lending.trials.benchmark_policies import policies
from optimizer.lending.trials.comparison import Rival, of_rivals
from optimizer.lending.trials.contingencies import Contingency, armed
from optimizer.lending.trials.corrections import Trial
from optimizer.lending.trials.evaluation import Evaluation
from optimizer.lending.trials.levels import CityLevels, levels_of
from optimizer.lending.trials.neighbours import marginal, neighbours
from optimizer.lending.trials.orders import Serves
from optimizer.lending.trials.premises import Premise, premises
from optimizer.lending.trials.proof import replications_of
from optimizer.lending.trials.replay import ReplicationCache
from optimizer.lending.trials.rounds import refuse_impossible
from optimizer.lending.whatif import WhatIf, asked, not_asked
from sim.scenario.lever import Lever
from sim.scenario.levers import Lend
from sim.scenario.scenario import Scenario
from sim.studies.checkpoint import Checkpoint
from sim.studies.executors import Workers, at_work
from sim.studies.replication import Tell

NAMES = tuple(stance.name for stance in STANCES)
"""What plans of a menu are called."""


@dataclass(frozen=True)
class Plan:
    """A menu of plans, and the one that is chosen."""

    menu: tuple[Option, ...]
    option: Option
    recommended: str
    province: Province
    serves: Serves
    solution: Solution
    marginal: dict[str, dict[str, float]]  # by source: people that a seat more brings, and a seat less costs
    policies: dict[str, Scenario]  # what one would do without it
    rivals: dict[str, Rival]    # what they do on the same luck
    standby: dict[str, int]     # by lender: seats that can be called in
    strikes: list[Contingency]        # what is done about second surges
    asked: WhatIf                # what the model says of other terms
    not_asked: dict[str, str]   # lenders that are left alone, and why
    seconds: dict[str, float]
    levels: dict[str, CityLevels] = field(default_factory=dict)  # by city: when an order is changed
    premises: Sequence[Premise] = ()  # what it brings where assumptions are at an end of their range
    enough: float = ENOUGH  # of what the best plan brings: whoever asks less for so much is recommended

    @property
    def levers(self) -> tuple[Lever, ...]:
        return self.option.draft.levers

    @property
    def verdict(self) -> Evaluation:
        """On fresh luck."""
        return self.option.proof.verdict

    @property
    def trials(self) -> list[Trial]:
        return self.option.draft.trials

    @property
    def tests(self) -> tuple[Tested, ...]:
        """Of plans next to the one chosen."""
        return self.option.draft.tests

    @property
    def scenario(self) -> Scenario:
        """The province with the plan pulled."""
        return orders.with_plan(self.province, self.levers)

    def orders(self) -> pd.DataFrame:
        """One row an order: lender, borrower, seats, from, to, and the hours of the day."""
        rows = [(one.lender, one.borrower, float(one.seats), one.start, one.end,
                 "–".join(f"{minute // 60:02}:{minute % 60:02}" for minute in one.hours))
                for one in self.levers if isinstance(one, Lend)]
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


class CutShort(KeyboardInterrupt):
    """Ctrl-C, with the best plan so far."""

    def __init__(self, best: Plan):
        super().__init__()
        self.best = best


@dataclass(frozen=True)
class Wish:
    """What is asked for."""

    seed: int = 1
    proof: int | None = None    # replications of a proof at the most; as many as its days need if None
    choose: str | None = None   # which plan of the menu; the recommended one if None


def plan(scenario: Scenario, wish: Wish | None = None, *, workers: Workers = None, tell: Tell | None = None,
         shown: Shown | None = None, kept: Checkpoint | None = None) -> Plan:
    """Who answers for whom and when, proved by simulation.

    :param scenario: with ``lending`` terms; levers of its own that lend are left out.
    :param workers: processes, the address of a Dask cluster, or an executor; all cores if None.
    :param tell: is told the share that is done.
    :param shown: is shown menus on their way.
    :param kept: where replications are kept, for the same plan to go on from.
    :raises NoPlanError: where nothing can be planned.
    :raises FloorError: where a lender misses its floor even if it lends nothing.
    :raises CutShort: if interrupted once there is a menu.
    """
    with at_work(workers) as executor:
        return made(scenario, wish or Wish(), executor, Progress(tell), SoFar(shown or not_shown),
                    kept or Checkpoint(None))


def not_shown(menu: Sequence[Option]) -> None:
    """Nobody looks."""


def made(scenario: Scenario, wish: Wish, executor: Executor, doing: Progress, so_far: SoFar, kept: Checkpoint) -> Plan:
    p = province(scenario)

    @cache
    def luck(further: int) -> ReplicationCache:
        return ReplicationCache(wish.seed + further, p, executor, kept)

    with doing("tables", 0.0):
        estimates = knowledge(p)
        refuse_impossible(estimates)
    try:
        found, drafts = menu(MenuInputs(scenario, estimates, luck, wish.proof or replications_of(p), doing, so_far))
        best = of_menu(found, wish.choose, p, doing)
        duty = next(one.known for one in drafts if one.stance is ON_DUTY)
        return with_all_else(best, scenario, duty, luck, doing)
    except KeyboardInterrupt:
        if not so_far.options:
            raise
        raise CutShort(of_menu(list(so_far.options.values()), wish.choose, p, doing)) from None


def of_menu(found: list[Option], choose: str | None, p: Province, doing: Progress) -> Plan:
    """The plan that is chosen, without all that is told of one beside its proof."""
    options = without_doubles(found)
    best = recommended(options)
    option = best if choose is None else same_as(next(one for one in found if one.name == choose), options)
    draft = option.draft
    return Plan(tuple(options), option, best.name, p, draft.serves, solution_of(draft), {}, {}, {}, {}, [],
                WhatIf([], {}, {}), {}, doing.seconds)


def solution_of(draft: Draft) -> Solution:
    """What the model says of a draft, as far as it was asked."""
    last = draft.model or lending.solve(draft.known, draft.seats)
    known, lent = draft.known, draft.seats
    return replace(last, lent=lent, gains=gains(known, lent), losses=losses(known, lent))


def with_all_else(one: Plan, scenario: Scenario, duty: Estimates, luck: Luck, doing: Progress) -> Plan:
    """A plan with what other policies do, what is done about second surges, what the model says of other terms, and
    when its order is changed."""
    draft, p, executor = one.option.draft, one.province, luck(0).executor
    with doing("comparing", 0.9):
        others = policies(duty, scenario, draft.serves)
        rivals = of_rivals(p, others, one.option.proof)
        at_ends = premises(p, one.levers, luck(PREMISE_SEED))
    with doing("asking", 0.95):
        known = with_room(draft.known, draft.seats)
        most_of_all, mine = beside(known, draft.seats)
        standby, strikes = armed(known, mine, draft.serves, luck(SECOND_SURGE_SEED), limits.replications(p))
        lenders = sorted({city_of(source) for source, *_ in draft.seats} - {""})
        other_terms = asked(known, most_of_all, lenders, executor)
    with doing("levels", 0.97):
        levels = levels_of(p, one.levers, luck(0).seed, executor)
    return replace(one, solution=mine, policies=others, rivals=rivals, standby=standby, strikes=strikes,
                   marginal=marginal(known, neighbours(known, draft.seats)), asked=other_terms,
                   not_asked=not_asked(known, mine), levels=levels, premises=at_ends)
