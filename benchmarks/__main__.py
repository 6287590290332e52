"""Speed, as ratios in one run: ``python -m benchmarks [--yardstick DIR]``. Nothing here is a test.

These machines are shared: a figure is the least CPU time of several (with the median where it stands alone), and what
may be compared was timed in turns.
DIR holds a C++ program with nothing in it but the physics (sim.cpp, sim.hpp, profile.h); without one, or without a
compiler, its columns stay empty.
"""
from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

from benchmarks import works
from sim.core.arrays import DIALS, Callers, Setting
from sim.core.engines import kernel, reference
from sim.reading.loading import load
from sim.studies.study import simulate
from sim.world.build import build
from sim.world.callers import draw_callers
from surgeline.folders import run as run_folder

ROOT = Path(__file__).parent.parent
REPEATS = 9


def cpu_s(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def timed(works: dict[str, Callable[[], object]], repeats: int = REPEATS) -> dict[str, list[float]]:
    """CPU seconds of each, taken in turns after one go that does not count."""
    for work in works.values():
        work()
    rounds = [{name: cpu_s(work) for name, work in works.items()} for _ in range(repeats)]
    return {name: [one[name] for one in rounds] for name in works}


def least(works: dict[str, Callable[[], object]], repeats: int = REPEATS) -> dict[str, float]:
    return {name: min(times) for name, times in timed(works, repeats).items()}


def both(times: list[float], digits: int = 3) -> str:
    """The least and the median of some times."""
    return f"{min(times):.{digits}f} s (median {statistics.median(times):.{digits}f})"


def prepared(scenario: works.Scenario) -> tuple[Setting, Callers]:
    setting = build(scenario)
    return setting, draw_callers(setting, 1, 0)


def kernel_run(scenario: works.Scenario, keep_calls: bool = False) -> tuple[Callable[[], object], int]:
    """The kernel's run of a scenario, and how many dials it has."""
    setting, callers = prepared(scenario)
    dials = int(kernel.run(setting.world, callers).flows[..., DIALS].sum())
    return lambda: kernel.run(setting.world, callers, keep_calls), dials


def row(what: str, figure: str, target: str, met: bool | None) -> None:
    print(f"| {what} | {figure} | {target} | {'–' if met is None else 'yes' if met else 'NO'} |", flush=True)


# --- against the yardstick -------------------------------------------------------------------------------------------

def built_yardstick(folder: Path | None) -> Path | None:
    """The compiled yardstick, None where there is no source or no compiler."""
    compiler = shutil.which("g++")
    if folder is None or not (folder / "sim.cpp").is_file() or compiler is None:
        return None
    program = Path(tempfile.mkdtemp()) / "yardstick"
    flags = ["-O3", "-march=native", "-ffp-contract=off", "-std=c++17", "-pthread"]
    subprocess.run([compiler, *flags, str(folder / "sim.cpp"), "-o", str(program)], check=True, capture_output=True)
    return program


def yardstick_s(program: Path, number: int, variant: str) -> float:
    done = subprocess.run([str(program), str(number), variant], check=True, capture_output=True, text=True)
    return float(json.loads(done.stdout)["min"])


def against_yardstick(program: Path | None) -> None:
    for number, name in ((1, "w1"), (2, "w2"), (3, "w3")):
        run, dials = kernel_run(works.file(name))
        ours: list[float] = []
        theirs: list[list[float]] = []
        for _ in range(3):
            ours += timed({"": run}, 3)[""]
            theirs.append([yardstick_s(program, number, v) for v in ("d4", "iwheel")] if program else [])
        figure, met = f"{both(ours)}, {dials:,} dials; no yardstick", None
        if program:
            heap, wheel = (min(column) for column in zip(*theirs, strict=True))
            figure = (f"{both(ours)}, {dials:,} dials; yardstick d4 {heap:.3f} s, wheel {wheel:.3f} s: "
                      f"{min(ours) / heap:.2f} of d4")
            met = min(ours) <= 2 * heap if number < 3 else None
        row(f"W{number}, kernel with facts by interval", figure, "at most 2 of d4" if number < 3 else "–", met)


def rows_of_calls() -> None:
    for name in ("w1", "w3"):
        plain, dials = kernel_run(works.file(name))
        with_rows, _ = kernel_run(works.file(name), keep_calls=True)
        times = least({"plain": plain, "rows": with_rows})
        each = (times["rows"] - times["plain"]) / dials * 1e9
        row(f"a row a call, {name.upper()}", f"{each:.0f} ns", "under 40 ns", each < 40)


def file_of_calls() -> None:
    for name, scenario in (("W1", works.file("w1")), ("jiangsu-everyday", load("jiangsu-everyday"))):
        calls = simulate(scenario, replications=1, keep_calls=True).calls
        with tempfile.TemporaryDirectory() as folder:
            run_folder.write_calls([calls], Path(folder) / "calls.parquet")
            size = (Path(folder) / "calls.parquet").stat().st_size / len(calls)
        row(f"calls.parquet, {name}", f"{size:.1f} MB a million rows", "under 10 MB", size < 10)


# --- flatness --------------------------------------------------------------------------------------------------------

def spread(what: str, scenarios: dict[str, works.Data]) -> None:
    """Cost per dial over several sizes of the same thing."""
    run_folder = {name: kernel_run(works.typed(data)) for name, data in scenarios.items()}
    times = least({name: run for name, (run, _) in run_folder.items()})
    costs = {name: times[name] / dials * 1e9 for name, (_, dials) in run_folder.items()}
    ratio = max(costs.values()) / min(costs.values())
    figure = ", ".join(f"{name} {cost:.0f} ns" for name, cost in costs.items())
    row(what, f"{figure}: {ratio:.2f}", "within 1.5", ratio <= 1.5)


def flatness(quick: bool) -> None:
    most = 3 if quick else 10
    spread("cost per dial, 10^5 to 10^7 dials, by days",
           {f"{days} d": works.million_dials(days) for days in (1, most)} | {"0.1": works.million_dials(1, 0.1)})
    spread("cost per dial, 10^5 to 10^7 dials, by size",
           {f"×{size:g}": works.million_dials(1, size) for size in (0.1, 1, most)})
    spread("cost per dial, idle or 10,000 waiting", {"idle": works.steady(0), "10,000": works.steady(10_000)})
    spread("cost per dial, 13 to 333 cities", {f"{n}": works.many_cities(n, 2) for n in (13, 333)})


# --- whole commands --------------------------------------------------------------------------------------------------

PEAK = """
import resource
from benchmarks import works
from benchmarks.__main__ import prepared
from sim.core.engines import kernel
setting, callers = prepared(works.typed(works.million_dials({days}, {size})))
dials = int(kernel.run(setting.world, callers).flows[..., 0].sum())
print(dials, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def in_fresh_process(code: str, **environment: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env={**os.environ, **environment}, check=True,
                          capture_output=True, text=True)
    return done.stdout


def memory() -> None:
    for what, days, size in (("ten days", 10, 1), ("ten times the size", 1, 10)):
        dials, kilobytes = map(int, in_fresh_process(PEAK.format(days=days, size=size)).split())
        row(f"peak memory, {dials:,} dials ({what})", f"{kilobytes / 1024:.0f} MiB", "under 1 GiB", kilobytes < 1 << 20)


def simpy_engine() -> None:
    setting, callers = prepared(works.file("w1"))
    times = [cpu_s(lambda: reference.run(setting.world, callers)) for _ in range(3)]
    row("SimPy engine, W1", both(times, 1), "under 20 s", min(times) < 20)


def a_month() -> None:
    week = load("jiangsu-everyday")
    end = week.horizon.start + timedelta(days=30)
    month = week.model_copy(update={"horizon": week.horizon.model_copy(update={"end": end}), "observed": ()})
    run, dials = kernel_run(month)
    times = timed({"kernel": run, "simulate": lambda: simulate(month, replications=1)}, 3)
    what = f"13 cities, 30 days, {dials:,} dials: the run"
    row(what, both(times["kernel"], 2), "under 2 s", min(times["kernel"]) < 2)
    row("the same with everything around it", both(times["simulate"], 2), "–", None)


def starting() -> None:
    command = [sys.executable, "-m", "surgeline", "--help"]
    times = []
    for _ in range(7):
        began = time.perf_counter()
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        times.append(time.perf_counter() - began)
    row("surgeline --help, wall", f"{statistics.median(times):.2f} s", "under 0.3 s", statistics.median(times) < 0.3)
    code = ("import time; t = time.process_time(); from sim import load, simulate; "
            "simulate(load('two-cities'), replications=1); print(time.process_time() - t)")
    with tempfile.TemporaryDirectory() as cache:
        first, second = (float(in_fresh_process(code, SURGELINE_CACHE=cache)) for _ in range(2))
    row("first start, kernel compiled", f"{first:.1f} s", "once", None)
    row("second start", f"{second:.1f} s", "–", None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--yardstick", type=Path, help="folder with sim.cpp")
    parser.add_argument("--quick", action="store_true", help="3 million dials instead of ten at the most")
    options = parser.parse_args()
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, numba {version('numba')}; "
          "CPU seconds, least of several\n")
    print("| what | figure | target | met |\n| --- | --- | --- | --- |")
    against_yardstick(built_yardstick(options.yardstick))
    rows_of_calls()
    file_of_calls()
    flatness(options.quick)
    memory()
    simpy_engine()
    a_month()
    starting()


if __name__ == "__main__":
    main()
