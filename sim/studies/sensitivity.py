"""On which assumption does an answer hang? Assumed values moved through their ranges, all on the same luck.

First all of them are screened (Morris 1991): which matter at all. Then the few that matter are looked at closely: how
much of the answer's variance each explains (Sobol 1993), what each does alone, and whether the ranking of the variants
turns anywhere among the points that were tried.
"""
from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.core.arrays import Floats
from sim.core.engines import EngineName
from sim.core.sources import sources_hash
from sim.measures.counts import count
from sim.measures.statistics import CONFIDENCE, figure
from sim.scenario.assumptions import grouped, of_kind, with_numbers
from sim.scenario.problems import Where
from sim.scenario.quantities import Quantity
from sim.scenario.scenario import BASE, Scenario
from sim.studies import executors
from sim.studies.checkpoint import Checkpoint
from sim.studies.executors import Workers
from sim.studies.replication import Job, Tell, outcomes_of, prepared
from sim.studies.result import Result
from sim.studies.selection import objective
from sim.studies.study import variants_of

DATE = re.compile(r"\d{4}-\d\d-\d\d")
LEVELS = 4          # of Morris's grid
TRAJECTORIES = 6    # of the screening: each moves every factor once
FEW = 6             # factors that are looked at closely
CLOSE_POINTS = 32   # of Sobol's sequence: times factors + 2
ANYWHERE = 100      # points anywhere in the cube, independent of each other: what share of it a variant is better in
SAME = 0.005        # answer rates that differ by less are the same
FIT = 0.9           # of the points, that one bound on one factor has to tell right to be worth telling
SEED = 1


@dataclass(frozen=True)
class Factor:
    """An assumption: the places that share it move together, each through its own range."""

    places: tuple[Where, ...]
    values: tuple[float, ...]
    lows: tuple[float, ...]
    highs: tuple[float, ...]
    note: str

    @property
    def name(self) -> str:
        return ".".join(map(str, self.places[0]))

    @property
    def base(self) -> float:
        """Where the file's value lies, as a share of its range."""
        wide = self.highs[0] - self.lows[0]
        return (self.values[0] - self.lows[0]) / wide if wide > 0 else 0.5

    def numbers(self, u: float) -> dict[Where, float]:
        return {where: low + (high - low) * float(u)
                for where, low, high in zip(self.places, self.lows, self.highs, strict=True)}


@dataclass(frozen=True)
class Point:
    """A point of the cube: each factor as a share of its range; what each variant's answer rate is there."""

    u: tuple[float, ...]
    rates: tuple[float, ...]


@dataclass(frozen=True)
class Effect:
    """What a factor does to an outcome, in its units over its whole range."""

    factor: Factor
    screened: float        # Morris's mean absolute elementary effect
    screened_conf: float   # half its 95 % interval
    low: float = np.nan    # the outcome with this factor alone at its lowest
    high: float = np.nan
    first: float = np.nan  # Sobol's first-order and total index, with half their 95 % intervals
    first_conf: float = np.nan
    total: float = np.nan
    total_conf: float = np.nan


@dataclass(frozen=True)
class Turn:
    """How a variant does against the scenario as it is: shares of the cube, by points that lie anywhere in it."""

    variant: str
    better: float
    same: float
    worse: float
    factor: Factor | None = None  # that tells best where it is better, if one does
    bound: float = np.nan         # a value of the factor
    above: bool = True            # better above it, or below


@dataclass
class Sensitivity:
    """The answer: effects on each outcome, the strongest first, and how the ranking holds."""

    variants: tuple[str, ...]
    base: tuple[float, ...]       # answer rates with the file's values
    factors: list[Factor]
    effects: dict[str, list[Effect]] = field(default_factory=dict)  # by outcome: BASE, or a variant - BASE
    turns: list[Turn] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)
    anywhere: int = 0  # of the points, the last ones: independent and uniform
    replications: int = 1

    def table(self) -> pd.DataFrame:
        """One row a point: factors as shares of their ranges, answer rates of the variants."""
        columns = [factor.name for factor in self.factors] + [f"rate {name}" for name in self.variants]
        return pd.DataFrame([(*point.u, *point.rates) for point in self.points], columns=columns)


