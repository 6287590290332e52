"""A comparison from beginning to end: variants on the same luck, the best of them, the folder and its report."""
from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from math import isnan
from pathlib import Path
from typing import Any

from sim.core.arrays import Floats
from sim.measures.metrics import METRIC_OF, METRICS, reach
from sim.measures.statistics import CONFIDENCE, common_luck, each_of, figure
from sim.reading.loading import is_fit_for_a_folder, load
from sim.scenario.messages import printable, say
from sim.scenario.problems import Where, dotted, shortly
from sim.scenario.quantities import Name, Part, Quantity
from sim.scenario.scenario import BASE, Scenario
from sim.studies.replication import digest
from sim.studies.result import Result
from sim.studies.selection import Choice, Selection, objective, rate, values_of
from sim.studies.study import Study
from surgeline import console, reports
from surgeline.commands.floors import FloorJudge, Keeping
from surgeline.commands.run import answered, default_folder, lenders, variant_key
from surgeline.commands.studying import loaded, studied
from surgeline.folders import comparison as comparison_folder
from surgeline.folders import run as run_folder
from surgeline.folders import whole
from surgeline.folders.comparison import KIND, PEOPLE, Comparison, Manifest
from surgeline.locale import LANGS, Lang, texts
from surgeline.problems import UsageError

MAY_DIFFER = ("name", "title", "about", "levers", "variants", "observed", "sources")
TAKEN = (BASE, "manifest.json", "differences.parquet", *reports.files_of(Comparison))
MOST_NAMED = 8


@dataclass(frozen=True)
class Contender:
    """What a variant is called, and the scenario with its levers."""

    scenario: Scenario
    name: Name


def compare(name: str, options: dict[str, Any], lang: Lang, as_json: bool) -> None:
    """Simulate the variants, choose, write and show."""
    scenario = loaded(name)
    others = contenders(scenario, options["variants"], options["levers"])
    folder = options["out"] or default_folder(scenario.name, "compared")
    plans = {key: one.scenario for key, one in others.items()}
    judge = FloorJudge.of(scenario, {BASE: scenario, **plans}, options["seed"], options["dask"])
    rule = Keeping(Selection(), judge)
    names = {BASE: as_it_is(), **{key: one.name for key, one in others.items()}}
    with whole.new(folder), studied(scenario, plans, options, lang, folder, rule) as study:
        with console.progress(texts(lang)["cli"]["judging_floors"]):
            judge.floors(study.replications)
        finished = comparison_folder.write(manifest_of(study, names, rule), study, folder, reports.write)
    if as_json:
        print(json.dumps(finished.summary(), ensure_ascii=False))
    else:
        console.show_comparison(finished, reports.sentences_of(finished, lang), lang)


# --- what is compared ------------------------------------------------------------------------------------------------

def contenders(scenario: Scenario, names: tuple[str, ...], levers: str | None) -> dict[str, Contender]:
    """What the scenario as it is, is compared with.

    :raises UsageError: where a name means nothing, or there is nothing to compare.
    """
    if BASE in scenario.variants:
        raise UsageError(say("{name} has a variant named {variant}, as the scenario itself is called: rename it",
                             name=scenario.name, variant=BASE))
    found = {key: Contender(scenario.variant(key), scenario.variants[key].name)
             for key in [variant_key(scenario, name) for name in names or scenario.variants]}
    if levers is not None:
        found |= from_file(scenario, levers)
    if not found:
        raise UsageError(say("{name} has no variants: write some under variants:, or name a scenario file whose "
                             "levers are to be tried with --levers", name=scenario.name))
    return found


