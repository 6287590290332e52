"""How often intervals cover what they are about: ``python tests/proofs/interval_coverage.py [STUDIES]``.

Each study is one call of ``study`` with a seed of its own, on a hotline whose expected figures are known exactly: six
seats, twelve lines, exponential talk and patience, open for three hours from an empty hall. What the studies say is
compared with the exact figure. Of a variant with two seats more the paired difference is, too. Prints a table, and
ends with 1 where a share of covered figures is further from 95 % than chance would take it once in a thousand rows.

**Exact figures.** Given the day's busyness, calls in the hall are a birth-death chain; the answers expected by the end
come from the exponential of its generator. The answer rate of dials is the expectation of a ratio: 1/n is the integral
of s**(n-1), and Poisson callers thinned by s are Poisson callers, so that E[answers / dials] is an integral over s of
expected answers at the rate s * dials_per_s. Busyness is a gamma variable, integrated by Gauss and Laguerre's rule.
"""
from __future__ import annotations

import math
import sys
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
from scipy import linalg, special, stats

from sim.scenario.scenario import Scenario
from sim.studies.study import study

HOURS, SEATS, MORE, LINES = 3, 6, 2, 12
DIALS_PER_S, TALK_S, PATIENCE_S = 0.035, 200.0, 150.0
BUSYNESS_CV = 0.3
CONFIDENCE, CHANCE = 0.95, 1e-3


# --- exact -----------------------------------------------------------------------------------------------------------

def answers(dials_per_s: float, seats: int) -> float:
    """Calls that are answered until the end, from an empty hall on."""
    calls = np.arange(LINES + 1)
    up = np.where(calls < LINES, dials_per_s, 0.0)
    down = np.minimum(calls, seats) / TALK_S + np.maximum(calls - seats, 0) / PATIENCE_S
    begun = np.where(calls < seats, dials_per_s, 0.0) + np.where(calls > seats, seats / TALK_S, 0.0)
    chain = np.diag(up[:-1], 1) + np.diag(down[1:], -1) - np.diag(up + down)
    summed = np.block([[chain, begun[:, None]], [np.zeros((1, LINES + 2))]])
    return float(linalg.expm(summed * HOURS * 3600)[0, -1])


def rate(dials_per_s: float, seats: int) -> float:
    """Expected share of the dials that is answered."""
    dials = dials_per_s * HOURS * 3600
    low = max(0.0, 1 - 45 / dials)
    roots, weights = special.roots_legendre(40)
    s, w = low + (1 - low) * (1 + roots) / 2, (1 - low) * weights / 2
    values = [math.exp(-dials * (1 - x)) * answers(x * dials_per_s, seats) / x for x in s]
    return float(w @ np.array(values))


def expected(figure: Any, seats: int, cv: float) -> float:
    """A figure on a day of any busyness."""
    if cv == 0:
        return float(figure(DIALS_PER_S, seats))
    shape = cv**-2
    roots, weights = special.roots_genlaguerre(20, shape - 1)
    return float(sum(w * figure(DIALS_PER_S * x / shape, seats) for x, w in zip(roots, weights, strict=True))
                 / special.gamma(shape))


FIGURES = {"answered": answers, "answer_rate_dials": rate}


# --- simulated -------------------------------------------------------------------------------------------------------