def factors(scenario: Scenario) -> list[Factor]:
    """The assumptions with a range; those of one kind with one reason are one."""
    return [factor(note, members) for (_, note), members in grouped(movable(scenario), family).items()]


def factor(note: str, members: Sequence[tuple[Where, Quantity]]) -> Factor:
    ranges = [one.range for _, one in members if one.range]
    return Factor(tuple(where for where, _ in members), tuple(one.number for _, one in members),
                  tuple(low for low, _ in ranges), tuple(high for _, high in ranges), note)


def movable(scenario: Scenario) -> Iterator[tuple[Where, Quantity]]:
    for where, quantity in of_kind(scenario, "assumed"):
        if quantity.range and quantity.range[0] < quantity.range[1]:
            yield where, quantity


def family(where: Where) -> tuple[str, ...]:
    """What kind of value: where it stands, without the names and numbers of those it belongs to."""
    plain = [str(step) for step in where if not isinstance(step, int) and not DATE.match(str(step))]
    top = "levers" if plain[0] == "variants" else plain[0]
    return (top, *plain[-2:]) if "parts" in plain else (top, plain[-1])


# --- trying points ---------------------------------------------------------------------------------------------------

def rates(jobs: Sequence[Job], replications: int, tell: Tell | None = None) -> tuple[float, ...]:
    """The answer rate of each variant, the mean of some replications."""
    return tuple(rate(job, replications) for job in jobs)


def rate(job: Job, replications: int) -> float:
    setting, levels = prepared(job)
    result, within_s = Result(job), float(job.scenario.answered_within)
    for replication in range(replications):
        counted = count(setting, outcomes_of(job, replication), within_s)
        result.whole.append(levels["whole"].measure(setting, counted)[..., 0])
    return figure(objective(result)).mean


@dataclass
class Trials:
    """Points of the cube, computed wherever there is room; the same point is computed once."""

    scenario: Scenario
    factors: Sequence[Factor]
    engine: EngineName
    seed: int
    replications: int
    executor: Executor
    tell: Tell | None
    foreseen: int  # points, as far as one sees before the screening
    checkpoint: Checkpoint = field(default_factory=lambda: Checkpoint(None))
    known: dict[tuple[float, ...], Point] = field(default_factory=dict)
    kept: dict[tuple[float, ...], Point] = field(default_factory=dict)  # of an interrupted study, not yet asked for
    number: int = 0  # of the last point that was kept

    def take_up(self) -> None:
        """The points that an interrupted study has left."""
        for number, _, arrays in self.checkpoint.findings():
            self.number = max(self.number, number)
            point = Point(tuple(arrays["u"].tolist()), tuple(arrays["rates"].tolist()))
            self.kept[point.u] = point

    def at(self, cube: Floats) -> list[Point]:
        """What happens at each row. Points are known in the order in which they were asked for, whoever came first."""
        rows = [tuple(round(float(u), 6) for u in row) for row in cube]
        new = list(dict.fromkeys(row for row in rows if row not in self.known))
        self.compute([row for row in new if row not in self.kept])
        self.known |= {row: self.kept.pop(row) for row in new}
        return [self.known[row] for row in rows]

    def compute(self, rows: list[tuple[float, ...]]) -> None:
        """Points that nobody has computed yet, kept as they come."""
        def send(row: tuple[float, ...]):  # type: ignore[no-untyped-def]
            return self.executor.submit(rates, self.jobs(row), self.replications)

        for row, found in executors.in_turn(self.executor, send, iter(rows)):
            self.kept[row] = Point(row, found)
            self.number += 1
            self.checkpoint.put(self.number, 0, {"u": np.array(row), "rates": np.array(found)})
            if self.tell:
                self.tell(min((len(self.known) + len(self.kept)) / self.foreseen, 1.0))

    def jobs(self, row: Sequence[float]) -> list[Job]:
        """The scenario and its variants with the factors at these shares of their ranges."""
        numbers = {where: number for factor, u in zip(self.factors, row, strict=True)
                   for where, number in factor.numbers(u).items()}
        changed = with_numbers(self.scenario, numbers)
        plans = {BASE: changed} | variants_of(changed, None)
        return [Job.of(plan, self.engine, self.seed) for plan in plans.values()]


