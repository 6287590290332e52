"""How many people dial for the first time: drawn so that worlds with more callers have the same ones and more."""
from __future__ import annotations

import hashlib

import numpy as np
from scipy import special

from sim.core import draws
from sim.core.arrays import Callers, Floats, Ints, Setting


def draw_callers(setting: Setting, seed: int, replication: int) -> Callers:
    """How many people dial for the first time in a replication: one uniform each by inversion, so people are nested."""
    world, demand = setting.world, setting.demand
    key = draws.run_key(in_64_bits(seed), replication)
    busyness = np.empty((len(demand.day_key), len(demand.busyness_cv)))
    draws.uniforms(key, world.queue_key, demand.day_key, draws.BUSYNESS, busyness)
    for q, cv in enumerate(demand.busyness_cv):
        busyness[:, q] = special.gammaincinv(cv**-2, busyness[:, q]) * cv**2 if cv > 0 else 1.0
    counts = np.empty(demand.mean.shape)
    draws.uniforms(key, world.queue_key, world.moment_key, draws.COUNT, counts)
    return Callers(key, poisson(counts, demand.mean * busyness[demand.day]))


def in_64_bits(seed: int) -> int:
    """Any whole number as a seed of luck: what other programs hand out may have 128 bits."""
    if seed < 1 << 64:
        return seed
    return int.from_bytes(hashlib.blake2b(str(seed).encode(), digest_size=8).digest(), "little")


def poisson(u: Floats, mean: Floats) -> Ints:
    """The Poisson quantile at u: the smallest k with P(N <= k) >= u. Never falls as the mean rises,
    but for the rounding of the law itself.

    Guessed from the normal law with its first correction for skew (Cornish and Fisher 1938), then moved to where it is.
    """
    shape, u, mean = mean.shape, np.ravel(u), np.ravel(mean)
    z = special.ndtri(np.maximum(u, 1e-300))
    guess = np.ceil(mean + np.sqrt(mean) * z + (z * z - 1) / 6 - 0.5)
    k = np.where((mean > 0) & (u > 0), np.maximum(guess, 0), 0)
    below = there = np.flatnonzero((mean > 0) & (u > 0))
    while len(below := below[special.pdtr(k[below], mean[below]) < u[below]]):
        k[below] += 1
    above = there[k[there] > 0]
    while len(above := above[special.pdtr(k[above] - 1, mean[above]) >= u[above]]):
        k[above] -= 1
        above = above[k[above] > 0]
    return np.asarray(k.astype(np.int64).reshape(shape))
