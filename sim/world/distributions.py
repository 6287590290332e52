"""Laws of durations as tables of whole milliseconds: the quantile function, once, from a mean and a cv or from data.

Between knots the engines draw straight lines. The last of the 4,096 cells is cut into 4,096 once more, so that means
keep to 0.02 % and second moments to 0.1 % even with heavy tails (a test says so). Of the heaviest tails, and of
durations of weeks, a table misses more than that: ``off`` says how much, and a file with such a law is refused.
"""
from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from scipy import special

from sim.core.arrays import KNOTS, LONGEST_MS, Floats, Ints
from sim.scenario.quantities import Distribution

Curve = Callable[[Floats], Floats]
LAWS = 256  # laws that are kept at hand
TICK_S = 0.001
FROM, TO = slice(None, -1), slice(1, None)


def knots() -> Floats:
    """The probabilities at which a law is tabled."""
    coarse: Floats = np.arange(KNOTS + 1) / KNOTS
    fine = 1 - (1 - coarse) / KNOTS
    return np.asarray(np.minimum(np.concatenate([coarse, fine]), 1 - 2.0**-27))


@lru_cache(LAWS)
def table_ms(law: Distribution) -> Ints:
    """The law in whole milliseconds, shape [LAW], never falling."""
    seconds = quantile(law)(knots())
    if is_smooth(law):
        seconds[1:KNOTS - 1] -= bend(seconds[:KNOTS])
        seconds[KNOTS + 2:-1] -= bend(seconds[KNOTS + 1:])
    seconds = np.minimum(seconds, longest(law))
    table = np.rint(np.clip(seconds * 1000, 0, LONGEST_MS)).astype(np.int32)
    table.flags.writeable = False
    return np.asarray(table)


def longest(law: Distribution) -> float:
    """The seconds that end it: where it has none, for ever."""
    return np.inf if law.at_most is None else float(law.at_most)


def is_smooth(law: Distribution) -> bool:
    """Whether the quantile function has no jumps."""
    return all(map(is_smooth, law.parts)) if law.law == "mixture" else law.law not in ("fixed", "data")


def bend(knots: Floats) -> Floats:
    """How far straight lines between the knots lie above a bent curve, on the average around each inner knot.

    At most half the way to the next knot on either side: beside a jump the table must not fall.
    """
    steps = np.diff(knots)
    return np.asarray(np.clip((steps[1:] - steps[:-1]) / 12, -steps[1:] / 2, steps[:-1] / 2))


def quantile(law: Distribution) -> Curve:
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


def exponential(law: Distribution) -> Curve:
    return lambda u: -np.log1p(-u) * number(law.mean)


def weibull(law: Distribution) -> Curve:
    power = 1 / number(law.shape)
    scale = number(law.mean) / special.gamma(1 + power)
    return lambda u: scale * (-np.log1p(-u)) ** power


def gamma(law: Distribution) -> Curve:
    if number(law.cv) == 0:
        return lambda u: np.full_like(u, number(law.mean))
    shape = number(law.cv) ** -2
    return lambda u: special.gammaincinv(shape, u) * number(law.mean) / shape


def lognormal(law: Distribution) -> Curve:
    sigma, median = sigma_and_median(law)
    if sigma == 0:  # ndtri(0) is -inf, and 0 times that is no number
        return lambda u: np.full_like(u, median)
    return lambda u: median * np.exp(sigma * special.ndtri(u))


def sigma_and_median(law: Distribution) -> tuple[float, float]:
    sigma = number(law.sigma) if law.sigma is not None else float(np.sqrt(np.log1p(number(law.cv) ** 2)))
    return sigma, number(law.median) if law.median is not None else number(law.mean) * float(np.exp(-sigma**2 / 2))


def number(quantity: object) -> float:
    return float(quantity)  # type: ignore[arg-type]


def mixture(law: Distribution) -> Curve:
    """The inverse of the weighted distribution functions: straight lines between all the knots of its parts."""
    grid = np.sort(knots())
    tables = [(number(part.share), np.minimum(quantile(part)(grid), longest(part))) for part in law.parts]
    points = np.unique(np.concatenate([points for _, points in tables]))
    points = np.sort(np.concatenate([np.nextafter(points, -1), points]))  # before and after each step
    below: Floats = np.sum([weight * np.interp(points, known, grid) for weight, known in tables], axis=0)

    def curve(u: Floats) -> Floats:
        at = np.clip(np.searchsorted(below, u), 1, len(points) - 1)
        width = np.maximum(below[at] - below[at - 1], 1e-300)
        part = np.clip((u - below[at - 1]) / width, 0, 1)
        return np.asarray(points[at - 1] + part * (points[at] - points[at - 1]))
    return curve