def sensitivity(scenario: Scenario, *, replications: int = 1, seed: int = 1, engine: EngineName = "kernel",
                workers: Workers = None, folder: Path | None = None, tell: Tell | None = None) -> Sensitivity:
    """Move the assumptions of a scenario through their ranges, and see what its answer and its ranking do.

    :param replications: of each point; all points meet the same people.
    :param workers: processes, the address of a Dask cluster, or an executor; all cores if None.
    :param folder: keeps finished points: an interrupted study goes on from there.
    :param tell: is told the share that is done.
    :raises ValueError: for a scenario without assumptions that have a range.
    """
    found = factors(scenario)
    if not found:
        raise ValueError("no assumption has a range")
    few = min(FEW, len(found))
    points = TRAJECTORIES * (len(found) + 1) + CLOSE_POINTS * (few + 2) + 2 * few + 1 + ANYWHERE
    with executors.at_work(workers) as executor:
        trials = Trials(scenario, found, engine, seed, replications, executor, tell, points,
                        Checkpoint(folder, key_of(Job.of(scenario, engine, seed), replications)))
        trials.take_up()
        return looked_at(trials, found, few)


def key_of(job: Job, replications: int) -> str:
    """Names a study by all that its numbers depend on, this program included."""
    about = "\n".join(map(str, (sources_hash(), "sensitivity", job.name, replications)))
    return hashlib.sha256(about.encode()).hexdigest()[:16]


def looked_at(trials: Trials, found: list[Factor], few: int) -> Sensitivity:
    """Screening, then a closer look at the few that matter."""
    base = np.array([[factor.base for factor in found]])
    answer = Sensitivity((BASE, *trials.scenario.variants), trials.at(base)[0].rates, found,
                         replications=trials.replications)
    screened = screening(trials, found)
    chosen = strongest(screened, few)
    close = closer_look(trials, base[0], chosen)
    alone = one_at_a_time(trials, base[0], chosen)
    for name, outcome in outcomes(answer.variants).items():
        answer.effects[name] = list(effects(found, chosen, screened[name], *close, alone, outcome))
    anywhere = trials.at(uniform(len(found)))
    answer.points, answer.anywhere = [*trials.known.values()], len(anywhere)
    answer.turns = [turn(answer, i) for i in range(1, len(answer.variants))]
    return answer


def uniform(factors: int) -> Floats:
    """Points anywhere in the cube, the same ones each time."""
    draw = random.Random(SEED)
    return np.array([[draw.random() for _ in range(factors)] for _ in range(ANYWHERE)])


def outcomes(variants: Sequence[str]) -> dict[str, Callable[[Point], float]]:
    """What is looked at: the answer rate as it is, and what each variant changes of it."""
    found: dict[str, Callable[[Point], float]] = {BASE: lambda point: point.rates[0]}
    for i, name in enumerate(variants[1:], 1):
        found[name] = lambda point, i=i: point.rates[i] - point.rates[0]  # type: ignore[misc]
    return found


def values(points: Sequence[Point], outcome: Callable[[Point], float]) -> Floats:
    return np.array([outcome(point) for point in points])


def problem(names: Sequence[str]) -> dict[str, Any]:
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def screening(trials: Trials, found: Sequence[Factor]) -> dict[str, Any]:
    """Morris's effects of every factor, by outcome."""
    from SALib.analyze import morris as analysis
    from SALib.sample import morris as sample
    space = problem([factor.name for factor in found])
    design = sample.sample(space, TRAJECTORIES, num_levels=LEVELS, seed=SEED)
    points = trials.at(design)
    variants = (BASE, *trials.scenario.variants)
    return {name: analysis.analyze(space, design, values(points, outcome), num_levels=LEVELS, seed=SEED,
                                   conf_level=CONFIDENCE)
            for name, outcome in outcomes(variants).items()}


