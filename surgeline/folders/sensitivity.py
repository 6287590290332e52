"""Sensitivity folders: what each assumption does to the answer, and the points at which it was tried."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd
from pydantic import Field

from sim.scenario.problems import Where
from sim.scenario.quantities import Name
from sim.scenario.scenario import BASE, Scenario
from surgeline.folders import run as run_folder
from surgeline.folders import whole
from surgeline.folders.folder import Folder
from surgeline.folders.manifests import Entry, Number, Origin, text_of
from surgeline.folders.run import Run
from surgeline.folders.tables import read_parquet, write_parquet
from surgeline.problems import RunError

if TYPE_CHECKING:  # who reads a folder needs no engine
    from sim.studies.sensitivity import Effect, Factor, Sensitivity

KIND = "sensitivity"


class Moved(Entry):
    """An assumption, and what it does to an outcome over its whole range, all else as in the file."""

    places: tuple[Where, ...]
    values: tuple[float, ...]
    ranges: tuple[tuple[float, float], ...]
    note: str
    screened: Number = Field(description="Morris's mean absolute effect, with half its 95 % interval")
    screened_half: Number
    low: Number = Field(description="the outcome with this assumption at its lowest")
    high: Number
    first: Number = Field(description="Sobol's index of the first order, and in total, with half their 95 % intervals")
    first_half: Number
    total: Number
    total_half: Number


class Turning(Entry):
    """How often a variant does better than the scenario as it is."""

    variant: str
    name: Name
    better: float
    same: float
    worse: float
    place: Where | None
    bound: Number
    above: bool


class Manifest(Origin):
    """Everything that the report says."""

    kind: Literal["sensitivity"]
    points: int
    anywhere: int = Field(description="of the points, those that are independent and uniform over the space")
    metric: str
    cities: tuple[str, ...]
    base: dict[str, float] = Field(description="answer rates with the file's values, by variant")
    effects: dict[str, tuple[Moved, ...]] = Field(description="by variant; of another than the first, on its change")
    turns: tuple[Turning, ...]
    scenario: Scenario


@dataclass(frozen=True)
class SensitivityStudy(Folder):
    """A finished sensitivity study, read from its folder."""

    KIND = KIND
    MANIFEST = Manifest

    manifest: Manifest

    @cached_property
    def run(self) -> Run:
        """The scenario, as reports want it."""
        origin = {name: getattr(self.manifest, name) for name in Origin.model_fields}
        return Run(self.folder, run_folder.Manifest(**origin, variant=None, record=(), gains=(),
                                                    scenario=self.manifest.scenario))

    @property
    def points(self) -> pd.DataFrame:
        """One row a point: assumptions as shares of their ranges, answer rates of the variants."""
        return read_parquet(self.folder / "points.parquet")

    def spread(self, share: float) -> tuple[float, float]:
        """Between which answer rates of the scenario as it is such a share of the points lies that may be anywhere."""
        rates = self.points[f"rate {BASE}"].tail(self.manifest.anywhere)
        low, high = rates.quantile([(1 - share) / 2, (1 + share) / 2])
        return float(low), float(high)


def beside(run: Run) -> SensitivityStudy | None:
    """The last study of what a run has simulated among the folders beside it."""
    try:
        around = list(whole.place_of_parts(run.folder).absolute().parent.iterdir())
    except OSError:  # a folder may be closed to us, and what it holds open
        return None
    found = [study for folder in around if (study := study_of(folder, run.manifest.scenario_hash))]
    return max(found, key=lambda study: study.manifest.created, default=None)


def study_of(folder: Path, scenario_hash: str) -> SensitivityStudy | None:
    """The study in a folder, if there is one and it is of this scenario; other folders are none of ours.

    There may be hundreds of them: most are told by their text, and not parsed.
    """
    try:
        said = text_of(folder)
        if KIND not in said or scenario_hash not in said:
            return None
        study = SensitivityStudy.read(folder)
    except RunError:
        return None
    return study if study.manifest.scenario_hash == scenario_hash else None


def moved(effect: Effect) -> Moved:
    factor = effect.factor
    return Moved(places=factor.places, values=factor.values, ranges=tuple(zip(factor.lows, factor.highs, strict=True)),
                 note=factor.note, screened=effect.screened, screened_half=effect.screened_conf, low=effect.low,
                 high=effect.high, first=effect.first, first_half=effect.first_conf, total=effect.total,
                 total_half=effect.total_conf)


def manifest_of(found: Sensitivity, scenario: Scenario, origin: dict[str, Any]) -> Manifest:
    turns = tuple(Turning(variant=one.variant, name=scenario.variants[one.variant].name, better=one.better,
                          same=one.same, worse=one.worse, place=first_place(one.factor), bound=one.bound,
                          above=one.above) for one in found.turns)
    return Manifest.model_validate({
        **origin, "kind": KIND, "points": len(found.points), "anywhere": found.anywhere,
        "metric": f"answer_rate_{scenario.headline}", "cities": scenario.surged(),
        "base": dict(zip(found.variants, found.base, strict=True)),
        "effects": {name: tuple(map(moved, effects)) for name, effects in found.effects.items()},
        "turns": turns, "scenario": scenario,
    })


def first_place(factor: Factor | None) -> Where | None:
    return factor.places[0] if factor else None


def write(manifest: Manifest, found: Sensitivity, folder: Path,
          write_reports: Callable[[SensitivityStudy], None]) -> SensitivityStudy:
    """Write a sensitivity folder with its report. It appears whole or not at all.

    :raises RunError: if the folder is there already or can't be written.
    """
    return SensitivityStudy(folder, manifest).write(
        write_reports, lambda part: write_parquet(found.table(), part / "points.parquet"))


def gain_of(manifest: Manifest) -> str:
    """The outcome that the report leads with: the change by the variant that changes most, or the rate itself."""
    others = [name for name in manifest.base if name != BASE]
    return max(others, key=lambda name: abs(manifest.base[name] - manifest.base[BASE]), default=BASE)