# --- what a table says of its law ------------------------------------------------------------------------------------

def off(law: Distribution) -> tuple[float, float]:
    """How far the tabled mean and the tabled second moment lie from those of the law, as a share of them. What is less
    than a millisecond does not count: the clock ticks in them."""
    found = []
    for power, tabled in enumerate(moments(table_ms(law)), 1):
        exact = limited(law, power)
        least = max(exact ** (1 / power), TICK_S)
        found.append(tabled / least**power - 1 if abs(tabled ** (1 / power) - exact ** (1 / power)) > TICK_S else 0.0)
    return found[0], found[1]


def mean_s(table: Ints) -> float:
    """The mean in seconds of a tabled law (whole milliseconds): trapezoids, and its last cell finely."""
    seconds = table / 1000
    coarse, fine = seconds[:KNOTS], seconds[KNOTS + 1:]
    return float(((coarse[1:] + coarse[:-1]).sum() / 2 + np.mean((fine[1:] + fine[:-1]) / 2)) / KNOTS)


def moments(table: Ints) -> tuple[float, float]:
    """The mean and the second moment of a tabled law, in seconds: straight lines between the knots."""
    knots_s = table / 1000
    low, high = (np.concatenate([knots_s[side][:KNOTS - 1], knots_s[KNOTS + 1:][side]]) for side in (FROM, TO))
    weight = np.repeat([1.0, 1.0 / KNOTS], [KNOTS - 1, KNOTS]) / KNOTS
    return mean_s(table), float(weight @ (low * low + low * high + high * high) / 3)


def limited(law: Distribution, power: int, at_most: float = np.inf) -> float:
    """The mean of a power of a law's durations, none longer than ``at_most``."""
    most = min(longest(law), at_most)
    if most <= 0:
        return 0.0
    if law.law == "mixture":
        return sum(number(part.share) * limited(part, power, most) for part in law.parts)
    if law.law == "data":
        return of_data(np.sort(law.samples_s), power, most)
    if law.law == "fixed" or is_constant(law):
        return min(number(law.median if law.median is not None else law.mean), most) ** power
    below, above = {"exponential": of_weibull, "weibull": of_weibull, "gamma": of_gamma, "lognormal": of_lognormal}[
        law.law](law, power, most)
    return below + (most**power * above if above else 0.0)


def of_data(samples_s: Floats, power: int, most: float) -> float:
    """Of straight lines between samples, as in ``quantile``, each cut where it passes a limit."""
    x = np.concatenate([samples_s[:1], samples_s, samples_s[-1:]])
    low, high = np.minimum(x[:-1], most), np.minimum(x[1:], most)
    below = np.where(x[1:] > most, (high - low) / np.maximum(x[1:] - x[:-1], 1e-300), 1.0)
    line = sum(low**k * high ** (power - k) for k in range(power + 1)) / (power + 1)
    over = np.where(below < 1, most**power, 0.0) * (1 - below)
    weight = np.concatenate([[0.5], np.ones(len(samples_s) - 1), [0.5]]) / len(samples_s)
    return float(weight @ (below * line + over))


def is_constant(law: Distribution) -> bool:
    """Whether all durations are the same."""
    return (law.median is None and number(law.mean) == 0) or 0.0 in [
        number(spread) for spread in (law.cv, law.sigma) if spread is not None]


def of_weibull(law: Distribution, power: int, most: float) -> tuple[float, float]:
    """The part of a moment that comes from durations below a limit, and how likely those above it are."""
    shape = 1.0 if law.shape is None else number(law.shape)
    scale = number(law.mean) / float(special.gamma(1 + 1 / shape))
    at, order = (most / scale) ** shape, 1 + power / shape
    return float(scale**power * special.gamma(order) * special.gammainc(order, at)), float(np.exp(-at))


def of_gamma(law: Distribution, power: int, most: float) -> tuple[float, float]:
    shape = number(law.cv) ** -2
    scale = number(law.mean) / shape
    whole = scale**power * np.prod([shape + k for k in range(power)])
    return float(whole * special.gammainc(shape + power, most / scale)), float(special.gammaincc(shape, most / scale))


def of_lognormal(law: Distribution, power: int, most: float) -> tuple[float, float]:
    sigma, median = sigma_and_median(law)
    at = np.log(most / median) / sigma
    whole = median**power * np.exp((power * sigma) ** 2 / 2)
    return float(whole * special.ndtr(at - power * sigma)), float(special.ndtr(-at))
