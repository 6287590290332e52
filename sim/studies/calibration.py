"""Values that a record was fitted to: solved for, so that what is simulated is what was observed.

The values are looked for within their ranges, from the middle, by least squares on how far each observation is off, in
units of its tolerance. All trials meet the same people, so that a difference is due to the values alone. Where the
record says nothing about a value, or only about several together, that is said and not hidden.
"""
from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import astuple, dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from sim.core.arrays import Floats
from sim.core.sources import sources_hash
from sim.measures.statistics import Figure
from sim.scenario.assumptions import with_numbers
from sim.scenario.observed import Observed
from sim.scenario.problems import Where
from sim.scenario.quantities import Quantity
from sim.scenario.scenario import Scenario, quantities
from sim.studies.checkpoint import Checkpoint
from sim.studies.executors import Workers, at_work
from sim.studies.replication import Job, Tell
from sim.studies.study import study
from sim.studies.validation import Comparison, against_record, variants_of_record

WIDE = 4.0          # a range whose ends differ by this factor is looked at in logarithms
ROUNDED = 2e-3      # of a value: four digits in one unit and in another
STEP = 0.04         # of the range: how far a value is moved to see what it does
FLAT = 1.0          # tolerances by which the record must move over the whole range, for a value to be identified
HALF_TOLERANCE = 0.03  # of a bound that has no tolerance of its own
FAR = 1000.0           # tolerances: how far off is what has no figure at all
MOST_STEPS = 12
TRIALS_EACH, NEARLY = 10, 0.95  # trials that each unknown and the last look mostly take; no search knows its end


@dataclass(frozen=True)
class Unknown:
    """A value to solve for; the places that say the same of it move together. Of a total that is split, each place has
    a part of it, once what is given otherwise is taken off."""

    places: tuple[Where, ...]
    low: float
    high: float
    note: str
    parts: tuple[float, ...] = ()
    given: float = 0.0
    total: Where = ()

    @property
    def name(self) -> str:
        """Its first place, or that of its total, as paths are written."""
        return ".".join(map(str, self.total or self.places[0]))

    def at(self, u: float) -> float:
        """The value at a share of its range."""
        if self.low > 0 and self.high > WIDE * self.low:
            return float(self.low * (self.high / self.low) ** u)
        return float(self.low + (self.high - self.low) * u)

    def numbers(self, u: float) -> dict[Where, float]:
        """What stands at each place at a share of its range."""
        if not self.parts:
            return dict.fromkeys(self.places, self.at(u))
        return {where: max(self.at(u) - self.given, 0.0) * part
                for where, part in zip(self.places, self.parts, strict=True)}


@dataclass(frozen=True)
class Found:
    """A solved value: how far it may move while the record still agrees; nan where the record does not say."""

    unknown: Unknown
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Calibration:
    """What was found, whether the record agrees, and the directions in which the record is flat."""

    found: list[Found]
    record: list[Comparison]
    flat: list[dict[str, float]]  # by unknown: how the values may move together, each as a share of its range
    trials: int

    @property
    def agrees(self) -> bool:
        return all(line.agrees for line in self.record)


def unknowns(scenario: Scenario, is_free: Callable[[Where], bool]) -> list[Unknown]:
    """The calibrated values with a range among those that are free; equal ones with one reason are one."""
    tied: list[tuple[Quantity, list[Where]]] = []
    for where, quantity in quantities(scenario):
        if quantity.kind == "calibrated" and quantity.range and is_free(where):
            places = next((w for one, w in tied if w[0][-1] == where[-1] and are_one(one, quantity)), None)
            if places is None:
                tied.append((quantity, [where]))
            else:
                places.append(where)
    return [Unknown(tuple(places), *one.range, one.note) for one, places in tied if one.range]


def are_one(one: Quantity, other: Quantity) -> bool:
    """Whether they say the same, but for what is rounded where it is written in other units."""
    return (one.range, one.note) == (other.range, other.note) and bool(np.isclose(one.number, other.number, ROUNDED, 0))


def solved(scenario: Scenario, free: Sequence[Unknown], u: Floats) -> Scenario:
    """The scenario with each unknown at a share of its range."""
    numbers = {where: number for unknown, share in zip(free, u, strict=True)
               for where, number in unknown.numbers(share).items()}
    changed: Scenario = with_numbers(scenario, numbers)
    return changed


def calibrate(scenario: Scenario, free: Sequence[Unknown], *, replications: int = 4, seed: int = 1,
              workers: Workers = None, folder: Path | None = None, tell: Tell | None = None) -> Calibration:
    """Solve for the unknowns of a scenario, so that its record holds.

    :param workers: processes, the address of a Dask cluster, or an executor; all cores if None.
    :param folder: keeps finished trials: an interrupted calibration goes on from there.
    :param tell: is told the share that is done, of as many trials as such a calibration mostly takes.
    """
    with at_work(workers) as executor:
        checkpoint = Checkpoint(folder, key_of(scenario, free, replications, seed))
        return solve(Trials(scenario, free, replications, seed, executor, tell, checkpoint))


def key_of(scenario: Scenario, free: Sequence[Unknown], replications: int, seed: int) -> str:
    """Names a calibration by all that its numbers depend on, this program included."""
    about = (sources_hash(), "calibration", Job.of(scenario, "kernel", seed).name, replications, *free)
    return hashlib.sha256("\n".join(map(str, about)).encode()).hexdigest()[:16]


