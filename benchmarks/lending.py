"""Speed of planning: ``python -m benchmarks.lending [--quick]``. Wall-clock seconds on whatever cores there are.

Small problems to their proved optimum; Yangzhou's month in blocks of two hours, each day planned anew; whole menus
with their proofs; made-up provinces of more and more cities and blocks, where one city in fifteen has a surge and
may borrow from all others.
"""
from __future__ import annotations

import argparse
import json
import os
import resource
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks import works
from benchmarks.__main__ import row
from benchmarks.works import START
from optimizer.exact.solving import optimum
from optimizer.lending.inputs.default_terms import terms_of
from optimizer.lending.inputs.estimates import knowledge
from optimizer.lending.inputs.province import A_DAY, Province, province
from optimizer.lending.model import lending
from optimizer.lending.plan import plan
from sim.reading.loading import load
from sim.scenario.scenario import Scenario
from sim.studies.executors import pool_of

INSTANCES = Path(__file__).parent.parent / "tests" / "data" / "lending.json"
FIRST_MENU_S = 20.0
WHOLE_MENUS_S = (("two-cities", 8.0), ("nanjing-2021", 180.0), ("yangzhou-2021", 180.0), ("suzhou-2022", 180.0),
                 ("nanjing-and-yangzhou-2021", 300.0))


def small() -> None:
    for case in json.loads(INSTANCES.read_text(encoding="utf-8"))["cases"]:
        began = time.perf_counter()
        found, wanted = optimum(case["instance"]), case["optimum"]["optimal_objective"]
        seconds, off = time.perf_counter() - began, abs(found.objective / wanted - 1)
        row(case["instance"]["id"], f"{found.objective:,.4f}, {off:.0e} from the optimum, "
            f"{'proved' if found.proved else 'not proved'}, {seconds:.2f} s", "proved, 1e-6, 10 s",
            found.proved and off < 1e-6 and seconds < 10)


def planned(what: str, p: Province, gap: float, most_s: float, target: str) -> None:
    """Tables and solution, until the gap is proved."""
    began = time.perf_counter()
    k = knowledge(p)
    tables = time.perf_counter() - began
    found = lending.solve(k, most_s=most_s, gap=gap)
    seconds, memory = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    gains, losses = (sum(float(x.sum()) for x in part.values()) for part in (found.gains, found.losses))
    row(f"{what}: {len(p.cities)} cities, {len(p.borrowers)} borrowers, {len(p.open_blocks)} blocks",
        f"gap {found.gap:.3%}, {gains - losses:,.0f} people more, tables {tables:.0f} s, "
        f"solver {seconds - tables:.0f} s, {memory:,.0f} MiB", target, found.gap <= gap and seconds < most_s)


def proved(name: str, most_s: float) -> None:
    """The whole of ``surgeline plan``, every plan of the menu proved, with one worker a core."""
    began, first = time.perf_counter(), list[float]()
    scenario = load(name)
    with pool_of(os.cpu_count() or 1) as executor:
        found = plan(scenario.model_copy(update={"lending": terms_of(scenario)}), workers=executor,
                     shown=lambda menu: first.append(time.perf_counter() - began))
    seconds, people = time.perf_counter() - began, found.verdict.people
    floors = [floor for one in found.menu for floor in one.proof.verdict.floors]
    row(f"{name}, the whole menu", f"{people.mean:,.0f} people more ({people.low:,.0f} to {people.high:,.0f}) by "
        f"{found.option.name}, {sum(floor.proved for floor in floors)} of {len(floors)} floors of {len(found.menu)} "
        f"plans proved, first menu {first[0]:.0f} s, whole {seconds:.0f} s on {os.cpu_count()} cores",
        f"first {FIRST_MENU_S:.0f} s, whole {most_s:.0f} s on two free cores",
        first[0] < FIRST_MENU_S and seconds < most_s and all(floor.proved for floor in floors))


def yangzhou() -> Province:
    return province(load("yangzhou-2021")).under(hold=A_DAY)


def made_up(cities: int, days: int) -> Province:
    """Every fifteenth city has three times its callers for the whole time."""
    length = timedelta(days=days)
    names = [f"c{c}" for c in range(cities)]
    borrowers = names[::15]
    parts: dict[str, Any] = {name: works.city(6_000, 65) for name in names}
    data = works.scenario("a country", length, parts, works.caller(), interval="15 min")
    data["surges"] = [{"city": name, "class": "everyday", "profile": "day", "busyness_cv": 0.13, "life_cycle": {
        "outbreak": START, "plateau": START, "decline": START + length, "end": START + length,
        "callers_a_day": 12_000}} for name in borrowers]
    data["focus"] = borrowers
    data["lending"] = {"agreed": START, "connect": "0 h", "rehearsal": "0 h", "to": START + length}
    return province(Scenario.model_validate(data))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="up to 100 cities, no whole command")
    options = parser.parse_args()
    print("| what | figure | target | met |\n| --- | --- | --- | --- |")
    small()
    planned("Yangzhou, 30 days", yangzhou(), 0.01, 60, "1 %, 60 s")
    for name, most_s in () if options.quick else WHOLE_MENUS_S:
        proved(name, most_s)
    for cities, days in ((13, 7), (50, 7), (100, 7), *(() if options.quick else ((300, 7), (100, 28)))):
        planned("made up", made_up(cities, days), 0.02, 600, "2 %, 10 min, 8 GiB")


if __name__ == "__main__":
    main()
