"""Comparison folders: what variants found side by side on the same luck, and one run's data for each of them."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pandas as pd
from pydantic import Field, model_validator

from sim.reading.loading import is_fit_for_a_folder
from sim.scenario.messages import say
from sim.scenario.quantities import Name
from sim.scenario.scenario import BASE, Scenario
from surgeline.folders import run as run_folder
from surgeline.folders.folder import Folder
from surgeline.folders.lending_plan import Floor
from surgeline.folders.manifests import Entry, Mean, Number, Origin
from surgeline.folders.run import Run
from surgeline.folders.tables import read_rows, write_parquet
from surgeline.problems import RunError

if TYPE_CHECKING:  # who reads a folder needs no engine
    from sim.studies.study import Study

KIND = "comparison"
PEOPLE = "callers_answered"


class Figures(Entry):
    """Of the cities that the comparison is about, over the whole horizon; people also of all cities."""

    answer_rate_callers: Mean
    answer_rate_dials: Mean
    callers_answered: Mean
    callers_answered_province: Mean


class Variant(Entry):
    """A variant, its figures, and what it changes against the first."""

    variant: str
    name: Name
    scenario_hash: str
    figures: Figures
    differences: Figures | None = Field(description="less the first, paired; the first has none")
    common_luck: Number = Field(description="how many times smaller the difference's variance is than on other luck")
    lenders: tuple[str, ...]
    out_after: int | None = Field(description="replications that ruled it out; null if it may be the best, or may not "
                                              "be chosen")
    floors: tuple[Floor, ...] | None = Field(None, description="against not lending; null where no city helps another "
                                                               "or no terms of help are given")

    @property
    def breaks(self) -> tuple[Floor, ...]:
        """The floors that it breaks."""
        return tuple(floor for floor in self.floors or () if floor.broken)


class Objective(Entry):
    """What the choice is about."""

    metric: Literal["answer_rate_callers", "answer_rate_dials"]
    cities: tuple[str, ...]
    weights: Literal["callers", "dials"]


class Chosen(Entry):
    """What was chosen, and how surely."""

    best: str = Field(description="the best mean of those that may be the best")
    left: tuple[str, ...] = Field(description="those that may be the best; once it is decided, they do equally")
    decided_after: int | None
    probability: float
    indifference: float
    first_stage: int
    barred: dict[str, Mean] = Field({}, description="those that break a floor, while others break none: people "
                                                    "answered more than by the best, in these cities")


class Manifest(Origin):
    """What was compared, on what, and what was found."""

    kind: Literal["comparison"]
    capped: bool
    confidence: float = Field(description="of all intervals of differences together")
    confidence_each: float
    objective: Objective
    choice: Chosen
    variants: tuple[Variant, ...] = Field(min_length=2)
    scenario: Scenario

    @model_validator(mode="after")
    def is_about_its_variants(self) -> Manifest:
        known = [one.variant for one in self.variants]
        if known[0] != BASE or not {self.choice.best, *self.choice.left, *self.choice.barred} <= set(known):
            raise ValueError("names variants that it has not")
        if any((one.differences is None) != (one is self.variants[0]) for one in self.variants):
            raise ValueError("has differences where there are none, or lacks them")
        if not all(is_fit_for_a_folder(name) for name in known):
            raise ValueError("names variants that no folder has the name of")
        return self


@dataclass(frozen=True)
class Comparison(Folder):
    """A finished comparison, read from its folder."""

    KIND = KIND
    MANIFEST = Manifest

    manifest: Manifest

    @classmethod
    def read(cls, folder: Path) -> Comparison:
        """A comparison folder with all its runs.

        :raises RunError: if it is none, or not whole.
        """
        found = super().read(folder)
        for one in found.manifest.variants:
            if (folder / one.variant).is_symlink():
                raise RunError(say("{x} can't be read: it is a link, and no part of this folder",
                                   x=folder / one.variant))
            Run.read(folder / one.variant)
        return found

    @cached_property
    def first(self) -> Run:
        """The run of the scenario as it is."""
        return Run.read(self.folder / BASE)

    @cached_property
    def differences(self) -> pd.DataFrame:
        """variant, metric, scope, from, to, mean, low, high of cities and the province: the rate that the choice is
        about, and people answered."""
        query = ('SELECT variant, metric, scope, "from", "to", mean, low, high FROM read_parquet({path}) '
                 "WHERE metric IN (?, ?) AND (scope = 'province' OR starts_with(scope, 'city:'))")
        return read_rows(self.folder / "differences.parquet", query, [self.manifest.objective.metric, PEOPLE])


def write(manifest: Manifest, study: Study, folder: Path, write_reports: Callable[[Comparison], None]) -> Comparison:
    """Write a comparison folder with its reports. It appears whole or not at all.

    :raises RunError: if the folder is there already or can't be written.
    """
    return Comparison(folder, manifest).write(write_reports, lambda part: write_data(manifest, study, part))


def write_data(manifest: Manifest, study: Study, folder: Path) -> None:
    """The differences, and one run's data for each variant."""
    write_parquet(differences(study, manifest.confidence_each), folder / "differences.parquet")
    for name in study.results:
        (folder / name).mkdir()
        write_run(study, name, folder / name)


def write_run(study: Study, name: str, folder: Path) -> None:
    """One variant's data. The record is about the scenario as it is."""
    from sim.studies.validation import against_record, variants_of_record
    result, first = study.results[name], name == BASE
    told = first and set(variants_of_record(result.scenario)) <= set(study.results)
    record = against_record(result, study.results) if told else []
    Run(folder, run_folder.manifest_of(result, record, None if first else name, [])).write_manifest()
    run_folder.write_data(result, folder)


def differences(study: Study, confidence: float) -> pd.DataFrame:
    """variant, metric, scope, from, to, unit, mean, low, high, replications."""
    names = pd.CategoricalDtype(list(study.differences))
    tables = [study.table(name, confidence) for name in study.differences]
    for name, table in zip(study.differences, tables, strict=True):
        table.insert(0, "variant", pd.Series(name, table.index, names))
    return pd.concat(tables, ignore_index=True)

