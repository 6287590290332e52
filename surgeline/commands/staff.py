"""A staffing plan from beginning to end: need, shifts, rosters, what they bring; write the folder and show."""
from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from optimizer.staffing.planning.plan import StaffingPlan
from optimizer.staffing.planning.through import SECONDS, staffed
from sim.reading.yaml_places import Document
from sim.scenario.messages import lines, printable, say
from sim.scenario.scenario import Scenario
from sim.studies.replication import Job
from sim.studies.result import Result
from surgeline import console, reports
from surgeline.commands import ill, naming
from surgeline.commands.run import default_folder
from surgeline.commands.studying import compile_first, loaded_with_places
from surgeline.folders import run as run_folder
from surgeline.folders import staffed_scenario, staffing_writing, whole
from surgeline.folders.staffing_plan import StaffingPlan as Written
from surgeline.locale import Lang, texts
from surgeline.problems import UsageError


def run(name: str, options: dict[str, Any], lang: Lang, as_json: bool) -> None:
    """Plan, write and show."""
    scenario, document = loaded_with_places(name)
    cities = chosen(scenario, options["cities"])
    if options["ill"] is not None:
        ill.run(scenario, one_of(scenario, cities), options, lang, as_json)
        return
    folder = options["out"] or default_folder(scenario.name, "staff")
    with whole.new(folder):
        done = planned(scenario, document, cities, options, folder, lang)
    if as_json:
        print(json.dumps(done.summary(), ensure_ascii=False))
        return
    files = {"report": "report.html", "roster": staffed_scenario.roster_file(scenario, cities[0]),
             "shift_counts": staffed_scenario.COUNTS, "scenario": staffed_scenario.STAFFED}
    there = {key: folder / file for key, file in files.items() if (folder / file).exists()}
    console.show_sentences(scenario, reports.sentences_of(done, lang), there, lang)


def chosen(scenario: Scenario, asked: Sequence[str]) -> tuple[str, ...]:
    """The cities that are asked for; else those of the terms, or those in focus.

    :raises UsageError: for cities that the scenario has not.
    """
    keys = {city: naming.key_of(city, scenario.cities) for city in asked}
    strange = [say("--city: {got} is not in this scenario{hint}", got=printable(city),
                   hint=naming.hint(city, scenario.cities)) for city, key in keys.items() if key is None]
    if strange:
        raise UsageError(lines(strange))
    named = [key for key in keys.values() if key is not None]
    return tuple(dict.fromkeys(named or scenario.staffing_terms.cities)) or scenario.surged()


def one_of(scenario: Scenario, cities: tuple[str, ...]) -> str:
    """The only city that is asked for, or the only one of them that has a roster.

    :raises UsageError: where it can't be told.
    """
    rostered = [city for city in cities if scenario.workforce(city).roster is not None]
    found = rostered if len(rostered) == 1 else list(cities)
    if len(found) != 1:
        raise UsageError(say("--ill: say of which city the roster is: --city NAME"))
    return found[0]


def planned(scenario: Scenario, document: Document, cities: tuple[str, ...], options: dict[str, Any], folder: Path,
            lang: Lang) -> Written:
    """Plan and write. A single city's people get a roster."""
    words = texts(lang)["cli"]
    compile_first("kernel", words, options["dask"])
    with console.progress(words["planning"]) as tell:
        found = staffed(scenario, cities, seconds=options["seconds"] or SECONDS,
                        seed=options["seed"], replications=options["replications"],
                        workers=options["dask"], tell=tell, told=told_at(scenario))
    return staffing_writing.write(found, document, origin_of(found), folder, reports.write)


def told_at(scenario: Scenario) -> datetime | None:
    """Now, if the horizon is not over: that is when people hear of what changes."""
    now = datetime.now().replace(second=0, microsecond=0)
    return now if now < scenario.horizon.end else None


def origin_of(found: StaffingPlan) -> dict[str, Any]:
    """What was planned, when, and with what."""
    seconds = sum(found.seconds.values())
    origin = run_folder.origin(Result(Job.of(found.scenario, "kernel", found.need.seed), seconds=seconds))
    return origin | {"replications": found.need.replications}
