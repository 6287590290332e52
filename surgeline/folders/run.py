"""Run folders: what a run found, whole or not at all, and enough to run it again."""
from __future__ import annotations

import platform
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from pydantic import ConfigDict, model_validator

import sim
from sim.measures.statistics import Figure
from sim.scenario.observed import Observed
from sim.scenario.quantities import Name
from sim.scenario.scenario import Scenario
from surgeline.folders.folder import Folder
from surgeline.folders.manifests import FORMAT, Entry, Mean, Origin
from surgeline.folders.tables import read_csv, read_parquet, read_rows, write_calls, write_csv, write_parquet

if TYPE_CHECKING:  # who reads a folder needs no engine
    from sim.studies.result import Result
    from sim.studies.validation import Comparison

PACKAGES = ("surgeline", "numpy", "scipy", "numba", "simpy", "pandas")
SUMMED_UP = ("folder", "name", "variant", "scenario_hash", "seed", "replications", "engine", "record", "gains")
BY_INTERVAL_SQL = """
SELECT * FROM read_parquet({path}) WHERE scope = $1 AND list_contains($2, metric) ORDER BY "from"
"""


class Bounds(Entry):
    """Between what a figure agrees with the record; null where it is open."""

    low: float | None
    high: float | None


class Line(Entry):
    """One line of replay against record."""

    observed: Observed
    figure: Mean
    bounds: Bounds
    agrees: bool


class Lender(Entry):
    """What a variant changes of the headline's rate in a city that lends."""

    city: str
    answer_rate_dials: Mean | None = None
    answer_rate_callers: Mean | None = None


class Gain(Entry):
    """What a variant would change."""

    variant: str
    name: Name
    callers_answered: Mean
    callers_answered_province: Mean
    lenders: tuple[Lender, ...]


class Manifest(Origin):
    """What was run, how it stands to the record, and what the variants would change."""

    model_config = ConfigDict(extra="allow")  # what a later version says besides

    variant: str | None
    record: tuple[Line, ...]
    gains: tuple[Gain, ...]
    scenario: Scenario

    @model_validator(mode="after")
    def is_about_its_scenario(self) -> Manifest:
        cities = [one.city for gain in self.gains for one in gain.lenders]
        if not set(cities) <= set(self.scenario.cities):
            raise ValueError("names cities that it has not")
        return self


@dataclass(frozen=True)
class Run(Folder):
    """A finished run, read from its folder."""

    MANIFEST = Manifest

    manifest: Manifest

    @property
    def scenario(self) -> Scenario:
        return self.manifest.scenario

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
    def whole(self) -> pd.DataFrame:
        """The rows of ``metrics`` over the whole horizon."""
        horizon = self.scenario.horizon
        return self.metrics[(self.metrics["from"] == horizon.start) & (self.metrics["to"] == horizon.end)]

    def value(self, metric: str, scope: str = "province", start: datetime | None = None,
              end: datetime | None = None) -> Figure:
        """One figure over the whole horizon, over the day that begins so, or over a span. KeyError where there is
        none."""
        horizon = self.scenario.horizon
        if start is None:
            start, end = horizon.start, horizon.end
        elif end is None:
            end = min(datetime.combine(start.date() + timedelta(days=1), datetime.min.time()), horizon.end)
        return Figure(*self._figures[metric, scope, start, end])

    @cached_property
    def _figures(self) -> dict[tuple[Any, ...], tuple[float, float, float]]:
        table = self.metrics
        ends = (table[end].dt.to_pydatetime() for end in ("from", "to"))
        keys = zip(table["metric"], table["scope"], *ends, strict=True)
        return dict(zip(keys, zip(table["mean"], table["low"], table["high"], strict=True), strict=True))

    def summary(self) -> dict[str, Any]:
        """A run for machines: replay against record, what variants would change, and the whole horizon's figures."""
        figures: dict[str, dict[str, Any]] = {}
        for row in self.whole.to_dict("records"):
            found = {side: None if row[side] != row[side] else row[side] for side in ("mean", "low", "high")}
            figures.setdefault(row["scope"], {})[row["metric"]] = found
        said = super().summary()
        return {key: said[key] for key in SUMMED_UP} | {"figures": figures}


def write(result: Result, record: list[Comparison], folder: Path, variant: str | None, gains: Sequence[Gain],
          write_reports: Callable[[Run], None], calls: Iterable[pd.DataFrame] | None = None) -> Run:
    """Write a run folder with its reports, and rows of dials if there are any. It appears whole or not at all.

    :raises RunError: if the folder is there already or can't be written.
    """
    run = Run(folder, manifest_of(result, record, variant, gains))
    return run.write(write_reports, lambda part: write_data(result, part, calls))


def write_data(result: Result, folder: Path, calls: Iterable[pd.DataFrame] | None = None) -> None:
    """Everything but manifest and reports, into a folder that is there."""
    write_csv(short_table(result), folder / "metrics.csv")
    write_parquet(result.metrics_by_interval(), folder / "metrics_by_interval.parquet")
    write_parquet(result.intervals(), folder / "intervals.parquet")
    write_parquet(result.pools(), folder / "pools.parquet")
    write_parquet(result.helped(), folder / "helped.parquet")
    if calls is None and result.calls is not None:
        calls = [result.calls]
    if calls is not None:
        write_calls(calls, folder / "calls.parquet")


def short_table(result: Result) -> pd.DataFrame:
    """The metrics that a person reads: of the whole, the days and the record. Those of intervals are a million."""
    whole_and_days = result.metrics(("whole", "day"))
    key = ["metric", "scope", "from", "to"]
    return pd.concat([whole_and_days, result.metrics_of_record()], ignore_index=True).drop_duplicates(key)


def manifest_of(result: Result, record: list[Comparison], variant: str | None, gains: Sequence[Gain]) -> Manifest:
    """What was run, how it stands to the record, and what the variants would change."""
    return Manifest.model_validate({**origin(result), "variant": variant, "record": list(map(compared, record)),
                                    "gains": gains, "scenario": result.scenario})


def origin(result: Result) -> dict[str, Any]:
    """What was run, when, and with what."""
    from sim.studies.replication import digest
    return {
        "format": FORMAT, "name": result.scenario.name, "scenario_hash": digest(result.scenario),
        "seed": result.job.seed, "replications": result.replications, "engine": result.job.engine,
        "created": datetime.now().isoformat(timespec="seconds"), "seconds": round(result.seconds, 2),
        "versions": {name: sim.version(name) for name in PACKAGES},
        "python": platform.python_version(), "platform": platform.platform(),
    }


def compared(comparison: Comparison) -> Line:
    """One line of replay against record: open bounds are null."""
    low, high = (value if abs(value) < float("inf") else None for value in (comparison.low, comparison.high))
    return Line(observed=comparison.observed, figure=comparison.figure, bounds=Bounds(low=low, high=high),
                agrees=comparison.agrees)
