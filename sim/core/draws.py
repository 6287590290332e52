"""The only randomness: a pure function of who, which attempt, and what for.

A draw depends on names and nothing else: no stream, no order, no state. Two policies therefore meet
the same people, and one more purpose or one more city changes nobody's luck. The mixer is the finalizer
of splitmix64 (Steele, Lea and Flood 2014), applied to a packed counter.
"""
import numpy as np
from numba import float64, int64, uint64, void

from sim.core.compiled import compiled

# What a draw is for. New purposes go at the end: they move nothing else.
ARRIVAL, PATIENCE, TALK, WRAP_UP, REDIAL, REDIAL_DELAY, CHANNEL, BOT, AWAY, SETTLED, RETURN_DELAY = range(11)
COUNT, BUSYNESS = 14, 15
PURPOSES = 16

BELOW_ONE = 1 - 2.0**-53  # the highest draws would round up to 1
GOLD = np.uint64(0x9E3779B97F4A7C15)


@compiled(uint64(uint64), forceinline=True)
def mix(z):
    """Scramble 64 bits so that neighbours in have nothing in common out."""
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@compiled(uint64(uint64, uint64), forceinline=True)
def name(key, part):
    """The key of something named by its owner's key and one part more."""
    return mix(mix(key + GOLD) ^ (part * GOLD + np.uint64(1)))


@compiled(int64(uint64, int64, int64), forceinline=True)
def draw(key, attempt, purpose):
    """A uniform whole number in [0, 2**63) for this key, this attempt and this purpose."""
    counter = (np.uint64(attempt) * np.uint64(PURPOSES)) + np.uint64(purpose) + np.uint64(1)
    return np.int64(mix(key + GOLD * counter) >> np.uint64(1))


@compiled(uint64(uint64, uint64), forceinline=True)
def run_key(seed, replication):
    """The key of one replication."""
    return name(mix(seed + GOLD), replication)


@compiled(uint64(uint64, uint64, uint64), forceinline=True)
def group_key(run, queue_key, moment_key):
    """The key of the fresh callers of a (city, class) in the interval that starts at a moment."""
    return name(name(run, queue_key), moment_key)


@compiled(uint64(uint64, uint64, uint64, uint64), forceinline=True)
def caller_key(run, queue_key, moment_key, k):
    """The key of the k-th of these fresh callers."""
    return name(group_key(run, queue_key, moment_key), k)


@compiled(void(uint64, uint64[:], uint64[:], int64, float64[:, :]))
def uniforms(run, queue_keys, moment_keys, purpose, out):
    """Fill ``out[moment, queue]`` with uniforms in (0, 1), one a (moment, queue)."""
    for i in range(len(moment_keys)):
        for q in range(len(queue_keys)):
            key = name(name(run, queue_keys[q]), moment_keys[i])
            out[i, q] = min((np.float64(draw(key, 0, purpose)) + 0.5) / 9223372036854775808.0, BELOW_ONE)
