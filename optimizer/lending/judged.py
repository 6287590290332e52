"""A plan that somebody else has made, or edited: judged by simulation against not lending, with all its floors, however
many terms it breaks, which are named."""
from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

from optimizer.lending.inputs.province import Province, province
from optimizer.lending.progress import Progress
from optimizer.lending.settings import PROOF_SEEDS
from optimizer.lending.trials.broken.every import broken_terms
from optimizer.lending.trials.broken.term import BrokenTerm
from optimizer.lending.trials.evaluation import Evaluation, judge
from optimizer.lending.trials.levels import CityLevels, levels_of
from optimizer.lending.trials.proof import replications_of
from optimizer.lending.trials.replay import ReplicationCache
from sim.scenario.dates import DAY_MINUTES
from sim.scenario.levers import Lend
from sim.scenario.scenario import Scenario
from sim.studies.executors import Workers, at_work
from sim.studies.replication import Tell


@dataclass(frozen=True)
class Judged:
    """A plan, what it does against not lending, and which terms it breaks."""

    province: Province        # open wherever the plan lends
    levers: tuple[Any, ...]
    verdict: Evaluation
    broken: tuple[BrokenTerm, ...]
    levels: dict[str, CityLevels]
    seconds: dict[str, float]


def judged(scenario: Scenario, levers: tuple[Any, ...], *, seed: int = 1, replications: int | None = None,
           workers: Workers = None, tell: Tell | None = None) -> Judged:
    """What a plan does, proved as a plan of ours is: on the same luck, if the seed is the same.

    :param scenario: without the plan, with ``lending`` terms.
    :param levers: of any kind; floors are owed by those who lend.
    :param replications: as many as prove a plan if None.
    :raises ValueError: for a scenario without terms.
    """
    with at_work(workers) as executor:
        return made(scenario, levers, seed, replications, executor, tell)


def made(scenario: Scenario, levers: tuple[Any, ...], seed: int, replications: int | None, executor: Executor | None,
         tell: Tell | None) -> Judged:
    doing, agreed = Progress(tell), province(scenario)
    lends = [one for one in levers if isinstance(one, Lend)]
    wide = widened(agreed, lends)
    planned = wide.scenario.model_copy(update={"levers": (*wide.scenario.levers, *levers)})
    with doing("proving", 0.0):
        luck = ReplicationCache(seed + PROOF_SEEDS[0], wide, executor)
        alone, helped = luck.of([wide.scenario, planned], replications or replications_of(agreed))
        verdict = judge(wide, [tuple(whole_blocks(wide, one) for one in lends)], alone, helped)
    with doing("levels", 0.8):
        levels = levels_of(wide, levers, seed, executor)
    return Judged(wide, levers, verdict, tuple(broken_terms(agreed, levers)), levels, doing.seconds)


def widened(agreed: Province, lends: Iterable[Lend]) -> Province:
    """The province with every pair of cities, and every block, in which a plan lends: floors are owed there too."""
    pairs = tuple(dict.fromkeys((*agreed.pairs, *(one.pair for one in lends))))
    spans = [whole_blocks(agreed, one).span for one in lends]
    used = {b for b, block in enumerate(agreed.blocks) if any(span.covers(block.start) for span in spans)}
    return replace(agreed, pairs=pairs, borrowers=tuple(dict.fromkeys(borrower for _, borrower in pairs)),
                   open_blocks=sorted({*agreed.open_blocks, *used}))


def whole_blocks(agreed: Province, one: Lend) -> Lend:
    """A lever as if its seats stayed for all of each block in which they are away for a part: floors are of blocks."""
    minutes = agreed.block_s // 60
    first, last = one.hours
    hours = first // minutes * minutes, min(-(-last // minutes) * minutes, DAY_MINUTES)
    if hours[0] == hours[1]:
        hours = 0, DAY_MINUTES
    return one.model_copy(update={"start": edge(one.start, minutes, up=False), "end": edge(one.end, minutes, up=True),
                                  "hours": hours})


def edge(at: datetime, minutes: int, up: bool) -> datetime:
    """The edge of a block before a moment, or after it."""
    midnight = datetime.combine(at.date(), time.min)
    block = timedelta(minutes=minutes)
    return midnight + (-((midnight - at) // block) if up else (at - midnight) // block) * block
