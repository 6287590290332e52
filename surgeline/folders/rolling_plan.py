"""Folders of plans made anew each evening: what they brought, beside one plan and beside hindsight."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sim.scenario.scenario import Scenario
from surgeline.folders.lending_plan import Effect, by_block, effect
from surgeline.folders.manifests import Mean, Origin, read_manifest
from surgeline.folders.whole import whole_folder

if TYPE_CHECKING:  # the solver takes long to load
    from optimizer.lending.rolling import RollingPlan as Found

KIND = "rolling"
Way = Literal["rolling", "once", "hindsight"]


class Manifest(Origin):
    """What was lived through, and how each way of planning did."""

    kind: Literal["rolling"]
    at: str
    evenings: int
    effects: dict[Way, Effect]
    differences: dict[Way, Mean]            # rolling against the others: people more
    forecast: dict[str, dict[str, float]]   # by borrower and start of block: callers, in the first course of events
    seen: dict[str, dict[str, float]]
    seats: dict[Way, dict[str, float]]      # by start of block: lent at once
    laps: dict[str, float]
    scenario: Scenario


@dataclass(frozen=True)
class RollingPlan:
    """Finished courses of events, read from their folder."""

    folder: Path
    manifest: Manifest


def manifest_of(found: Found, scenario: Scenario, origin: dict[str, Any]) -> Manifest:
    p = found.province
    return Manifest.model_validate({
        **origin, "kind": KIND, "at": f"{found.at // 60:02}:{found.at % 60:02}", "evenings": len(found.evenings),
        "effects": {way: effect(p, verdict) for way, verdict in found.verdicts.items()},
        "differences": {way: asdict(figure) for way, figure in found.differences.items()},
        "forecast": by_block(p, found.forecast), "seen": by_block(p, found.seen), "seats": by_block(p, found.seats),
        "laps": {what: round(seconds, 1) for what, seconds in found.seconds.items()}, "scenario": scenario,
    })


def write(manifest: Manifest, folder: Path, write_reports: Callable[[RollingPlan], None]) -> RollingPlan:
    """Write a folder with its report. It appears whole or not at all.

    :raises RunError: if the folder is there already or can't be written.
    """
    with whole_folder(folder) as part:
        (part / "manifest.json").write_text(manifest.model_dump_json(by_alias=True, indent=1), encoding="utf-8")
        write_reports(RollingPlan(part, manifest))
    return RollingPlan(folder, manifest)


def read(folder: Path) -> RollingPlan:
    """A folder of plans made each evening.

    :raises RunError: if it is none, or not whole.
    """
    return RollingPlan(folder, read_manifest(folder, Manifest))
