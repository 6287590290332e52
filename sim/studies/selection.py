"""Which variant is the best: Kim and Nelson's fully sequential procedure (2001), on common luck."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.core.arrays import Floats, Ints
from sim.measures.statistics import CONFIDENCE
from sim.studies.result import Result
from sim.studies.study import FEWEST, Study

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Choice:
    """What the replications say of each variant, by its place. Those that are left when it is decided do equally."""

    out_after: tuple[int | None, ...]  # replications that ruled it out; None: it may be the best
    decided_after: int | None          # replications that it took; None: they can't tell yet

    @property
    def left(self) -> list[int]:
        return [i for i, out in enumerate(self.out_after) if out is None]


@dataclass(frozen=True)
class Selection:
    """Chooses the best variant with this confidence, if it is better than the others by the indifference zone."""

    indifference: float = 0.005
    confidence: float = CONFIDENCE
    first_stage: int = FEWEST

    def __call__(self, study: Study) -> bool:
        """The rule of a study that goes on until the best is told."""
        return self.choose(values_of(study)).decided_after is not None

    def choose(self, values: Floats) -> Choice:
        """Of [replications, variants]; a larger value is better. Replications in which one has no value, because nobody
        called, tell nothing."""
        telling = np.flatnonzero(np.isfinite(values).all(axis=1))
        choice = self.of_telling(values[telling])
        return Choice(tuple(None if out is None else int(telling[out - 1]) + 1 for out in choice.out_after),
                      choice.decided_after and int(telling[choice.decided_after - 1]) + 1)

    def of_telling(self, values: Floats) -> Choice:
        """Of replications that all tell something, counted among themselves."""
        out: list[int | None] = [None] * values.shape[1]
        if len(values) < self.first_stage:
            return Choice(tuple(out), None)
        worse, told = self.compared(values)
        left, now = np.arange(values.shape[1]), 0
        while (screening := next_screening(worse[now:], told[now:], left)) is not None:
            now += screening[0]
            if not len(screening[1]):
                return Choice(tuple(out), self.first_stage + now)
            for i in screening[1]:
                out[i] = self.first_stage + now
            left = np.setdiff1d(left, screening[1])
        return Choice(tuple(out), None)

    def compared(self, values: Floats) -> tuple[Bools, Bools]:
        """[replications from the first stage on, one, other]: whether one is worse, and whether all has been seen that
        there is to see of the two."""
        n = np.arange(self.first_stage, len(values) + 1)[:, None, None]
        mean = np.cumsum(values, axis=0)[self.first_stage - 1:] / n[:, :, 0]
        reach = self.h_squared(values.shape[1]) * spread(values[:self.first_stage]) / self.indifference ** 2
        slack = np.maximum(0.0, self.indifference / (2 * n) * (reach - n))
        return mean[:, :, None] < mean[:, None, :] - slack, slack == 0

    def h_squared(self, variants: int) -> float:
        """How far apart sums may stray: 2 η (n0 - 1), with c = 1 and variants that depend on each other."""
        share = 2 * (1 - self.confidence) / max(variants - 1, 1)
        return float((share ** (-2 / (self.first_stage - 1)) - 1) * (self.first_stage - 1))


def next_screening(worse: Bools, told: Bools, left: Ints) -> tuple[int, Ints] | None:
    """The first screening in which somebody drops out, or after which nobody can any more, and who drops out."""
    among = np.ix_(np.arange(len(worse)), left, left)
    drops: Bools = np.any(worse[among], axis=2)
    screenings = np.flatnonzero(np.any(drops, axis=1) | np.all(told[among], axis=(1, 2)))
    return (int(screenings[0]), left[drops[screenings[0]]]) if len(screenings) else None


def spread(values: Floats) -> Floats:
    """[one, other]: the variance of the difference."""
    return np.asarray(np.var(values[:, :, None] - values[:, None, :], axis=0, ddof=1))


def values_of(study: Study) -> Floats:
    """[replications, variants]: what the choice is about."""
    return np.array([objective(result) for result in study.results.values()]).T


def objective(result: Result) -> Floats:
    """The headline's answer rate."""
    return rate(result, result.scenario.headline)


def rate(result: Result, of: str) -> Floats:
    """[replications] the answer rate of the cities in focus together, weighted with their callers or dials; nan where
    nobody called."""
    cities = [f"city:{city}" for city in result.scenario.surged()]
    rates = np.array([result.sample(f"answer_rate_{of}", city) for city in cities])
    weights = np.where(np.isnan(rates), 0.0, [result.sample(of, city) for city in cities])
    total = weights.sum(axis=0)
    with np.errstate(invalid="ignore"):
        return np.asarray((weights * np.nan_to_num(rates)).sum(axis=0) / np.where(total > 0, total, np.nan))