def solve(trials: Trials) -> Calibration:
    """Least squares from the middle of the ranges, then a look around what was found."""
    free = trials.free
    if not free:
        return Calibration([], trials.record(np.zeros(0)), [], 1)
    from scipy import optimize  # slow to import
    best = optimize.least_squares(trials.off_from_one, np.full(len(free), 1.5), bounds=(1, 2),
                                  diff_step=[STEP / 1.5] * len(free), xtol=3e-4, ftol=1e-3, max_nfev=MOST_STEPS)
    u = rounded(free, best.x - 1)
    slopes = trials.slopes(u)
    flat = flat_directions(slopes)
    return Calibration([found(unknown, share, wide) for unknown, share, wide
                        in zip(free, u, width(slopes, flat), strict=True)], trials.record(u),
                       [named(free, direction) for direction in flat], trials.number)


@dataclass
class Trials:
    """Simulations of the scenario with one set of values after another, on the same luck."""

    scenario: Scenario
    free: Sequence[Unknown]
    replications: int
    seed: int
    executor: Executor
    tell: Tell | None
    checkpoint: Checkpoint = field(default_factory=lambda: Checkpoint(None))
    number: int = 0

    def record(self, u: Floats) -> list[Comparison]:
        """Replay against record."""
        self.number += 1
        known = self.kept.get(u.tobytes())
        if known is not None:
            return [Comparison(observed, Figure(*figure), *observed.bounds())
                    for observed, figure in zip(self.scenario.observed, known.tolist(), strict=True)]
        changed = solved(self.scenario, self.free, u)
        done = study(changed, variants_of_record(changed), replications=self.replications, seed=self.seed,
                     workers=self.executor)
        record = against_record(done.first, done.results)
        self.checkpoint.put(self.number, 0, {"u": u, "record": np.array([astuple(line.figure) for line in record])})
        return record

    @cached_property
    def kept(self) -> dict[bytes, Floats]:
        """What an interrupted calibration has found, by the values that it tried."""
        return {arrays["u"].tobytes(): arrays["record"] for _, _, arrays in self.checkpoint.findings()}

    def off(self, u: Floats) -> Floats:
        """How far each observation is off, in tolerances."""
        off = np.nan_to_num([residual(line) for line in self.record(u)], nan=FAR)
        if self.tell:
            self.tell(min(self.number / (TRIALS_EACH * (len(self.free) + 1)), NEARLY))
        return off

    def off_from_one(self, x: Floats) -> Floats:
        """Shares counted from 1 on: the solver's steps are relative, and would be none near 0."""
        return self.off(x - 1)

    def slopes(self, u: Floats) -> Floats:
        """[observations, unknowns] tolerances that the record moves over the whole range of a value."""
        here = in_tolerances(self.record(u))
        columns = []
        for i in range(len(u)):
            step = STEP if u[i] < 0.5 else -STEP
            moved = in_tolerances(self.record(u + step * (np.arange(len(u)) == i)))
            columns.append((moved - here) / step)
        return np.array(columns).T


def in_tolerances(record: Sequence[Comparison]) -> Floats:
    """The figures of a record in units of its tolerances; 0 where nothing happened to have one."""
    return np.nan_to_num([line.figure.mean / tolerance(line.observed) for line in record])


def tolerance(observed: Observed) -> float:
    """Half the width of what agrees; of a bound a few percent."""
    low, high = observed.bounds()
    if np.isfinite(high - low):
        return max((high - low) / 2, 1e-12)
    return max(abs(low if np.isfinite(low) else high) * HALF_TOLERANCE, 1e-12)


def residual(line: Comparison) -> float:
    """How far a figure is off its value, or beyond its bound, in tolerances."""
    if line.observed.value is not None:
        return (line.figure.mean - line.observed.value) / tolerance(line.observed)
    beyond = max(line.low - line.figure.mean, 0) - max(line.figure.mean - line.high, 0)
    return -beyond / tolerance(line.observed)


def rounded(free: Sequence[Unknown], u: Floats) -> Floats:
    """The shares of values with four digits that count, as they will be written."""
    return np.array([share_of(unknown, written(unknown, share)) for unknown, share in zip(free, u, strict=True)])


def written(unknown: Unknown, share: float) -> float:
    return min(max(float(f"{unknown.at(share):.4g}"), unknown.low), unknown.high)


def share_of(unknown: Unknown, value: float) -> float:
    """The share of the range at which a value lies."""
    if unknown.low > 0 and unknown.high > WIDE * unknown.low:
        return float(np.log(value / unknown.low) / np.log(unknown.high / unknown.low))
    return (value - unknown.low) / (unknown.high - unknown.low) if unknown.high > unknown.low else 0.0


def flat_directions(slopes: Floats) -> list[Floats]:
    """Directions in which all values may go from one end to the other while the record hardly moves."""
    _, strength, directions = np.linalg.svd(slopes)
    strong = np.zeros(len(directions))
    strong[:len(strength)] = strength
    return [direction for direction, moved in zip(directions, strong, strict=True) if moved < FLAT]


def width(slopes: Floats, flat: Sequence[Floats]) -> Floats:
    """How far each value may move, as a share of its range, while no observation moves by more than its tolerance."""
    spread = np.sqrt(np.diag(np.linalg.pinv(slopes.T @ slopes)))
    loose = np.array([max((abs(direction[i]) for direction in flat), default=0.0) for i in range(len(spread))])
    return np.where(loose > 0.1, np.nan, spread)


def found(unknown: Unknown, share: float, wide: float) -> Found:
    ends = (unknown.at(min(max(share + side * wide, 0), 1)) if np.isfinite(wide) else float("nan") for side in (-1, 1))
    return Found(unknown, written(unknown, share), *ends)


def named(free: Sequence[Unknown], direction: Floats) -> dict[str, float]:
    """A direction by the names of the values that it moves."""
    return {unknown.name: float(part) for unknown, part in zip(free, direction, strict=True) if abs(part) > 0.1}
