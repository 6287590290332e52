"""Run folders: what a run found, whole or not at all, and enough to run it again."""
from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pandas as pd
from pydantic import ValidationError

from sim.problems import UserError, dotted
from sim.scenario import Scenario
from sim.statistics import Figure

if TYPE_CHECKING:  # who reads a folder needs no engine
    from sim.record import Comparison
    from sim.result import Result

FORMAT = 1
KEYS = ("name", "variant", "scenario_hash", "seed", "replications", "engine", "created", "seconds", "versions",
        "python", "platform", "record", "gains", "scenario")
PACKAGES = ("surgeline", "numpy", "scipy", "numba", "simpy", "pandas")


METRICS_SQL = """
SELECT metric, scope, "from"::TIMESTAMP AS "from", "to"::TIMESTAMP AS "to", unit,
       mean::DOUBLE AS mean, low::DOUBLE AS low, high::DOUBLE AS high, replications
FROM read_csv({path}, header = true, nullstr = '')
"""


BY_INTERVAL_SQL = """
SELECT * FROM read_parquet($1) WHERE scope = $2 AND list_contains($3, metric) ORDER BY "from"
"""


class RunError(UserError):
    """A run folder that can't be written or read: the message says which and why."""


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
        with duckdb.connect() as db:
            path = str(self.folder / "metrics_by_interval.parquet")
            return db.execute(BY_INTERVAL_SQL, [path, scope, list(metrics)]).df()

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
          write_reports: Callable[[Run], None]) -> Run:
    """Write a run folder with its reports. It appears whole or not at all.

    :raises RunError: if the folder is there already or can't be written.
    """
    with whole_folder(folder) as part:
        run = write_data(result, manifest_of(result, record, variant, gains), part)
        write_reports(run)
    return Run(folder, run.manifest)


def write_data(result: Result, manifest: dict[str, Any], folder: Path) -> Run:
    """Everything but reports, into a folder that is there."""
    (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
    write_csv(short_table(result), folder / "metrics.csv")
    write_parquet(result.metrics_by_interval(), folder / "metrics_by_interval.parquet")
    write_parquet(result.intervals(), folder / "intervals.parquet")
    write_parquet(result.pools(), folder / "pools.parquet")
    write_parquet(result.helped(), folder / "helped.parquet")
    if result.calls is not None:
        write_calls(result.calls, folder / "calls.parquet")
    return Run(folder, manifest)


def short_table(result: Result) -> pd.DataFrame:
    """The metrics that a person reads: of the whole, the days and the record. Those of intervals are a million."""
    whole_and_days = result.metrics(("whole", "day"))
    key = ["metric", "scope", "from", "to"]
    return pd.concat([whole_and_days, result.metrics_of_record()], ignore_index=True).drop_duplicates(key)


def refuse_if_there(folder: Path) -> None:
    """:raises RunError: if a folder has that name."""
    if folder.exists():
        raise RunError(f"{folder} is there already: choose another with --out, or remove it")


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """A folder that gets its name when everything in it is written."""
    refuse_if_there(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    except OSError as error:
        raise RunError(f"{folder} can't be written: {error.strerror}") from None
    try:
        yield part
        part.chmod(0o755)
        os.rename(part, folder)
    except (OSError, duckdb.Error) as error:
        raise RunError(f"{folder} can't be written: {error}") from None
    finally:
        shutil.rmtree(part, ignore_errors=True)


def manifest_of(result: Result, record: list[Comparison], variant: str | None,
                gains: list[dict[str, Any]]) -> dict[str, Any]:
    scenario = result.scenario.model_dump(mode="json", by_alias=True)
    return {**origin(result), "variant": variant, "record": [compared(comparison) for comparison in record],
            "gains": gains, "scenario": scenario}


def origin(result: Result) -> dict[str, Any]:
    """What was run, when, and with what."""
    from sim.replication import digest
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
    check(folder, manifest)
    return Run(folder, manifest)


def manifest_in(folder: Path) -> dict[str, Any]:
    """What a folder says of itself.

    :raises RunError: if it says nothing, or in a format that this version doesn't know.
    """
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise RunError(f"{folder} is no run folder: {error}") from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise RunError(f"{folder} was written by another version (format {FORMAT} is read)")
    return manifest


def check(folder: Path, manifest: dict[str, Any]) -> None:
    """Refuse a manifest that somebody changed, or that another version wrote."""
    missing = [key for key in KEYS if key not in manifest]
    if missing:
        raise RunError(f"{folder} can't be read: its manifest lacks {', '.join(missing)}")
    try:
        Scenario.model_validate(manifest["scenario"])
    except ValidationError as error:
        place = dotted(("scenario", *error.errors()[0]["loc"]))
        raise RunError(f"{folder} can't be read: {place} in its manifest is not as this version writes it") from None


def quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def write_parquet(table: pd.DataFrame, path: Path, order: str = "") -> None:
    """A table as a file, in its own order or by some columns."""
    rows = f"(FROM rows ORDER BY {order})" if order else "rows"
    with duckdb.connect() as db:
        db.register("rows", table)
        db.execute(f"COPY {rows} TO {quoted(path)} (FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION v2)")


def write_calls(calls: pd.DataFrame, path: Path) -> None:
    """One row a dial, by outcome and then by time: a fifth smaller than by time alone."""
    write_parquet(calls, path, "outcome, dialled")


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Tidy text: local ISO times, six significant digits and more where a count needs them, nothing for nan."""
    with duckdb.connect() as db:
        db.register("rows", table)
        numbers = ", ".join(f"CASE WHEN isnan({c}) THEN '' ELSE printf('%.7g', {c}) END AS {c}"
                            for c in ("mean", "low", "high"))
        moments = ", ".join(f"strftime(\"{c}\", '%Y-%m-%dT%H:%M') AS \"{c}\"" for c in ("from", "to"))
        db.execute(f"COPY (SELECT metric, scope, {moments}, unit, {numbers}, replications FROM rows) "
                   f"TO {quoted(path)} (FORMAT csv, HEADER)")


def read_parquet(path: Path) -> pd.DataFrame:
    with duckdb.connect() as db:
        return db.execute("SELECT * FROM read_parquet(?)", [str(path)]).df()


def read_csv(path: Path) -> pd.DataFrame:
    with duckdb.connect() as db:
        return db.execute(METRICS_SQL.format(path=quoted(path))).df()