def from_file(scenario: Scenario, file: str) -> dict[str, Contender]:
    """The levers of another file as a variant.

    :raises UsageError: if the file differs in more than levers.
    """
    other, key = load(file), Path(file).stem
    shown = printable(file)
    if key.casefold() in {name.casefold() for name in (*TAKEN, *scenario.variants)} or not is_fit_for_a_folder(key):
        raise UsageError(say("{file}: {key} is taken or no name for a variant: rename the file", file=shown,
                             key=shortly(key)))
    different = [dotted(where) for where in differing(scenario, other) if where[0] not in MAY_DIFFER]
    if different:
        left = len(different) - MOST_NAMED
        more = say(" and {left} more", left=left) if left > 0 else say("")
        raise UsageError(say("{file} must be {name} in all but its levers, and differs in {different}{more}",
                             file=shown, name=scenario.name, different=different[:MOST_NAMED], more=more))
    return {key: Contender(scenario.model_copy(update={"levers": other.levers}), other.title)}


def differing(one: Any, other: Any, where: Where = ()) -> Iterator[Where]:
    """The places in which two scenarios say different things."""
    if type(one) is type(other) and isinstance(one, Part) and not isinstance(one, Quantity):
        for name, field in type(one).model_fields.items():
            yield from differing(getattr(one, name), getattr(other, name), (*where, field.alias or name))
    elif isinstance(one, dict) and isinstance(other, dict):
        for key in {**one, **other}:
            yield from differing(one.get(key), other.get(key), (*where, str(key)))
    elif one != other:
        yield where


def as_it_is() -> Name:
    return Name(**{lang: texts(lang)["compare"]["as_it_is"] for lang in LANGS})


# --- what was found --------------------------------------------------------------------------------------------------

def manifest_of(study: Study, names: dict[str, Name], rule: Keeping) -> Manifest:
    scenario, each = study.first.scenario, each_of(len(study.differences))
    choice, floors = rule.choose(study), rule.judge.floors(study.replications)
    variants = [{**variant_json(study, key, name, out, each), "floors": floors.get(key)}
                for (key, name), out in zip(names.items(), choice.out_after, strict=True)]
    return Manifest.model_validate({
        **run_folder.origin(study.first), "kind": KIND, "capped": study.capped, "confidence": CONFIDENCE,
        "confidence_each": each, "choice": choice_json(study, choice, rule), "variants": variants,
        "objective": {"metric": f"answer_rate_{scenario.headline}", "cities": scenario.surged(),
                      "weights": scenario.headline},
        "scenario": scenario,
    })


def variant_json(study: Study, key: str, name: Name, out_after: int | None, confidence: float) -> dict[str, Any]:
    """A variant's figures, and its differences from the first one at that confidence."""
    result, first = study.results[key], study.first
    mine, its = samples(result), samples(first)
    return {
        "variant": key, "name": name, "scenario_hash": digest(result.scenario), "out_after": out_after,
        "figures": {metric: figure(values).within(*reach(unit_of(metric))) for metric, values in mine.items()},
        "differences": None if key == BASE else {
            metric: figure(values - its[metric], confidence).within(*reach(unit_of(metric), change=True))
            for metric, values in mine.items()},
        "common_luck": common_luck(objective(result), objective(first)), "lenders": lenders(result),
    }


def samples(result: Result) -> dict[str, Floats]:
    """One number a replication of each figure."""
    return {"answer_rate_callers": rate(result, "callers"), "answer_rate_dials": rate(result, "dials"),
            PEOPLE: answered(result), f"{PEOPLE}_province": result.sample(PEOPLE)}


def unit_of(metric: str) -> str:
    return METRICS[METRIC_OF[metric.removesuffix("_province")]]


def choice_json(study: Study, choice: Choice, rule: Keeping) -> dict[str, Any]:
    names, mean, among = list(study.results), [figure(values).mean for values in values_of(study).T], rule.among(study)
    left = [i for i in choice.left if i in among]
    best = max(left, key=lambda i: -1.0 if isnan(mean[i]) else mean[i])
    people = {name: answered(result) for name, result in study.results.items()}
    return {"best": names[best], "left": [names[i] for i in left], "decided_after": choice.decided_after,
            "probability": rule.selection.confidence, "indifference": rule.selection.indifference,
            "first_stage": rule.selection.first_stage,
            "barred": {name: figure(people[name] - people[names[best]]) for i, name in enumerate(names)
                       if i not in among}}
