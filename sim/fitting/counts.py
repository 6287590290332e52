"""What an ACD counts of a city by interval, and what a scenario expects of the same time."""
from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sim.core.arrays import Floats

LEVEL_SPREAD = 1.0  # of the logarithm of a surge's level, before anything is counted, where the scenario gives no range
BUSY_LEFT = 0.03    # of the dials that are neither answered nor hung up, above which the rest met a busy signal


@dataclass(frozen=True)
class Counts:
    """What an ACD counted in each interval, by the interval of the dial; None where it does not."""

    dials: Floats                 # [T] all of them; those that found a free line where busy signals are not counted
    answered: Floats
    hung_up: Floats | None = None
    busy: Floats | None = None
    numbers: Floats | None = None        # distinct ones within the interval
    new_numbers: Floats | None = None    # not seen before on the day

    def between(self, first: int, after: int) -> Counts:
        """Of some intervals only."""
        cut = {name: values[first:after] for name, values in vars(self).items() if values is not None}
        return replace(self, **cut)

    @property
    def failures(self) -> tuple[Floats, Floats]:
        """[T] hung up, and busy: what one of them is not counted follows from the others. Where neither is, all dials
        are taken to have found a line."""
        busy = np.zeros_like(self.dials) if self.busy is None else self.busy
        if self.hung_up is None:
            return np.maximum(self.dials - self.answered - busy, 0), busy
        rest = np.maximum(self.dials - self.answered - self.hung_up, 0)
        is_busy = self.busy is None and rest.sum() > BUSY_LEFT * self.dials.sum()
        return self.hung_up, rest if is_busy else busy

    @property
    def has_busy(self) -> bool:
        """Whether busy signals are known: counted, or what is left of the dials."""
        return self.busy is not None or self.failures[1].sum() > 0


@dataclass(frozen=True)
class Course:
    """Fresh callers to expect in each interval, and how many dials of people who failed stay on the telephone."""

    everyday: Floats   # [T]
    surge: Floats      # [T]
    stay: Floats       # [T] share of those who failed that no other channel takes
    full: Floats       # [T] whether lines may have been full
    level_spread: float = LEVEL_SPREAD  # of the logarithm of its level

    def at(self, levels: Floats) -> Floats:
        """[levels, T] the surge at a level; where none is expected the everyday."""
        if self.surge.sum() > 0:
            return np.asarray(self.everyday + levels[:, None] * self.surge)
        return np.asarray(levels[:, None] * self.everyday)
