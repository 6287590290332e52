"""Rosters for Curtois and Qu's instances against the best known, judged by their format's own rules.

    python -m benchmarks.staffing.curtois_qu FOLDER [--seconds 120] [--only 1,2]
"""
from __future__ import annotations

import re
import sys
from pathlib import Path

import click

from benchmarks.staffing.curtois_qu_files import best_known, cost_and_faults, problem, read
from optimizer.staffing.rosters.problem import OFF
from optimizer.staffing.rosters.solve import solve

MOST_ABOVE = 0.01   # of the best known


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--seconds", default=120.0)
@click.option("--only", default="", help="Numbers of instances, with commas.")
def main(folder: Path, seconds: float, only: str) -> None:
    """A line for each instance; exit code 1 where one is further above the best known than 1 %."""
    known, wanted = best_known(folder), [one for one in only.split(",") if one]
    print(f"{'instance':>8} {'cost':>7} {'best':>7} {'above':>7} {'bound':>9} {'gap':>7} {'seconds':>8} {'<= 1 %':>7}")
    good = [line(path, seconds, known[number]) for path in sorted(folder.glob("Instance*.txt"), key=order)
            if (number := str(order(path))) in known and (not wanted or number in wanted)]
    sys.exit(0 if good and all(good) else 1)


def order(path: Path) -> int:
    """The number in the name."""
    return int("".join(re.findall(r"\d+", path.stem)))


def line(path: Path, seconds: float, best: int) -> bool:
    """Solve one instance and print how it went."""
    instance = read(path)
    asked = problem(instance)
    found = solve(asked, seconds)
    rows = {person.name: ["" if k == OFF else asked.duties[k].code for k in row]
            for person, row in zip(asked.people, found.roster, strict=True)}
    cost, faults = cost_and_faults(instance, rows)
    good = not faults and cost <= (1 + MOST_ABOVE) * best and abs(cost - found.cost) < 0.5
    print(f"{order(path):8d} {cost:7d} {best:7d} {cost / best - 1:7.2%} {found.bound:9.2f} {found.gap:7.2%} "
          f"{found.seconds:8.1f} {'yes' if good else 'NO':>7}", *faults[:3], flush=True)
    return good


if __name__ == "__main__":
    main()
