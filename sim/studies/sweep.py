"""A grid of values: a scenario simulated at each of its points, all on the same luck."""
from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from sim.core.engines import EngineName
from sim.scenario.scenario import Scenario
from sim.studies.executors import Workers
from sim.studies.own import Metrics
from sim.studies.replication import Tell
from sim.studies.result import Result
from sim.studies.study import study

Point = dict[str, Any]


def sweep(scenario: Scenario, grid: Mapping[str, Sequence[Any]], *, replications: int = 10, seed: int = 1,
          engine: EngineName = "kernel", workers: Workers = None, folder: Path | None = None, metrics: Metrics = (),
          tell: Tell | None = None) -> pd.DataFrame:
    """Simulate a scenario at every point of a grid. All points meet the same people: what differs is the values.

    :param grid: by path, as in messages about files (``cities.east.seats``, ``levers[0].seats``), the values to try,
        written as in files, as ``Scenario.change`` takes them: 20, ``"30 %"``, ``"4 min"``.
    :param replications: of each point.
    :param workers: processes, the address of a Dask cluster, or an executor; all cores if None.
    :param folder: keeps finished replications: an interrupted sweep goes on from there.
    :param metrics: functions of your own, as in ``study``.
    :param tell: is told the share that is done.
    :return: one row a point, metric and scope over the whole horizon: a column for each path, then metric, scope, unit,
        mean, low, high, replications.
    :raises ScenarioError: with every rule that a point breaks; for a path that leads nowhere, with the nearest.
    :raises ValueError: for a grid without points.

    >>> from sim import load, sweep
    >>> found = sweep(load("two-cities"), {"cities.east.agents": [10, 20]}, replications=3, workers=1)
    >>> rates = found[(found["metric"] == "answer_rate_callers") & (found["scope"] == "city:east")]
    >>> rates[["cities.east.agents", "mean"]].round(3).to_numpy().tolist()
    [[10.0, 0.616], [20.0, 0.782]]
    """
    points = {f"point-{i}": point for i, point in enumerate(points_of(grid))}
    if not points:
        raise ValueError("the grid has no points: give each path some values")
    first, *others = (scenario.change(point) for point in points.values())
    done = study(first, dict(zip(list(points)[1:], others, strict=True)), replications=replications, seed=seed,
                 engine=engine, workers=workers, folder=folder, metrics=metrics, tell=tell)
    return pd.concat([row_of(point, result) for point, result in zip(points.values(), done.results.values(),
                                                                     strict=True)], ignore_index=True)


def points_of(grid: Mapping[str, Sequence[Any]]) -> Iterator[Point]:
    """Every combination, the last path changing fastest."""
    for values in itertools.product(*grid.values()):
        yield dict(zip(grid, values, strict=True))


def row_of(point: Point, result: Result) -> pd.DataFrame:
    table = result.metrics(("whole",)).drop(columns=["from", "to"])
    for column, (path, value) in enumerate(point.items()):
        table.insert(column, path, value)
    return table
