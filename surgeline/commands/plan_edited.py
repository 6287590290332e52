"""A plan that somebody has edited, from its file to a folder: judged by simulation, and ordered again."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from optimizer.lending.inputs.default_terms import terms_of
from optimizer.lending.judged import Judged, judged
from sim.scenario.messages import say
from sim.scenario.scenario import Scenario
from sim.studies.replication import Job
from sim.studies.result import Result
from surgeline import console, reports
from surgeline.commands.run import default_folder
from surgeline.commands.studying import compile_first
from surgeline.folders import edited_plan, lending_plan, whole
from surgeline.folders import run as run_folder
from surgeline.folders.edited_plan import Edited
from surgeline.folders.lending_plan import LendingPlan
from surgeline.locale import Lang, texts
from surgeline.problems import UsageError

LEAST = 10  # replications of a proof
FILES = {"order": "order.html", "order_book": "order.xlsx", "report": "report.html", "plan_file": "plan.yaml"}


def run(name: str | None, options: dict[str, Any], lang: Lang, as_json: bool) -> int:
    """Read, judge, write and show."""
    file: Path | None = options["edited"]
    if file is None:
        raise UsageError(say("name a scenario, or give the file of an edited plan: --from FILE"))
    for option in ("rolling", "on"):
        if options[option]:
            raise UsageError(say("--{option} goes with a scenario, not with --from: an edited plan says its days "
                                 "itself", option=option))
    for option in ("choose", "actual", "at", "order"):
        if options[option]:
            raise UsageError(say("--{option} does nothing beside --from, which judges the plan of a file: leave one "
                                 "out", option=option))
    refuse_few(options["replications"])
    edited = edited_plan.read(file, name)
    scenario = edited.scenario.model_copy(update={"lending": terms_of(edited.scenario)})
    folder = options["out"] or default_folder(scenario.name, "plan")
    words = texts(lang)["cli"]
    with whole.new(folder):
        compile_first("kernel", words, options["dask"])
        with console.progress(words["judging"]) as tell:
            found = judged(scenario, edited.levers, seed=options["seed"], replications=options["replications"],
                           workers=options["dask"], tell=tell)
        done = written(found, scenario, edited, file, options["seed"], folder)
    if as_json:
        print(json.dumps(done.summary(), ensure_ascii=False))
    else:
        console.show_sentences(scenario, reports.sentences_of(done, lang), {
            key: folder / name for key, name in FILES.items()}, lang)
    return 0


def refuse_few(replications: int | None) -> None:
    """:raises UsageError: where so many prove no plan."""
    if replications is not None and replications < LEAST:
        raise UsageError(say("--replications: a plan is proved in {least} or more", least=LEAST))


def written(found: Judged, scenario: Scenario, edited: Edited, file: Path, seed: int, folder: Path) -> LendingPlan:
    origin = run_folder.origin(Result(Job.of(scenario, "kernel", seed), seconds=sum(found.seconds.values())))
    origin |= {"replications": found.verdict.replications}
    return lending_plan.write_judged(found, scenario, origin, folder, {"edited": file.name, "edition": edited.edition},
                                     edited.base, list(edited.own), reports.write)
