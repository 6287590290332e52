"""One implicit step of Kolmogorov's equations of a line, compiled.

An L-stable SDIRK method of order 4 with an error estimate of order 3 (Hairer and Wanner 1996, table IV.6.5): each of
five stages solves tridiagonal equations, so a step is as long as the chances allow, not as the fastest rate does.
Everything that is called here stands here: numba's cache sees no edit of another file.
"""
from __future__ import annotations

import numpy as np

from sim.core.compiled import compiled

STAGES = 5
GAMMA = 0.25
BEFORE = np.array([[0, 0, 0, 0], [1 / 2, 0, 0, 0], [17 / 50, -1 / 25, 0, 0], [371 / 1360, -137 / 2720, 15 / 544, 0],
                   [25 / 24, -49 / 48, 125 / 16, -85 / 12]])
AT = np.array([1 / 4, 3 / 4, 11 / 20, 1 / 2, 1.0])
WEIGHTS = np.array([25 / 24, -49 / 48, 125 / 16, -85 / 12, 1 / 4])
ERRORS = WEIGHTS - np.array([59 / 48, -17 / 96, 225 / 32, -85 / 12, 0.0])

# What is added up over time: calls that arrive; time without an idle seat; calls that find none; calls that are
# answered in time; seats at work, and callers who wait, times time.
ARRIVALS, FULL, DELAYED, IN_TIME, BUSY, WAITING = range(6)
SEEN = 6


@compiled
def implicit_step(p, over, low, seats, service, quitting, rates, step, in_time, k, k_over, base, base_over, work, seen):
    """Replace the chances by those after a step and add to what is ``seen``.

    ``p`` [n] and ``over`` [e, q] are chances as ``chain.Calls`` has them, ``rates`` the arrivals at the five stages;
    ``in_time[w]`` is the chance of an answer in time behind w others. ``k``, ``base`` and ``work`` are room: [5, n],
    [n], [max(n, q)]. Returns the error estimate: chances that are wrong, added up.
    """
    for i in range(STAGES):
        combine(p, k, i, BEFORE[i], step, base)
        combine_over(over, k_over, i, BEFORE[i], step, base_over)
        drift(base, base_over, low, seats, service, quitting, rates[i], k[i], k_over[i])
        solve(k[i], k_over[i], low, seats, service, quitting, rates[i], GAMMA * step, work)
        for n in range(len(base)):
            base[n] += GAMMA * step * k[i, n]
        for e in range(over.shape[0]):
            for q in range(over.shape[1]):
                base_over[e, q] += GAMMA * step * k_over[i, e, q]
        look(base, base_over, low, seats, rates[i], in_time, step * WEIGHTS[i], seen)
    error = 0.0
    for n in range(len(p)):
        error += abs(weighted(k[:, n], ERRORS, step))
        p[n] += weighted(k[:, n], WEIGHTS, step)
    for e in range(over.shape[0]):
        for q in range(over.shape[1]):
            error += abs(weighted(k_over[:, e, q], ERRORS, step))
            over[e, q] += weighted(k_over[:, e, q], WEIGHTS, step)
    return error


@compiled
def weighted(changes, weights, step):
    total = 0.0
    for i in range(STAGES):
        total += weights[i] * changes[i]
    return step * total


@compiled
def combine(p, k, stages, weights, step, out):
    """Chances plus the changes of the stages before, by weight."""
    for n in range(len(p)):
        out[n] = p[n]
    for j in range(stages):
        for n in range(len(p)):
            out[n] += step * weights[j] * k[j, n]


@compiled
def combine_over(over, k, stages, weights, step, out):
    for e in range(over.shape[0]):
        combine(over[e], k[:, e], stages, weights, step, out[e])


@compiled
def ends(calls, seats, service, quitting):
    """At which rate calls end, talks and hang-ups together."""
    return min(calls, seats) * service + max(calls - seats, 0) * quitting


@compiled
def drift(p, over, low, seats, service, quitting, rate, out, out_over):
    """How fast chances change. Nobody leaves the band: its edges hold them back."""
    last = len(p) - 1
    for n in range(last + 1):
        out[n] = 0.0
    for n in range(last):
        flow = rate * p[n] - ends(low + n + 1, seats, service, quitting) * p[n + 1]
        out[n] -= flow
        out[n + 1] += flow
    for e in range(over.shape[0]):
        done = (seats + 1 + e) * service
        for q in range(over.shape[1]):
            out_over[e, q] = -done * over[e, q]
        for q in range(over.shape[1] - 1):
            flow = rate * over[e, q] - (q + 1) * quitting * over[e, q + 1]
            out_over[e, q] -= flow
            out_over[e, q + 1] += flow
        for q in range(over.shape[1]):
            if e > 0:
                out_over[e - 1, q] += done * over[e, q]
            else:
                out[seats - low + q] += done * over[e, q]


@compiled
def solve(x, x_over, low, seats, service, quitting, rate, step, work):
    """Replace x by the solution y of y - step * drift(y) = x."""
    for e in range(x_over.shape[0] - 1, -1, -1):
        done = step * (seats + 1 + e) * service
        tridiagonal(x_over[e], 0, 0, 0.0, quitting, rate, done, step, work)
        for q in range(x_over.shape[1]):
            if e > 0:
                x_over[e - 1, q] += done * x_over[e, q]
            else:
                x[seats - low + q] += done * x_over[e, q]
    tridiagonal(x, low, seats, service, quitting, rate, 0.0, step, work)


@compiled
def tridiagonal(x, low, seats, service, quitting, rate, leaving, step, work):
    """One row of states: up at ``rate``, down as calls end, and away. No pivot: each column's diagonal outweighs."""
    last = len(x) - 1
    before = 0.0
    for n in range(last + 1):
        down = ends(low + n, seats, service, quitting) if n > 0 else 0.0
        up = rate if n < last else 0.0
        pivot = 1 + leaving + step * (up + down)
        if n > 0:
            pivot -= step * rate * work[n - 1]
            x[n] += step * rate * before
        work[n] = step * ends(low + n + 1, seats, service, quitting) / pivot
        before = x[n] / pivot
        x[n] = before
    for n in range(last - 1, -1, -1):
        x[n] += work[n] * x[n + 1]


@compiled
def look(p, over, low, seats, rate, in_time, weight, seen):
    """Add up what is seen of a state, over so much time."""
    for n in range(len(p)):
        waiting = low + n - seats
        chance = weight * p[n]
        seen[ARRIVALS] += rate * chance
        seen[BUSY] += min(low + n, seats) * chance
        if waiting >= 0:
            seen[FULL] += chance
            seen[DELAYED] += rate * chance
            seen[IN_TIME] += rate * chance * in_time[waiting]
            seen[WAITING] += waiting * chance
        else:
            seen[IN_TIME] += rate * chance
    for e in range(over.shape[0]):
        for q in range(over.shape[1]):
            chance = weight * over[e, q]
            seen[ARRIVALS] += rate * chance
            seen[FULL] += chance
            seen[DELAYED] += rate * chance
            seen[IN_TIME] += rate * chance * in_time[e + 1 + q]
            seen[BUSY] += (seats + 1 + e) * chance
            seen[WAITING] += q * chance
