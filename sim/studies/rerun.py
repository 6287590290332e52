"""A run made again from what its folder says of itself."""
from __future__ import annotations

import json
from pathlib import Path

from pydantic import ValidationError

from sim.scenario.scenario import Scenario
from sim.studies.executors import Workers
from sim.studies.replication import Tell, digest
from sim.studies.result import Result
from sim.studies.study import study


def rerun(folder: Path | str, *, workers: Workers = None, keep_calls: bool = False, tell: Tell | None = None) -> Result:
    """Simulate again what a run folder holds: the same scenario and levers, seed, engine and replications. Under the
    same version of this program the numbers are the same to the last digit.

    :param folder: of a run, or of one variant of a comparison.
    :param workers: processes, the address of a Dask cluster, or an executor; all cores if None.
    :param keep_calls: keep one row a dial, as in ``study``.
    :param tell: is told the share that is done.
    :raises OSError: if there is no manifest to be read.
    :raises ValueError: if it is no run's, or its scenario is not the one that it names.
    """
    said = json.loads((Path(folder) / "manifest.json").read_text(encoding="utf-8"))
    try:
        scenario = Scenario.model_validate(said["scenario"])
        name, replications, seed, engine = (said[key] for key in ("scenario_hash", "replications", "seed", "engine"))
    except (KeyError, TypeError, ValidationError) as error:
        raise ValueError(f"{folder} is no run folder that this version can read: {error}") from None
    if digest(scenario) != name:
        raise ValueError(f"{folder} was changed: its scenario is not the one that it was made from")
    return study(scenario, [], replications=replications, seed=seed, engine=engine, workers=workers,
                 keep_calls=keep_calls, tell=tell).first
