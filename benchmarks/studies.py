"""What studies cost, as a table: ``python -m benchmarks.studies``. Wall time, because cores are what is shared out.

A ratio compares runs of one go. The million-dial day is W1; a national month is 333 cities, 30 days, 5 million calls a
day, of which one replication is run.
"""
from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np

from benchmarks import works
from benchmarks.__main__ import ROOT, row
from sim.measures.counts import count
from sim.measures.facts import Sums
from sim.scenario.scenario import Scenario
from sim.studies.executors import cluster, cores
from sim.studies.replication import KEPT, Finding, Job, outcomes_of, prepared
from sim.studies.result import Result
from sim.studies.study import study

NATIONAL_CALLS = 5e6


def wall_s(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def million_dial_day(replications: int) -> Callable[[int], float]:
    """Seconds that so many replications take with so many processes."""
    scenario = works.file("w1")
    return lambda workers: wall_s(lambda: study(scenario, [], replications=replications, workers=workers))


def scaling(replications: int) -> None:
    run = million_dial_day(replications)
    run(1)  # compiled
    many, one = run(cores()), run(1)
    what = f"{replications} replications of the million-dial day"
    row(f"{what}, {cores()} processes", f"{many:.1f} s", "under 40 s", many * 100 / replications < 40)
    row("the same in this process", f"{one:.1f} s: {one / many:.2f} times", "at least 1.7 times on two cores",
        one / many >= 1.7)


def peak_mib(code: str) -> tuple[list[float], float]:
    """What a fresh process prints, and the most memory that it had."""
    end = "\nimport resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    done = subprocess.run([sys.executable, "-c", code + end], cwd=ROOT, check=True, capture_output=True, text=True)
    *said, kilobytes = map(float, done.stdout.split())
    return said, kilobytes / 1024


def memory() -> None:
    code = ("from benchmarks import works; from sim import study; "
            "study(works.file('w1'), [], replications={}, workers=1)")
    few, many = (peak_mib(code.format(n))[1] for n in (10, 60))
    row("peak memory, 10 and 60 replications", f"{few:.0f} and {many:.0f} MiB", "the same", many < 1.05 * few)


def long_task() -> Scenario:
    """A replication of about a second."""
    return works.typed(works.million_dials(15))


def dask(tasks: int = 20) -> None:
    from distributed import LocalCluster
    scenario = long_task()
    with LocalCluster(n_workers=cores(), threads_per_worker=1, dashboard_address=None) as here, \
            cluster(here.scheduler_address) as executor:
        study(scenario, [], replications=cores(), workers=executor)  # compiled, imported
        theirs = wall_s(lambda: study(scenario, [], replications=tasks, workers=executor))
    ours = wall_s(lambda: study(scenario, [], replications=tasks, workers=cores()))
    row(f"{tasks} tasks of {ours * cores() / tasks:.1f} s, Dask against processes", f"{theirs / ours - 1:+.1%}",
        "under +10 %", theirs < 1.1 * ours)


def national(days: int) -> Scenario:
    """333 cities at the load of W2, with five million calls a day."""
    data = works.many_cities(333, days)
    factor = NATIONAL_CALLS / sum(one["calls_a_day"] for one in data["cities"].values())
    for one in data["cities"].values():
        one |= {"calls_a_day": one["calls_a_day"] * factor, **{k: round(one[k] * factor) for k in ("seats", "agents")}}
    for lever in data["levers"]:
        lever["seats"] = round(lever["seats"] * factor)
    return works.typed(data)


def national_month(days: int) -> None:
    """One replication, printed by a process of its own: dials, seconds."""
    job = Job.of(national(days), "kernel", 1)
    began = time.perf_counter()
    setting, levels = prepared(job)
    counted = count(setting, outcomes_of(job, 0), 15.0)
    values = {name: levels[name].measure(setting, counted) for name in KEPT}
    Result(job).add(Finding(values, np.zeros(0), Sums.of(counted)))
    print(int(counted.outcomes.flows[..., 0].sum()), time.perf_counter() - began)


def nation(days: int) -> None:
    (dials, seconds), mib = peak_mib(f"from benchmarks.studies import national_month; national_month({days})")
    figure = f"{dials:,.0f} dials, {seconds:.0f} s ({seconds / dials * 1e9:.0f} ns a dial), {mib / 1024:.1f} GiB"
    row(f"a replication of a national month ({days} days)", figure, "under 3 min and 4 GiB",
        seconds < 180 and mib < 4096 if days == 30 else None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer replications and three national days")
    quick = parser.parse_args().quick
    print("| what | figure | target | met |\n| --- | --- | --- | --- |")
    scaling(20 if quick else 100)
    memory()
    dask()
    nation(3 if quick else 30)


if __name__ == "__main__":
    main()