def strongest(screened: dict[str, Any], few: int) -> list[int]:
    """The factors that move any outcome most."""
    most = np.max([np.asarray(found["mu_star"], float) for found in screened.values()], axis=0)
    return [int(i) for i in np.argsort(-most, kind="stable")[:few] if most[i] > 0]


def closer_look(trials: Trials, base: Floats, chosen: Sequence[int]) -> tuple[dict[str, Any], list[Point]]:
    """A design over the chosen factors, the others as the file has them."""
    from SALib.sample import sobol as sample
    space = problem([trials.factors[i].name for i in chosen])
    if not chosen:
        return space, []
    design = sample.sample(space, CLOSE_POINTS, calc_second_order=False, seed=SEED)
    cube = np.repeat(base[None], len(design), axis=0)
    cube[:, list(chosen)] = design
    return space, trials.at(cube)


def one_at_a_time(trials: Trials, base: Floats, chosen: Sequence[int]) -> dict[int, tuple[Point, Point]]:
    """Each chosen factor alone at either end of its range."""
    cube = np.repeat(base[None], 2 * len(chosen), axis=0)
    for k, i in enumerate(chosen):
        cube[2 * k, i], cube[2 * k + 1, i] = 0.0, 1.0
    points = trials.at(cube)
    return {i: (points[2 * k], points[2 * k + 1]) for k, i in enumerate(chosen)}


def effects(found: Sequence[Factor], chosen: Sequence[int], screened: Any, space: dict[str, Any],
            points: Sequence[Point], alone: dict[int, tuple[Point, Point]],
            outcome: Callable[[Point], float]) -> Iterator[Effect]:
    """Of all factors, the strongest first."""
    from SALib.analyze import sobol as analysis
    y = values(points, outcome)
    indices = analysis.analyze(space, y, calc_second_order=False, seed=SEED, conf_level=CONFIDENCE) \
        if len(y) and np.ptp(y) > 0 else None
    mu, conf = np.asarray(screened["mu_star"], float), np.asarray(screened["mu_star_conf"], float)
    for i in np.argsort(-mu, kind="stable"):
        more: dict[str, float] = {}
        if i in alone:
            more = {"low": outcome(alone[i][0]), "high": outcome(alone[i][1])}
        if i in alone and indices is not None:
            k = list(chosen).index(i)
            more |= {"first": indices["S1"][k], "first_conf": indices["S1_conf"][k],
                     "total": indices["ST"][k], "total_conf": indices["ST_conf"][k]}
        yield Effect(found[i], float(mu[i]), float(conf[i]), **{name: float(x) for name, x in more.items()})


# --- does the ranking turn? ------------------------------------------------------------------------------------------

def turn(answer: Sensitivity, variant: int) -> Turn:
    """In what share of the cube a variant is better than the scenario as it is, and on which side of which factor."""
    gain = np.array([point.rates[variant] - point.rates[0] for point in answer.points])
    better, worse = gain > SAME, gain < -SAME
    of_cube = slice(-answer.anywhere, None)
    shares = (float(better[of_cube].mean()), float((~better & ~worse)[of_cube].mean()), float(worse[of_cube].mean()))
    told = bound(answer, better) if 0 < better.mean() < 1 else None
    return Turn(answer.variants[variant], *shares, *(told or ()))


def bound(answer: Sensitivity, better: Floats) -> tuple[Factor, float, bool] | None:
    """The one bound on one factor that tells best where a variant is better; None if none tells well."""
    best, found = max(FIT, better.mean(), 1 - better.mean()), None
    for i, factor in enumerate(answer.factors):
        u = np.array([point.u[i] for point in answer.points])
        for cut in midpoints(u):
            right = float(np.mean((u > cut) == better))
            if max(right, 1 - right) > best:
                best, found = max(right, 1 - right), (factor, factor.numbers(cut)[factor.places[0]], right > 0.5)
    return found


def midpoints(u: Floats) -> Floats:
    """Halfway between neighbouring values."""
    steps = np.unique(u)
    return np.asarray((steps[1:] + steps[:-1]) / 2)
