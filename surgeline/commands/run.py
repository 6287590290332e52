"""A run from beginning to end: simulate, hold against the record, write the folder and its report."""
from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.core.arrays import Floats
from sim.measures.statistics import figure
from sim.scenario.messages import say
from sim.scenario.scenario import Scenario
from sim.studies.replication import calls_of
from sim.studies.result import Result
from sim.studies.study import Study
from sim.studies.twins import verify as verify_twins
from sim.studies.validation import against_record
from surgeline import console, reports
from surgeline.commands import naming
from surgeline.commands.studying import compile_first, loaded, studied
from surgeline.folders import run as run_folder
from surgeline.folders import whole
from surgeline.folders.run import Gain, Lender, Run
from surgeline.locale import Lang, texts
from surgeline.problems import UsageError

MOST_DIALS = 100_000_000  # rows of one file: some 1.5 GB


def chosen(name: str, variant: str | None) -> Scenario:
    """A scenario, or one of its variants."""
    scenario = loaded(name)
    return scenario if variant is None else scenario.variant(variant_key(scenario, variant))


def variant_key(scenario: Scenario, variant: str) -> str:
    """The key of a variant that is named by it or by its name.

    :raises UsageError: for a variant that the scenario has not.
    """
    key = naming.key_of(variant, scenario.variants)
    if key is None:
        raise UsageError(say("{variant} is no variant of {name}{hint}", variant=repr(variant), name=scenario.name,
                             hint=naming.hint(variant, scenario.variants)))
    return key


def run(name: str, options: dict[str, Any], lang: Lang, as_json: bool) -> None:
    """Simulate, write and show."""
    scenario = loaded(name)
    if options["variant"] is not None:
        options = options | {"variant": variant_key(scenario, options["variant"])}
        scenario = scenario.variant(options["variant"])
    folder = options["out"] or default_folder(scenario.name, options["variant"])
    with whole.new(folder):
        finished = simulated(scenario, options, lang, folder)
    if as_json:
        print(json.dumps(finished.summary(), ensure_ascii=False))
    else:
        console.show_run(finished, reports.record_of(finished, lang), lang)


def default_folder(name: str, variant: str | None) -> Path:
    """results/<scenario>[-<variant>]-<moment>, numbered where two runs begin in one second."""
    stem = f"{name}{'-' + variant if variant else ''}-{datetime.now():%Y%m%d-%H%M%S}"
    names = (stem, *(f"{stem}-{i}" for i in range(2, 100)))
    return next(Path("results") / n for n in names if whole.is_free(Path("results") / n))


def simulated(scenario: Scenario, options: dict[str, Any], lang: Lang, folder: Path) -> Run:
    """Run the scenario and the variants that it is compared with, on the same luck."""
    others = {key: scenario.variant(key) for key in scenario.variants if key != options["variant"]}
    with studied(scenario, others, options, lang, folder) as study:
        record = against_record(study.first, study.results) if not options["variant"] else []
        calls = each_dial(study.first, lang) if options["calls"] else None
        return run_folder.write(study.first, record, folder, options["variant"], gains(study), reports.write, calls)


def each_dial(result: Result, lang: Lang) -> Iterator[pd.DataFrame] | None:
    """One row a dial, replication after replication; none of them, and of all only the first, where they are too many
    for a file."""
    words = texts(lang)["cli"]
    dials = np.cumsum(result.sample("dials"))
    kept = int((dials <= MOST_DIALS).sum())
    if kept < result.replications:
        console.say(words["too_many_dials"].format(kept=kept, all=result.replications, dials=dials[-1],
                                                   most=MOST_DIALS))
    return dialled(result, kept, words) if kept else None


def dialled(result: Result, replications: int, words: dict[str, str]) -> Iterator[pd.DataFrame]:
    with console.progress(words["keeping_calls"]) as tell:
        for replication in range(replications):
            yield calls_of(result.job, replication)
            tell((replication + 1) / replications)


def gains(study: Study) -> list[Gain]:
    """What each variant would change, paired on the same luck: people answered in all cities, and in those that the
    report is about, and the headline's answer rate of every city that lends."""
    first, variants = study.first, study.first.scenario.variants
    return [Gain(variant=key, name=variants[key].name,
                 callers_answered=figure(answered(study.results[key]) - answered(first)),
                 callers_answered_province=study.difference(key, "callers_answered"),
                 lenders=tuple(lender(study, key, city) for city in lenders(study.results[key])))
            for key in study.differences]


def lender(study: Study, variant: str, city: str) -> Lender:
    rate = f"answer_rate_{study.first.scenario.headline}"
    return Lender.model_validate({"city": city, rate: study.difference(variant, rate, f"city:{city}")})


def answered(result: Result) -> Floats:
    """People answered in the cities that the report is about, one number a replication."""
    cities = result.scenario.surged()
    found: Floats = np.sum([result.sample("callers_answered", f"city:{city}") for city in cities], axis=0)
    return found


def lenders(result: Result) -> list[str]:
    return list(dict.fromkeys(pool.home for pool in result.setting.names.pools if pool.kind == "lent" and pool.home))


def verify(name: str, options: dict[str, Any], lang: Lang, as_json: bool) -> int:
    """Run both engines and compare every call. Returns the exit code: 1 where they differ, which is a fault of ours."""
    words = texts(lang)["cli"]
    scenario = chosen(name, options["variant"])
    compile_first("kernel", words)
    with console.progress(words["verifying"]) as tell:
        verdict = verify_twins(scenario, options["seed"], tell=tell)
    if as_json:
        print(json.dumps({"scenario": scenario.name, "calls": verdict.calls, "differences": verdict.differences}))
    elif verdict.differences:
        print("\n".join([words["unequal"], *verdict.differences]), file=sys.stderr)
    else:
        print(words["equal"].format(calls=f"{verdict.calls:,}"))
    return 1 if verdict.differences else 0
