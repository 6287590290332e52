"""A plan from beginning to end: solve, prove by simulation, write the folder with its order sheet, and show."""
from __future__ import annotations

import json
import math
from concurrent.futures import Executor
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypedDict

from optimizer.lending.inputs.estimates import FloorError, NoPlanError
from optimizer.lending.plan import Plan, plan
from optimizer.lending.progress import Say
from optimizer.lending.rolling import PATHS, RollingPlan, rolling
from optimizer.lending.trials.proof import PROOF
from sim.reading.loading import with_places
from sim.reading.yaml_places import Document
from sim.scenario.lending_terms import Agreement
from sim.scenario.messages import say
from sim.scenario.problems import ScenarioError
from sim.scenario.scenario import Scenario
from sim.studies.executors import Processes, cores
from sim.studies.replication import Job
from sim.studies.result import Result
from surgeline import console, reports
from surgeline.commands.run import default_folder
from surgeline.commands.studying import compile_first, computing
from surgeline.folders import lending_plan as plan_folder
from surgeline.folders import rolling_plan as rolling_folder
from surgeline.folders import run as run_folder
from surgeline.folders import whole
from surgeline.locale import in_lang, texts
from surgeline.problems import UsageError

NO_PLAN = 3
LEAST = 10  # replications of a proof


class How(TypedDict):
    """What every way of planning is told."""

    seed: int
    executor: Executor
    say: Say


def run(name: str, options: dict[str, Any], lang: str, as_json: bool) -> int:
    """Plan, prove, write and show. Returns the exit code: 3 where no plan is possible."""
    words, at = texts(lang)["cli"], options["rolling"]
    scenario, document = with_places(name)
    folder = options["out"] or default_folder(scenario.name, "rolling" if at else "plan")
    if scenario.lending is None:
        raise UsageError(say("{name} has no section lending: it says within which terms help is planned; `surgeline "
                             "schema` shows its fields", name=scenario.name))
    if not at and (options["replications"] or PROOF) < LEAST:
        raise UsageError(say("--replications: a plan is proved in {least} or more", least=LEAST))
    refuse_late(document, scenario)
    try:
        with whole.new(folder):
            done, sentences = planned(scenario, document, options, folder, lang)
    except FloorError as error:
        raise missed(document, scenario.lending, error) from None
    except NoPlanError as error:
        console.say(words["no_plan"].format(why=in_lang(error.message, lang)))
        return NO_PLAN
    if as_json:
        print(summary(done))
    else:
        files = {"order": "order.html", "report": "report.html", "plan_file": "plan.yaml"}
        console.show_sentences(scenario, sentences, {key: folder / file for key, file in files.items()
                                                     if (folder / file).exists()}, lang)
    return 0


def planned(scenario: Scenario, document: Document, options: dict[str, Any], folder: Path,
            lang: str) -> tuple[plan_folder.Planned | rolling_folder.RollingPlan, list[str]]:
    """Plan, prove and write. What it says in a few sentences comes with it.

    :raises NoPlanError: where nothing can be planned.
    """
    words, at = texts(lang)["cli"], options["rolling"]
    compile_first("kernel", words, options["dask"])
    with ExitStack() as stack, console.progress(words["planning"]) as tell:
        executor = stack.enter_context(computing(options["dask"])) or stack.enter_context(Processes(cores()))
        how: How = {"seed": options["seed"], "executor": executor, "say": lambda what, share: tell(share)}
        found = (rolling(scenario, 60 * at.hour + at.minute, paths=options["replications"] or PATHS, **how) if at
                 else plan(scenario, proof=options["replications"] or PROOF, **how))
    return written(found, scenario, document, options["seed"], folder, lang)


def written(found: Plan | RollingPlan, scenario: Scenario, document: Document, seed: int, folder: Path,
            lang: str) -> tuple[plan_folder.Planned | rolling_folder.RollingPlan, list[str]]:
    """The folder of what was found, and what it says in a few sentences."""
    origin = run_folder.origin(Result(Job.of(scenario, "kernel", seed), seconds=sum(found.seconds.values())))
    if isinstance(found, Plan):
        origin |= {"replications": found.verdict.replications}
        planned = plan_folder.write(found, scenario, document, origin, folder, reports.write)
        return planned, reports.sentences_of_plan(planned, lang)
    origin |= {"replications": found.verdicts["rolling"].replications}
    rolled = rolling_folder.write(rolling_folder.manifest_of(found, scenario, origin), folder, reports.write)
    return rolled, reports.sentences_of_evenings(rolled, lang)


def refuse_late(document: Document, scenario: Scenario) -> None:
    """:raises ScenarioError: where seats are ready when all is over, or before it begins."""
    terms, horizon = scenario.lending, scenario.horizon
    if terms is not None and not horizon.start <= terms.ready < horizon.end:
        document.note(("lending", "agreed"), say("seats are ready on {ready:%Y-%m-%d %H:%M}, outside the horizon "
                                                 "({start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M}): agree at another "
                                                 "time", ready=terms.ready, start=horizon.start, end=horizon.end))
        raise ScenarioError(document.problems)


def missed(document: Document, terms: Agreement, error: FloorError) -> ScenarioError:
    """Floors that a lender misses at home, where they are written."""
    for lender, floors in error.missed.items():
        for floor, could in floors.items():
            where = ("lending", "floors", lender, floor) if lender in terms.floors else ("lending", "floor", floor)
            document.note(where, say("{lender} does not keep it in {confidence:.0%} of the days even where it lends "
                                     "nothing, but {floor:g} % could be kept: lower the floor or its confidence, or "
                                     "leave the city out", lender=lender,
                                     confidence=float(terms.floor_of(lender).confidence),
                                     floor=math.floor(1000 * could) / 10))
    return ScenarioError(document.problems)


def summary(done: plan_folder.Planned | rolling_folder.RollingPlan) -> str:
    """A plan for machines: everything that its manifest says but the scenario."""
    text = done.manifest.model_dump_json(by_alias=True, exclude={"scenario", "versions", "python", "platform"})
    return json.dumps({"folder": str(done.folder), **json.loads(text)}, ensure_ascii=False)