def hotline(cv: float) -> Scenario:
    """The hotline as a scenario, and a variant of it with more seats."""
    day, close = "2021-03-01 00:00", f"2021-03-01 {HOURS:02}:00"
    named = {"zh": "热线", "en": "hotline"}
    never = {"share": 0, "delay": {"law": "exponential", "mean": "60 s"}}
    return Scenario.model_validate({
        "surgeline": 1, "title": named, "horizon": {"start": day, "end": close, "interval": "30 min"},
        "headline": "dials", "shifts": {"always": [{"start": "00:00", "hours": 24, "share": 1}]},
        "profiles": {"flat": {"day": [1]}}, "everyday": {"people": {"profile": "flat", "busyness_cv": cv}},
        "classes": {"people": {"name": named, "after_busy": never, "after_hanging_up": never,
                               "patience": {"law": "exponential", "mean": f"{PATIENCE_S} s"},
                               "talk": {"law": "exponential", "mean": f"{TALK_S} s"}}},
        "cities": {"a": {"name": named, "calls_a_day": DIALS_PER_S * 86400, "seats": SEATS, "agents": SEATS,
                         "shifts": "always", "absence": 0, "shrinkage": 0, "lines": LINES}},
        "variants": {"more": {"name": named, "levers": [{
            "kind": "volunteers", "city": "a", "people": MORE, "place": "elsewhere", "training": "0 s", "presence": 1,
            "speed": {"day_1": 1, "day_5": 1}, "from": day, "to": close}]}},
    })


class Said(NamedTuple):
    """What a study said of a figure."""

    low: float
    high: float
    replications: int


class Ask(NamedTuple):
    """How studies are made."""

    name: str
    options: dict[str, Any]


ASKS = [Ask("10 replications", {"replications": 10}), Ask("40 replications", {"replications": 40}),
        Ask("until ±1.5 points", {"precision": "1.5pp"})]


def said(cv: float, ask: Ask, seed: int) -> dict[tuple[str, str], Said]:
    """What one study says of every figure, and of its difference."""
    found = study(hotline(cv), ["more"], seed=seed, workers=1, **ask.options)
    told = {}
    for name in FIGURES:
        for what, figure in (("itself", found.first.value(name)), ("difference", found.difference("more", name))):
            told[name, what] = Said(figure.low, figure.high, found.replications)
    return told


def some(cv: float, ask: Ask, seeds: range) -> list[dict[tuple[str, str], Said]]:
    return [said(cv, ask, seed) for seed in seeds]


def in_parallel(cv: float, ask: Ask, studies: int) -> list[dict[tuple[str, str], Said]]:
    said(cv, ask, 0)  # compiled once, here
    chunks = [range(first, min(first + 25, studies + 1)) for first in range(1, studies + 1, 25)]
    with ProcessPoolExecutor() as pool:
        return [one for part in pool.map(some, [cv] * len(chunks), [ask] * len(chunks), chunks) for one in part]


# --- the table -------------------------------------------------------------------------------------------------------

def exact(name: str, what: str, cv: float) -> float:
    itself = expected(FIGURES[name], SEATS, cv)
    return itself if what == "itself" else expected(FIGURES[name], SEATS + MORE, cv) - itself


def judged(told: list[Said], truth: float) -> tuple[str, bool]:
    """The columns of a row, and whether chance explains it."""
    covered = sum(one.low <= truth <= one.high for one in told)
    low, high = stats.binomtest(covered, len(told)).proportion_ci(CONFIDENCE)
    chance = stats.binomtest(covered, len(told), CONFIDENCE).pvalue
    half, runs = np.mean([(one.high - one.low) / 2 for one in told]), np.mean([one.replications for one in told])
    return (f"{runs:.1f} | {truth:.4f} | {half:.4f} | {len(told)} | {covered / len(told):.1%} | "
            f"{low:.1%}–{high:.1%}"), bool(chance >= CHANCE)


def main(studies: int = 2000) -> int:
    print("| days | figure | study | replications | exact | half-width | studies | covered | 95 % of that |\n"
          "| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    fine = True
    for cv, ask in ((cv, ask) for cv in (0.0, BUSYNESS_CV) for ask in ASKS):
        told = in_parallel(cv, ask, studies)
        for name, what in told[0]:
            columns, explained = judged([one[name, what] for one in told], exact(name, what, cv))
            fine &= explained
            days = "alike" if cv == 0 else f"busyness {cv:g}"
            figure = f"`{name}`" if what == "itself" else f"`{name}`, two seats more"
            print(f"| {days} | {figure} | {ask.name} | {columns} |" + ("" if explained else " NO"), flush=True)
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, islice(sys.argv, 1, 2))))
