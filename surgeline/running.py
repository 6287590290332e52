"""A run from beginning to end: simulate, hold against the record, write the folder and its report."""
from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from sim import compiled, study
from sim.problems import nearest
from sim.reading import load
from sim.scenario import Scenario
from sim.study import Result
from sim.tables import Floats
from surgeline import console, reports, runs
from surgeline.locale import texts
from surgeline.problems import UsageError
from surgeline.runs import Run

DEFAULT_REPLICATIONS = {"kernel": 10, "simpy": 1}


def chosen(name: str, variant: str | None) -> Scenario:
    """A scenario, or one of its variants."""
    scenario = load(name)
    if variant is None:
        return scenario
    if variant not in scenario.variants:
        raise UsageError(f"{variant!r} is no variant of {scenario.name}{nearest(variant, scenario.variants)}")
    return scenario.variant(variant)


def run(name: str, options: dict[str, Any], lang: str, as_json: bool) -> None:
    """Simulate, write and show."""
    scenario = chosen(name, options["variant"])
    folder = options["out"] or default_folder(scenario.name, options["variant"])
    if folder.exists():
        raise runs.RunError(f"{folder} is there already: choose another with --out, or remove it")
    finished = simulated(scenario, options, lang, folder)
    if as_json:
        print(json.dumps(summary(finished), ensure_ascii=False))
    else:
        console.show_run(finished, lang)


def default_folder(name: str, variant: str | None) -> Path:
    """results/<scenario>[-<variant>]-<moment>, numbered where two runs begin in one second."""
    stem = f"{name}{'-' + variant if variant else ''}-{datetime.now():%Y%m%d-%H%M%S}"
    names = (stem, *(f"{stem}-{i}" for i in range(2, 100)))
    return next(Path("results") / n for n in names if not (Path("results") / n).exists())


def simulated(scenario: Scenario, options: dict[str, Any], lang: str, folder: Path) -> Run:
    """Run the scenario and the variants that it is compared with, on the same luck."""
    words = texts(lang)["cli"]
    announce_compiling(options["engine"], words)
    result = one(scenario, options, words["simulating"], options["calls"])
    others = {key: one(scenario.variant(key), options, getattr(variant.name, lang), False)
              for key, variant in scenario.variants.items() if key != options["variant"]}
    record = study.against_record(result, others) if not options["variant"] else []
    return runs.write(result, record, folder, options["variant"], gains(result, others), reports.write_all)


def announce_compiling(engine: str, words: dict[str, str]) -> None:
    """The first run after an installation or an edit compiles for some seconds: say so."""
    if engine == "kernel" and not compiled.is_warm():
        console.say(words["compiling"])


def one(scenario: Scenario, options: dict[str, Any], what: str, keep_calls: bool) -> Result:
    replications = options["replications"] or DEFAULT_REPLICATIONS[options["engine"]]
    with console.progress(what) as tell:
        return study.simulate(scenario, engine=options["engine"], replications=replications, seed=options["seed"],
                              keep_calls=keep_calls, progress=tell)


def gains(result: Result, others: dict[str, Result]) -> list[dict[str, Any]]:
    """What each variant would change, paired on the same luck: people answered in the cities that the report is about,
    and the answer rate of every city that lends."""
    variants = result.scenario.variants
    return [{
        "variant": key, "name": variants[key].name.model_dump(),
        "callers_answered": runs.figure_json(study.figure(answered(other) - answered(result))),
        "lenders": [{"city": city, "answer_rate_dials": runs.figure_json(
            study.difference(other, result, "answer_rate_dials", f"city:{city}"))} for city in lenders(other)],
    } for key, other in others.items()]


def answered(result: Result) -> Floats:
    """People answered in the cities that the report is about, one number a replication."""
    cities = result.scenario.surged()
    return np.sum([result.sample("callers_answered", f"city:{city}")[:, 0] for city in cities], axis=0)


def lenders(result: Result) -> list[str]:
    return list(dict.fromkeys(pool.home for pool in result.setting.names.pools if pool.kind == "lent" and pool.home))


def summary(run: Run) -> dict[str, Any]:
    """A run for machines: the whole horizon's figures, and replay against record."""
    horizon = run.scenario.horizon
    whole = run.metrics[(run.metrics["from"] == horizon.start) & (run.metrics["to"] == horizon.end)]
    figures: dict[str, dict[str, Any]] = {}
    for row in whole.itertuples(index=False):
        values = {"mean": row.mean, "low": row.low, "high": row.high}
        figures.setdefault(str(row.scope), {})[str(row.metric)] = {k: None if v != v else v for k, v in values.items()}
    keep = ("name", "variant", "scenario_hash", "seed", "replications", "engine", "record", "gains")
    return {"folder": str(run.folder), **{key: run.manifest[key] for key in keep}, "figures": figures}


def verify(name: str, options: dict[str, Any], lang: str, as_json: bool) -> int:
    """Run both engines and compare every call. Returns the exit code: 1 where they differ, which is a fault of ours."""
    words = texts(lang)["cli"]
    scenario = chosen(name, options["variant"])
    announce_compiling("kernel", words)
    with console.progress(words["verifying"]) as tell:
        verdict = study.verify(scenario, options["seed"], progress=tell)
    if as_json:
        print(json.dumps({"scenario": scenario.name, "calls": verdict.calls, "differences": verdict.differences}))
    elif verdict.differences:
        print("\n".join([words["unequal"], *verdict.differences]), file=sys.stderr)
    else:
        print(words["equal"].format(calls=f"{verdict.calls:,}"))
    return 1 if verdict.differences else 0


def report(folder: Path, lang: str) -> None:
    """Build the report of a run again."""
    run = runs.read(folder)
    try:
        reports.write_all(run)
    except (OSError, duckdb.Error) as error:
        raise runs.RunError(f"the report of {folder} can't be built: {error}") from None
    print(f"{texts(lang)['console']['report']}: {folder / 'report.html'}")
