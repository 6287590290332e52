"""Seats against exact references: python -m benchmarks.staffing_need FOLDER

Reads ``A_*.csv`` (M_t/M/s_t+M, service as long as patience: the number in line is Poisson whatever the staffing, so
the least seats at a moment are exact) and ``B_*.csv`` (M_t/M/s_t, half-hour staffing by five rules). Ends with 1 where
a seat of A differs, or where a half-hour of B has more than 1.1 times its target or the day more server-hours than the
rule of modified offered load.
"""
from __future__ import annotations

import csv
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from optimizer.staffing.need.chain import Rate
from optimizer.staffing.need.transient import Work, least_at_moments, least_seats_daily, passed_daily
from sim.core.arrays import Floats

DAY_H, HALF_H, HALF_HOURS, BAR = 24.0, 0.5, 48, 1.1
CYCLES = 60        # until the line is as it was a cycle before
SETTLED = 1e-7
Row = dict[str, str]


def main(folder: Path) -> int:
    """Print both tables; 1 where a bar is missed, 2 where there is nothing to read."""
    files = sorted((*folder.glob("A_*.csv"), *folder.glob("B_*.csv")))
    if not files:
        print(f"{folder} has no A_*.csv and no B_*.csv")
        return 2
    held = [(moments if file.name.startswith("A_") else half_hours)(file) for file in files]
    return 0 if all(held) else 1


def rows_of(file: Path) -> list[Row]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


# --- A: the least seats at moments -----------------------------------------------------------------------------------

def moments(file: Path) -> bool:
    """Whether every seat is as the file has it, at every moment and for every target."""
    rows = rows_of(file)
    at = column(rows, "t")
    every = float(at[1] - at[0])
    rates, mean = column(rows, "lambda"), column(rows, "m")
    service = float(mean.mean() / rates.mean())
    work = Work(periodic(rates, every), service, every, patience=service)
    print(f"{file.name}: {len(rows)} moments, service and patience {service:.4g}\n"
          f"{'target':>7} {'seats':>7} {'differ':>7} {'P(delay) off by':>16} {'seconds':>8}")
    targets = [name.removeprefix("s_") for name in rows[0] if name.startswith("s_")]
    differ = [of_target(rows, work, np.append(at, at[-1] + every), target) for target in targets]
    return not any(differ)


def of_target(rows: list[Row], work: Work, at: Floats, target: str) -> int:
    """How many moments have other seats than the file."""
    began, start, before = time.perf_counter(), None, np.full(len(rows), np.inf)
    for _ in range(CYCLES):
        found = least_at_moments(work, at, float(target), start)
        if np.abs(found.measures.delayed - before).max() < SETTLED:
            break
        start, before = found.states[-1], found.measures.delayed
    differ = int((found.seats != column(rows, f"s_{target}")).sum())
    off = np.abs(found.measures.delayed - column(rows, f"pdelay_{target}")).max()
    print(f"{target:>7} {found.seats.sum():7d} {differ:7d} {off:16.5f} {time.perf_counter() - began:8.1f}")
    return differ


def periodic(values: Floats, every: float) -> Rate:
    """The smooth function through values of equally spaced moments of one period (trigonometric)."""
    waves = np.fft.rfft(values) / len(values)
    turns = 2 * np.pi * np.arange(len(waves)) / (len(values) * every)
    weights = np.where((np.arange(len(waves)) == 0) | (2 * np.arange(len(waves)) == len(values)), 1.0, 2.0) * waves
    last = np.flatnonzero(np.abs(weights) > 1e-6 * np.abs(weights[0]))[-1] + 1
    weights, turns = weights[:last], turns[:last]

    def rate(moment: float) -> float:
        return max(float((weights * np.exp(1j * turns * moment)).real.sum()), 0.0)
    return rate


# --- B: a day of half-hours ------------------------------------------------------------------------------------------

def half_hours(file: Path) -> bool:
    """Whether on every instance no half-hour is beyond the bar and the day has no more hours than MOL's rule."""
    print(f"{file.name}: P(delay) of the file's own seats beside ours, then the fewest seats\n"
          f"{'calls/h':>8} {'ampl.':>6} {'mu':>5} {'target':>7} {'file off':>9} {'MOL h':>8} {'ours h':>8} "
          f"{'highest':>8} {'over 1.1':>8} {'at target':>9} {'seconds':>8}")
    held = [of_instance(rules) for rules in instances(rows_of(file))]
    return all(held)


def instances(rows: list[Row]) -> Iterator[dict[str, Row]]:
    """The rules of each instance by name."""
    keys = ("lambda_bar_per_h", "relative_amplitude", "mu_per_h", "target_p_delay")
    found: dict[tuple[str, ...], dict[str, Row]] = {}
    for row in rows:
        found.setdefault(tuple(row[key] for key in keys), {})[row["rule"]] = row
    return iter(found.values())


def of_instance(rules: dict[str, Row]) -> bool:
    began, one = time.perf_counter(), next(iter(rules.values()))
    calls, amplitude, service = (float(one[key]) for key in ("lambda_bar_per_h", "relative_amplitude", "mu_per_h"))
    target, most = float(one["target_p_delay"]), float(rules["MOL-avg"]["server_hours"])
    work = Work(sinusoid(calls, amplitude, phase(seats_of(rules["SIPP-avg"]))), 1 / service, HALF_H,
                closing="gives back")
    off = max(float(np.abs(passed_daily(work, seats_of(row)).measures.all_busy - numbers(row["p_delay_48"])).max())
              for row in rules.values())
    ours, exact = (least_seats_daily(work, HALF_HOURS, lambda one, bar=bar: one.all_busy <= bar * target)
                   for bar in (BAR, 1.0))
    over = int((ours.measures.all_busy > BAR * target).sum())
    hours, strict = (float(day.seats.sum() * HALF_H) for day in (ours, exact))
    print(f"{calls:8g} {amplitude:6g} {service:5g} {target:7g} {off:9.4f} {most:8.1f} {hours:8.1f} "
          f"{ours.measures.all_busy.max():8.4f} {over:8d} {strict:9.1f} {time.perf_counter() - began:8.1f}")
    return over == 0 and hours <= most


def sinusoid(calls: float, amplitude: float, shift: float) -> Rate:
    return lambda hour: calls * (1 + amplitude * np.cos(2 * np.pi * hour / DAY_H - shift))


def phase(seats: Floats) -> float:
    """Where in the day the sinusoid is highest, in radians: a quarter of the day, as seats that follow it tell."""
    middle = (np.arange(len(seats)) + 0.5) / len(seats)
    return float(np.round(np.angle((seats * np.exp(2j * np.pi * middle)).sum()) / (np.pi / 2)) * (np.pi / 2))


def seats_of(row: Row) -> Floats:
    return numbers(row["staffing_48_half_hours"])


def numbers(text: str) -> Floats:
    return np.array([float(word) for word in text.split()])


def column(rows: list[Row], name: str) -> Floats:
    return np.array([float(row[name]) for row in rows])


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit((__doc__ or "").strip())
    sys.exit(main(Path(sys.argv[1])))
