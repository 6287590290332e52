"""What is known of dialling again: how many of those whose dial failed do so, and after how long."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.core.arrays import KNOTS, Floats
from sim.scenario.callers import CallerClass, Redial
from sim.scenario.quantities import Distribution, Quantity
from sim.world.distributions import table_ms

POINTS = 512        # durations that stand for a law, all equally likely
FEW = 16            # of waits before hanging up
FOR_EVER_S = 86400.0
LOW, USUAL, HIGH = range(3)


@dataclass(frozen=True)
class Habits:
    """Those of the callers of a city, its classes by their parts of them. Causes: a busy signal, hanging up."""

    chance: Floats              # [3, causes, dials] to dial again after the t-th dial: lowest, usual, highest
    after_busy_s: Floats        # [N] until the next dial, equally likely
    after_hanging_up_s: Floats  # [N]
    patience_s: Floats          # [N] never falling

    def delays_s(self, hung_up: float) -> tuple[Floats, Floats]:
        """From a dial to the next one, by cause: equally likely.

        :param hung_up: the share that hang up of all who wait; these are the least patient.
        """
        few = hung_up * (np.arange(FEW) + 0.5) / FEW
        waits = self.patience_s[(few * len(self.patience_s)).astype(int)]
        return self.after_busy_s, np.add.outer(waits, self.after_hanging_up_s).ravel()


def habits_of(classes: Mapping[str, CallerClass], parts: Mapping[str, float]) -> Habits:
    """Those of some classes together.

    :param parts: by class: its part of the fresh callers; the first one's habits where nobody is expected.
    """
    total = sum(parts.values())
    used = [(classes[name], part / total) for name, part in parts.items() if part > 0] if total > 0 else [
        (next(iter(classes.values())), 1.0)]
    most = max(length(c) for c, _ in used)
    chance = sum(part * chances(c, most) for c, part in used)
    return Habits(np.asarray(chance), pooled([(points(c.after_busy.delay), part) for c, part in used]),
                  pooled([(points(c.after_hanging_up.delay), part) for c, part in used]),
                  np.sort(pooled([(points(c.patience), part) for c, part in used])))


def length(c: CallerClass) -> int:
    """Dials after which chances are the same, or none."""
    return max(c.most_dials or 1, len(c.after_busy.by_try), len(c.after_hanging_up.by_try))


def chances(c: CallerClass, most: int) -> Floats:
    """[3, causes, most]"""
    return np.array([[by_try(cause, c.most_dials, most, end) for cause in (c.after_busy, c.after_hanging_up)]
                     for end in (LOW, USUAL, HIGH)])


def by_try(redial: Redial, most_dials: int | None, most: int, end: int) -> list[float]:
    """As the world has it, at one end of what is known."""
    return [0.0 if most_dials is not None and t + 1 >= most_dials else at_end(share, end)
            for t, share in zip(range(most), redial.shares(), strict=False)]


def at_end(quantity: Quantity, end: int) -> float:
    low, high = quantity.range or (float(quantity), float(quantity))
    return (low, float(quantity), high)[end]


def points(law: Distribution | str) -> Floats:
    """[POINTS] equally likely durations of a law, in seconds, from the table that engines draw from."""
    if isinstance(law, str):
        return np.full(POINTS, FOR_EVER_S)
    table = table_ms(law) / 1000
    return np.asarray(np.interp((np.arange(POINTS) + 0.5) * KNOTS / POINTS, np.arange(KNOTS), table[:KNOTS]))


def pooled(parts: list[tuple[Floats, float]]) -> Floats:
    """[about POINTS] equally likely durations of several laws, each in its part."""
    return np.concatenate([values[np.linspace(0, POINTS - 1, max(round(part * POINTS), 1)).astype(int)]
                           for values, part in parts])


def mass(delays_s: Floats, every_s: float, lags: int) -> Floats:
    """[lags] the chance that the next dial comes so many intervals after a dial at any moment of its interval."""
    whole, rest = np.divmod(delays_s / every_s, 1)
    first = np.minimum(whole.astype(int), lags)
    found = (np.bincount(first, 1 - rest, lags + 2) + np.bincount(first + 1, rest, lags + 2)) / len(delays_s)
    return np.asarray(found[:lags])
