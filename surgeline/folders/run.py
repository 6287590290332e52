"""Run folders: what a run found, whole or not at all, and enough to run it again."""
from __future__ import annotations

import importlib.metadata
import json
import platform
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.measures.statistics import Figure
from sim.scenario.messages import say
from sim.scenario.scenario import Scenario
from surgeline.folders.manifests import FORMAT, NAME, OfRun, manifest_in, read_manifest
from surgeline.folders.tables import read_csv, read_parquet, read_rows, write_calls, write_csv, write_parquet
from surgeline.folders.whole import whole_folder
from surgeline.problems import RunError

if TYPE_CHECKING:  # who reads a folder needs no engine
    from sim.studies.result import Result
    from sim.studies.validation import Comparison

PACKAGES = ("surgeline", "numpy", "scipy", "numba", "simpy", "pandas")
BY_INTERVAL_SQL = """
SELECT * FROM read_parquet({path}) WHERE scope = $1 AND list_contains($2, metric) ORDER BY "from"
"""


@dataclass(frozen=True)
class Run:
    """A finished run, read from its folder."""

    folder: Path
    manifest: dict[str, Any]

    @cached_property
    def scenario(self) -> Scenario:
        return Scenario.model_validate(self.manifest["scenario"])

    @cached_property
    def metrics(self) -> pd.DataFrame:
        """metric, scope, from, to, unit, mean, low, high, replications."""
        return read_csv(self.folder / "metrics.csv")

    @cached_property
    def intervals(self) -> pd.DataFrame:
        """start, city, class, and counts of dials and people: means over the replications."""
        return read_parquet(self.folder / "intervals.parquet")

    @cached_property
    def pools(self) -> pd.DataFrame:
        """start, pool, kind, home, seats, answered, busy_s, staffed_s."""
        return read_parquet(self.folder / "pools.parquet")

    @cached_property
    def helped(self) -> pd.DataFrame:
        """day, pool, kind, home, city, answered."""
        return read_parquet(self.folder / "helped.parquet")

    def by_interval(self, scope: str, *metrics: str) -> pd.DataFrame:
        """The rows of some metrics over each interval; none where the scope has no figures by interval."""
        return read_rows(self.folder / "metrics_by_interval.parquet", BY_INTERVAL_SQL, [scope, list(metrics)])

    @property
    def record(self) -> list[dict[str, Any]]:
        """Replay against record: one entry an observation."""
        return list(self.manifest["record"])

    def value(self, metric: str, scope: str = "province", day: datetime | None = None) -> Figure:
        """One figure over the whole horizon, or over one day. KeyError where there is none."""
        if day is None:
            start, end = self.scenario.horizon.start, self.scenario.horizon.end
            key = (metric, scope, pd.Timestamp(start), pd.Timestamp(end))
        else:
            key = (metric, scope, pd.Timestamp(day), None)
        mean, low, high = self._figures[key]
        return Figure(mean, low, high)

    @cached_property
    def _figures(self) -> dict[tuple[Any, ...], tuple[float, float, float]]:
        horizon, table = self.scenario.horizon, self.metrics
        start, end, midnight = table["from"], table["to"], table["from"].dt.normalize()
        next_midnight = midnight + pd.Timedelta(days=1)
        whole = (start == horizon.start) & (end == horizon.end)
        daily = (start == midnight.clip(lower=horizon.start)) & (end == next_midnight.clip(upper=horizon.end))
        figures: dict[tuple[Any, ...], tuple[float, float, float]] = {}
        for rows, of_day in ((table[daily], True), (table[whole], False)):
            ends = [None] * len(rows) if of_day else rows["to"].dt.to_pydatetime()
            keys = zip(rows["metric"], rows["scope"], rows["from"].dt.to_pydatetime(), ends, strict=True)
            figures |= dict(zip(keys, zip(rows["mean"], rows["low"], rows["high"], strict=True), strict=True))
        return figures


def write(result: Result, record: list[Comparison], folder: Path, variant: str | None, gains: list[dict[str, Any]],
          write_reports: Callable[[Run], None], calls: Iterable[pd.DataFrame] | None = None) -> Run:
    """Write a run folder with its reports, and rows of dials if there are any. It appears whole or not at all.

    :raises RunError: if the folder is there already or can't be written.
    """
    with whole_folder(folder) as part:
        run = write_data(result, manifest_of(result, record, variant, gains), part, calls)
        write_reports(run)
    return Run(folder, run.manifest)


def write_data(result: Result, manifest: dict[str, Any], folder: Path,
               calls: Iterable[pd.DataFrame] | None = None) -> Run:
    """Everything but reports, into a folder that is there."""
    (folder / NAME).write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
    write_csv(short_table(result), folder / "metrics.csv")
    write_parquet(result.metrics_by_interval(), folder / "metrics_by_interval.parquet")
    write_parquet(result.intervals(), folder / "intervals.parquet")
    write_parquet(result.pools(), folder / "pools.parquet")
    write_parquet(result.helped(), folder / "helped.parquet")
    if calls is None and result.calls is not None:
        calls = [result.calls]
    if calls is not None:
        write_calls(calls, folder / "calls.parquet")
    return Run(folder, manifest)


def short_table(result: Result) -> pd.DataFrame:
    """The metrics that a person reads: of the whole, the days and the record. Those of intervals are a million."""
    whole_and_days = result.metrics(("whole", "day"))
    key = ["metric", "scope", "from", "to"]
    return pd.concat([whole_and_days, result.metrics_of_record()], ignore_index=True).drop_duplicates(key)


def manifest_of(result: Result, record: list[Comparison], variant: str | None,
                gains: list[dict[str, Any]]) -> dict[str, Any]:
    scenario = result.scenario.model_dump(mode="json", by_alias=True)
    return {**origin(result), "variant": variant, "record": [compared(comparison) for comparison in record],
            "gains": gains, "scenario": scenario}


def origin(result: Result) -> dict[str, Any]:
    """What was run, when, and with what."""
    from sim.studies.replication import digest
    return {
        "format": FORMAT, "name": result.scenario.name, "scenario_hash": digest(result.scenario),
        "seed": result.job.seed, "replications": result.replications, "engine": result.job.engine,
        "created": datetime.now().isoformat(timespec="seconds"), "seconds": round(result.seconds, 2),
        "versions": {name: version(name) for name in PACKAGES},
        "python": platform.python_version(), "platform": platform.platform(),
    }


def compared(comparison: Comparison) -> dict[str, Any]:
    """One line of replay against record, as JSON has it: open bounds are null."""
    bounds = {side: value if abs(value) < float("inf") else None
              for side, value in (("low", comparison.low), ("high", comparison.high))}
    return {"observed": comparison.observed.model_dump(mode="json", by_alias=True),
            "figure": figure_json(comparison.figure), "bounds": bounds, "agrees": comparison.agrees}


def figure_json(figure: Figure) -> dict[str, float | None]:
    return {name: None if value != value else value for name, value in asdict(figure).items()}


def version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "from source"


def read(folder: Path) -> Run:
    """A run folder.

    :raises RunError: if it is none, or of a format that this version doesn't know.
    """
    manifest = manifest_in(folder)
    missing = [key for key, field in OfRun.model_fields.items() if field.is_required() and key not in manifest]
    if missing:
        raise RunError(say("{folder} can't be read: its manifest lacks {missing}", folder=folder, missing=missing))
    return Run(folder, json.loads(read_manifest(folder, OfRun).model_dump_json(by_alias=True)))
