"""A sensitivity study from beginning to end: which assumptions the answer hangs on, and whether the ranking turns."""
from __future__ import annotations

import json
import time
from concurrent.futures import BrokenExecutor
from typing import Any

from sim.reading import load
from sim.replication import Job
from sim.result import Result
from sim.sensitivity import factors, sensitivity
from surgeline import console, reports, runs, sensitivities
from surgeline.locale import texts
from surgeline.problems import UsageError
from surgeline.running import default_folder
from surgeline.runs import RunError
from surgeline.sensitivities import Sensed
from surgeline.studying import announce_compiling, computing


def run(name: str, options: dict[str, Any], lang: str, as_json: bool) -> None:
    """Move the assumptions, write and show."""
    scenario, words = load(name), texts(lang)["cli"]
    folder = options["out"] or default_folder(scenario.name, "sensitivity")
    runs.refuse_if_there(folder)
    if not factors(scenario):
        raise UsageError(f"{scenario.name} has no assumption with a range: {{assume: 4 min, range: [2 min, 7 min]}}")
    announce_compiling(options["engine"], words)
    began = time.perf_counter()
    try:
        with computing(options["dask"]) as executor, console.progress(words["simulating"]) as tell:
            found = sensitivity(scenario, replications=options["replications"] or 1, seed=options["seed"],
                                engine=options["engine"], executor=executor, tell=tell)
    except BrokenExecutor:
        raise RunError(words["workers_died"]) from None
    result = Result(Job.of(scenario, options["engine"], options["seed"]), seconds=time.perf_counter() - began)
    origin = runs.origin(result) | {"replications": found.replications}
    done = sensitivities.write(sensitivities.manifest_of(found, scenario, origin), found, folder,
                               reports.write)
    if as_json:
        print(summary(done))
    else:
        console.show_sensitivity(done, reports.sentences_of(done, lang), lang)


def summary(done: Sensed) -> str:
    """A sensitivity study for machines: everything that its manifest says but the scenario."""
    text = done.manifest.model_dump_json(by_alias=True, exclude={"scenario", "versions", "python", "platform"})
    return json.dumps({"folder": str(done.folder), **json.loads(text)}, ensure_ascii=False)
