"""What people wait for: ``python -m benchmarks.commands [--repeats N]``. Whole commands, each in a process of its own.

Modules are compiled to bytecode before, as those of an installed package are. Wall and CPU seconds are the least of
several goes; what may be compared was timed in turns. The goals are for two free cores; on a machine that is busy or
slower the ratios still tell: a replication against its kernel, two processes against one, and peak memory.
"""
from __future__ import annotations

import argparse
import compileall
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.__main__ import ROOT, cpu_s, row
from sim.core.engines import engine
from sim.reading.loading import load
from sim.studies.replication import Job, replicate, setting_of
from sim.studies.study import study
from sim.world.callers import draw_callers

# command, its words, which of wall and cpu the goal is about, the goal in seconds
COMMANDS = (
    ("list", ["list"], "cpu", 0.3),
    ("check two-cities", ["check", "two-cities"], "cpu", 0.8),
    ("run two-cities", ["run", "two-cities"], "wall", 3.0),
    ("run nanjing-2021", ["run", "nanjing-2021"], "wall", 9.0),
    ("run yangzhou-2021", ["run", "yangzhou-2021"], "wall", 20.0),
)
WRITES = ("run", "report")
REPORTED = ("two-cities", "nanjing-2021", "yangzhou-2021", "suzhou-2022")
MONTHS = ("nanjing-2021", "yangzhou-2021")


def spent(words: list[str], folder: Path) -> dict[str, float]:
    """Wall and CPU seconds and the peak memory of a command with its children."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-m", "surgeline", *words], cwd=folder, check=True, capture_output=True,
                   env=os.environ | {"PYTHONPATH": str(ROOT)})
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return {"wall": wall, "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
            "mib": after.ru_maxrss / 1024}


def whole_commands(repeats: int, folder: Path) -> None:
    for what, words, kind, goal in COMMANDS:
        times = []
        for i in range(repeats):
            out = ["--out", str(folder / f"{words[-1]}-{i}")] if words[0] in WRITES else []
            times.append(spent([*words, *out], folder))
        wall, cpu = (min(one[name] for one in times) for name in ("wall", "cpu"))
        row(what, f"{wall:.2f} s wall, {cpu:.2f} s CPU", f"{goal:g} s {kind}", {"wall": wall, "cpu": cpu}[kind] <= goal)


def reports(repeats: int, folder: Path) -> None:
    for name in REPORTED:
        out = folder / f"reported-{name}"
        spent(["run", name, "--replications", "2", "--out", str(out)], folder)
        wall = min(spent(["report", str(out)], folder)["wall"] for _ in range(repeats))
        size = (out / "report.html").stat().st_size / 1000
        row(f"report of {name}", f"{wall:.2f} s, {size:.0f} kB", "2 s, 500 kB", wall < 2 and size < 500)


def replications(repeats: int) -> None:
    """A replication, with all that is counted of it, against the kernel inside it."""
    for name in MONTHS:
        job = Job.of(load(name), "kernel", 1)
        setting = setting_of(job)
        callers = draw_callers(setting, 1, 0)
        works: dict[str, Callable[[], object]] = {
            "kernel": lambda setting=setting, callers=callers: engine("kernel")(setting.world, callers),  # type: ignore[misc]
            "all": lambda job=job: replicate(job, 0)}  # type: ignore[misc]
        for work in works.values():
            work()
        pairs = [(cpu_s(works["all"]), cpu_s(works["kernel"])) for _ in range(2 * repeats + 1)]
        ratio = statistics.median(whole / kernel for whole, kernel in pairs)
        row(f"a replication of {name}", f"{ratio:.2f} times its kernel ({min(k for _, k in pairs):.2f} s)",
            "at most 1.5 times", ratio <= 1.5)


def processes(repeats: int) -> None:
    for name in MONTHS:
        scenario, ratios = load(name), []
        for _ in range(repeats):
            walls = []
            for workers in (1, 2):
                began = time.perf_counter()
                study(scenario, [], replications=12, workers=workers)
                walls.append(time.perf_counter() - began)
            ratios.append(walls[0] / walls[1])
        ratio = statistics.median(ratios)
        row(f"{name}, two processes against one", f"{ratio:.2f} times as fast", "at least 1.8 times", ratio >= 1.8)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3)
    repeats = parser.parse_args().repeats
    print("| what | figure | goal | met |\n| --- | --- | --- | --- |")
    for room in ("sim", "optimizer", "surgeline"):
        compileall.compile_dir(ROOT / room, quiet=1)
    folder = Path(tempfile.mkdtemp())
    try:
        spent(["run", "two-cities", "--out", str(folder / "compiled")], folder)
        whole_commands(repeats, folder)
        reports(repeats, folder)
        replications(repeats)
        processes(repeats)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
