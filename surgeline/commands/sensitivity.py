"""A sensitivity study from beginning to end: which assumptions the answer hangs on, and whether the ranking turns."""
from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from sim.reading.loading import load
from sim.scenario.messages import say
from sim.scenario.scenario import Scenario
from sim.studies.replication import Job
from sim.studies.result import Result
from sim.studies.sensitivity import factors, key_of, sensitivity
from surgeline import console, reports
from surgeline.commands.run import default_folder
from surgeline.commands.studying import checkpoint, compile_first, told
from surgeline.folders import run as run_folder
from surgeline.folders import sensitivity as sensitivity_folder
from surgeline.folders import whole
from surgeline.folders.sensitivity import SensitivityStudy
from surgeline.locale import Lang, texts
from surgeline.problems import UsageError


def run(name: str, options: dict[str, Any], lang: Lang, as_json: bool) -> None:
    """Move the assumptions, write and show."""
    scenario = load(name)
    folder = options["out"] or default_folder(scenario.name, "sensitivity")
    if not factors(scenario):
        raise UsageError(say("{name} has no assumption with a range: {{assume: 4 min, range: [2 min, 7 min]}}",
                             name=scenario.name))
    with whole.new(folder):
        done = sensed(scenario, options, folder, lang)
    if as_json:
        print(json.dumps(done.summary(), ensure_ascii=False))
    else:
        console.show_sensitivity(done, reports.sentences_of(done, lang), lang)


def sensed(scenario: Scenario, options: dict[str, Any], folder: Path, lang: Lang) -> SensitivityStudy:
    """Move the assumptions and write. An interrupted study goes on with the points that it has."""
    words, began = texts(lang)["cli"], time.perf_counter()
    compile_first(options["engine"], words, options["dask"])
    job, replications = Job.of(scenario, options["engine"], options["seed"]), options["replications"] or 1
    with checkpoint(folder.parent, key_of(job, replications), words) as unfinished:
        with told(unfinished), console.progress(words["simulating"]) as tell:
            found = sensitivity(scenario, replications=replications, seed=options["seed"], engine=options["engine"],
                                workers=options["dask"], folder=unfinished, tell=tell)
        origin = run_folder.origin(Result(job, seconds=time.perf_counter() - began))
        manifest = sensitivity_folder.manifest_of(found, scenario, origin | {"replications": found.replications})
        return sensitivity_folder.write(manifest, found, folder, reports.write)

