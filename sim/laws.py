"""Laws of durations as tables of whole milliseconds: the quantile function, once, from a mean and a cv or from data.

Between knots the engines draw straight lines. The last of the 4,096 cells is cut into 4,096 once more, so that means
keep to 0.02 % and second moments to 0.1 % even with heavy tails (a test says so).
"""
from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from scipy import special

from sim.quantities import Law
from sim.tables import KNOTS, LONGEST_MS, Floats, Ints

Curve = Callable[[Floats], Floats]
LAWS = 256  # laws that are kept at hand


def knots() -> Floats:
    """The probabilities at which a law is tabled."""
    coarse: Floats = np.arange(KNOTS + 1) / KNOTS
    fine = 1 - (1 - coarse) / KNOTS
    return np.asarray(np.minimum(np.concatenate([coarse, fine]), 1 - 2.0**-27))


@lru_cache(LAWS)
def table_ms(law: Law) -> Ints:
    """The law in whole milliseconds, shape [LAW], never falling."""
    seconds = quantile(law)(knots())
    if is_smooth(law):
        seconds[1:KNOTS - 1] -= bend(seconds[:KNOTS])
        seconds[KNOTS + 2:-1] -= bend(seconds[KNOTS + 1:])
    if law.at_most is not None:
        seconds = np.minimum(seconds, float(law.at_most))
    table = np.rint(np.clip(seconds * 1000, 0, LONGEST_MS)).astype(np.int32)
    table.flags.writeable = False
    return np.asarray(table)


def is_smooth(law: Law) -> bool:
    """Whether the quantile function has no jumps."""
    return all(map(is_smooth, law.parts)) if law.law == "mixture" else law.law not in ("fixed", "data")


def bend(knots: Floats) -> Floats:
    """How far straight lines between the knots lie above a bent curve, on the average around each inner knot.

    At most half the way to the next knot on either side: beside a jump the table must not fall.
    """
    steps = np.diff(knots)
    return np.asarray(np.clip((steps[1:] - steps[:-1]) / 12, -steps[1:] / 2, steps[:-1] / 2))


def quantile(law: Law) -> Curve:
    """The quantile function of a law, in seconds."""
    if law.law == "mixture":
        return mixture(law)
    if law.law == "data":
        samples = np.sort(np.array(law.samples_s))
        return lambda u: np.interp(u, (np.arange(len(samples)) + 0.5) / len(samples), samples)
    mean = 0.0 if law.mean is None else float(law.mean)
    if law.law == "fixed" or (mean == 0 and law.median is None):
        return lambda u: np.full_like(u, mean)
    return {"exponential": exponential, "weibull": weibull, "gamma": gamma, "lognormal": lognormal}[law.law](law)


def exponential(law: Law) -> Curve:
    return lambda u: -np.log1p(-u) * number(law.mean)


def weibull(law: Law) -> Curve:
    power = 1 / number(law.shape)
    scale = number(law.mean) / special.gamma(1 + power)
    return lambda u: scale * (-np.log1p(-u)) ** power


def gamma(law: Law) -> Curve:
    if number(law.cv) == 0:
        return lambda u: np.full_like(u, number(law.mean))
    shape = number(law.cv) ** -2
    return lambda u: special.gammaincinv(shape, u) * number(law.mean) / shape


def lognormal(law: Law) -> Curve:
    sigma = number(law.sigma) if law.sigma is not None else np.sqrt(np.log1p(number(law.cv) ** 2))
    median = number(law.median) if law.median is not None else number(law.mean) * np.exp(-sigma**2 / 2)
    if sigma == 0:  # ndtri(0) is -inf, and 0 times that is no number
        return lambda u: np.full_like(u, median)
    return lambda u: median * np.exp(sigma * special.ndtri(u))


def number(quantity: object) -> float:
    return float(quantity)  # type: ignore[arg-type]


def mixture(law: Law) -> Curve:
    """The inverse of the weighted distribution functions, by halving."""
    parts = [(number(part.share), quantile(part)) for part in law.parts]
    grid = np.sort(knots())
    tables = [(weight, curve(grid)) for weight, curve in parts]

    def below(x: Floats) -> Floats:
        total: Floats = np.sum([weight * np.interp(x, points, grid) for weight, points in tables], axis=0)
        return total

    def curve(u: Floats) -> Floats:
        low, high = np.zeros_like(u), np.full_like(u, max(points[-1] for _, points in tables))
        for _ in range(60):
            middle = (low + high) / 2
            high, low = np.where(below(middle) >= u, middle, high), np.where(below(middle) >= u, low, middle)
        return high
    return curve
