"""A plan from beginning to end: solve, prove by simulation, write the folder with its order sheet, and show."""
from __future__ import annotations

import json
from contextlib import ExitStack
from typing import Any

from optimizer.knowledge import FloorError, NoPlanError
from optimizer.planning import PROOF, plan
from sim.agreement import Agreement
from sim.executors import Processes, cores
from sim.problems import ScenarioError
from sim.reading.loading import with_places
from sim.replication import Job
from sim.result import Result
from sim.scenario import Scenario
from sim.yamlfile import Document
from surgeline import console, plans, reports, runs
from surgeline.locale import texts
from surgeline.plans import Planned
from surgeline.problems import UsageError
from surgeline.running import default_folder
from surgeline.studying import announce_compiling, computing

NO_PLAN = 3


def run(name: str, options: dict[str, Any], lang: str, as_json: bool) -> int:
    """Plan, prove, write and show. Returns the exit code: 3 where no plan is possible."""
    words = texts(lang)["cli"]
    scenario, document = with_places(name)
    folder = options["out"] or default_folder(scenario.name, "plan")
    runs.refuse_if_there(folder)
    if scenario.lending is None:
        raise UsageError(f"{scenario.name} has no section lending: it says within which terms help is planned; "
                         "`surgeline schema` shows its fields")
    refuse_late(document, scenario)
    announce_compiling("kernel", words)
    try:
        with ExitStack() as stack, console.progress(words["planning"]) as tell:
            executor = stack.enter_context(computing(options["dask"])) or stack.enter_context(Processes(cores()))
            found = plan(scenario, seed=options["seed"], proof=options["replications"] or PROOF, executor=executor,
                         say=lambda what, share: tell(share))
    except FloorError as error:
        raise missed(document, scenario.lending, error) from None
    except NoPlanError as error:
        console.say(words["no_plan"].format(why=error))
        return NO_PLAN
    result = Result(Job.of(scenario, "kernel", options["seed"]), seconds=sum(found.seconds.values()))
    origin = runs.origin(result) | {"replications": found.verdict.replications}
    done = plans.write(found, scenario, document, origin, folder, reports.write_plan)
    if as_json:
        print(summary(done))
    else:
        console.show_plan(done, reports.sentences_of_plan(done, lang), lang)
    return 0


def refuse_late(document: Document, scenario: Scenario) -> None:
    """:raises ScenarioError: where seats are ready when all is over, or before it begins."""
    terms, horizon = scenario.lending, scenario.horizon
    if terms is not None and not horizon.start <= terms.ready < horizon.end:
        document.note(("lending", "agreed"), f"seats are ready on {terms.ready:%Y-%m-%d %H:%M}, outside the horizon "
                      f"({horizon.start:%Y-%m-%d %H:%M} to {horizon.end:%Y-%m-%d %H:%M}): agree at another time")
        raise ScenarioError(document.problems)


def missed(document: Document, terms: Agreement, error: FloorError) -> ScenarioError:
    """Floors that a lender misses at home, where they are written."""
    for lender, floor in error.missed.items():
        where = ("lending", "floors", lender, floor) if lender in terms.floors else ("lending", "floor", floor)
        document.note(where, f"{lender} does not keep it in {float(terms.floor_of(lender).confidence):.0%} of the days "
                      "even where it lends nothing: lower the floor or its confidence, or leave the city out")
    return ScenarioError(document.problems)


def summary(done: Planned) -> str:
    """A plan for machines: everything that its manifest says but the scenario."""
    text = done.manifest.model_dump_json(by_alias=True, exclude={"scenario", "versions", "python", "platform"})
    return json.dumps({"folder": str(done.folder), **json.loads(text)}, ensure_ascii=False)
