"""Seats that keep a target over each day, searched for in simulation."""
from __future__ import annotations

import numpy as np

from optimizer.staffing.need.trials import Trials
from sim.core.arrays import Floats, Ints

MOST_ROUNDS, MOST_RAISED = 12, 20
CLOSE = 0.02  # how close to each other the standard deviations of a day come


def over_days(trials: Trials, begin: Ints) -> Ints:
    """[K, C] seats that keep the target over each day: all intervals of a day have the same number of standard
    deviations beyond their load, the fewest that do (the square-root rule)."""
    day = np.array(trials.steps.day)
    beyond = (begin - trials.load) / trials.spread
    high = np.array([beyond[day == d].max(axis=0) for d in range(day[-1] + 1)])
    high, low = wide_enough(trials, day, high), np.full(high.shape, -np.inf)
    now = high.copy()
    for _ in range(MOST_ROUNDS):
        counts = trials.by_period(trials.counts(squared(trials, day, now)))
        kept = trials.target.kept(counts)
        high, low = np.where(kept, np.minimum(high, now), high), np.where(kept, low, np.maximum(low, now))
        if (high - low < CLOSE).all():
            break
        guess = now + trials.target.short_of(counts) / 2
        middle = np.where(np.isinf(low), np.minimum(guess, high - CLOSE), (low + high) / 2)
        now = np.where(high - low < CLOSE, high, np.clip(middle, np.where(np.isinf(low), -np.inf, low), high))
    return squared(trials, day, raised(trials, day, high))


def wide_enough(trials: Trials, day: Ints, high: Floats) -> Floats:
    """[days, C] standard deviations with which every day keeps the target."""
    while True:
        kept = trials.target.kept(trials.by_period(trials.counts(squared(trials, day, high))))
        if kept.all():
            return high
        high = np.where(kept, high, high + 1)


def raised(trials: Trials, day: Ints, beyond: Floats) -> Floats:
    """[days, C] standard deviations with which days keep the target by the margin, on the luck that confirms."""
    for _ in range(MOST_RAISED):
        counts = trials.by_period(trials.counts(squared(trials, day, beyond), trials.confirming))
        thin = ~trials.target.kept(counts, trials.margin)
        if not thin.any():
            break
        beyond = np.where(thin, beyond + np.maximum(trials.target.short_of(counts, trials.margin) / 2, CLOSE), beyond)
    return beyond


def squared(trials: Trials, day: Ints, beyond: Floats) -> Ints:
    """[K, C] seats by the square-root rule, from [days, C] standard deviations beyond the load."""
    return np.asarray(np.maximum(np.ceil(trials.load + beyond[day] * trials.spread), 0), np.int64)
