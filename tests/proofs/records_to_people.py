"""How well fresh callers are estimated from an ACD's counts: ``python tests/proofs/records_to_people.py [SEEDS]``.

Nanjing's 24 July 2021 is simulated until 22:00 where the truth differs from what the scenario says, and is known: the
chance of another dial after a busy signal at five places of its range, the surge at 0.6, 1 and 1.6 times its planned
size, its callers over the day as planned or as on an ordinary day. From the counts of that day alone, with parts of
them left out, the people are estimated by what the scenario says. Prints by chance and by what is counted the error
of the day's total, and how often 95 % intervals cover the total and the intervals of the day; ends with 1 where the
intervals of the total cover less than LEAST of a row, or the mean error of a row is above MOST where all is counted.
"""
from __future__ import annotations

import itertools
import sys
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from typing import NamedTuple

import at_hand  # noqa: F401
import numpy as np
from acd import counted, on_days, with_redials, without

from sim.fitting.counts import Counts
from sim.fitting.expected import course, habits
from sim.fitting.fresh_callers import fresh_callers
from sim.reading.loading import load
from sim.scenario.quantities import plain
from sim.scenario.scenario import Scenario
from sim.world.build import build

CITY, FIRST, END, INTERVALS = "nanjing", datetime(2021, 7, 23), datetime(2021, 7, 25), 88
DAY = 96
BUSY = (0.80, 0.85, 0.90, 0.95, 0.97)
LEVELS, SHAPES = (0.6, 1.0, 1.6), ("alarm", "everyday")
LEFT_OUT = {"all, with numbers": (), "all": ("numbers",), "no hang-ups": ("numbers", "hung_up"),
            "no busy signals": ("numbers", "busy"), "dials and answers": ("numbers", "busy", "hung_up")}
ALL = "all together"
SEEDS, LEAST, MOST = 2, 0.75, 0.20


class Case(NamedTuple):
    busy: float
    level: float
    shape: str
    seed: int


class Found(NamedTuple):
    """Of one estimate: its error as a share of the truth, and what was covered."""

    error: float
    total: bool
    intervals: float


def alone() -> Scenario:
    """The city without the others, on two days."""
    scenario = on_days(load("nanjing-2021"), FIRST, END)
    return scenario.model_copy(update={"cities": {CITY: scenario.cities[CITY]}})


def truth(scenario: Scenario, case: Case) -> Scenario:
    """What really happens."""
    surge, = scenario.surges
    by_day = {day: plain(case.level * float(callers), "1") for day, callers in surge.by_day.items()}
    other = surge.model_copy(update={"by_day": by_day, "profile": case.shape})
    return with_redials(scenario.model_copy(update={"surges": (other,)}), case.busy)


def tried(case: Case) -> dict[str, Found]:
    """By what is counted."""
    scenario = alone()
    happened = counted(truth(scenario, case), CITY, case.seed, numbers=True)
    window = slice(DAY, DAY + INTERVALS)
    fresh = happened.fresh[window]
    counts = happened.counts.between(window.start, window.stop)
    return {name: judged(scenario, without(counts, *left_out), window, fresh)
            for name, left_out in LEFT_OUT.items()}


def judged(scenario: Scenario, counts: Counts, window: slice, fresh: np.ndarray) -> Found:
    setting = build(scenario)
    who = habits(scenario, setting, CITY, window)
    expected = course(scenario, setting, CITY, counts, window, who)
    found = fresh_callers(counts, who, expected, scenario.horizon.interval_s)
    covered = (found.low - 1 <= fresh) & (fresh <= found.high + 1)
    return Found(found.total.mean / fresh.sum() - 1, found.total.low <= fresh.sum() <= found.total.high,
                 float(covered.mean()))


def main(seeds: int) -> int:
    cases = [Case(*one) for one in itertools.product(BUSY, LEVELS, SHAPES, range(seeds))]
    with ProcessPoolExecutor(2) as pool:
        results = list(pool.map(tried, cases, chunksize=2))
    rows: dict[tuple[str, object], list[Found]] = defaultdict(list)
    for case, by_name in zip(cases, results, strict=True):
        for name, found in by_name.items():
            for key in (f"dial again {case.busy:.0%}", f"surge x {case.level:g}", f"day as {case.shape}", ALL):
                rows[name, key].append(found)
    print(f"{'counted':<20}{'truth':<18}{'estimates':>10}{'bias':>9}{'error':>9}{'total covered':>15}"
          f"{'intervals covered':>19}")
    for (name, key), found in sorted(rows.items(), key=lambda row: (list(LEFT_OUT).index(row[0][0]), str(row[0][1]))):
        errors = np.array([one.error for one in found])
        print(f"{name:<20}{key:<18}{len(found):>10}{errors.mean():>+9.1%}{abs(errors).mean():>9.1%}"
              f"{np.mean([one.total for one in found]):>15.0%}{np.mean([one.intervals for one in found]):>19.0%}")
    return int(any(fails(name, found) for (name, key), found in rows.items() if key == ALL))


def fails(name: str, found: list[Found]) -> bool:
    covered, error = np.mean([one.total for one in found]), np.mean([abs(one.error) for one in found])
    return bool(covered < LEAST or (error > MOST and name.startswith("all")))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else SEEDS))
