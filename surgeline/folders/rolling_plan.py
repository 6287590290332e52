"""Folders of plans made anew each evening: what they brought, beside one plan and beside hindsight."""
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sim.scenario.scenario import Scenario
from surgeline.folders.folder import Folder
from surgeline.folders.lending_plan import Effect, by_block, effect
from surgeline.folders.manifests import Mean, Origin

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
class RollingPlan(Folder):
    """Finished courses of events, read from their folder."""

    KIND = KIND
    MANIFEST = Manifest

    manifest: Manifest


def manifest_of(found: Found, scenario: Scenario, origin: dict[str, Any]) -> Manifest:
    p = found.province
    return Manifest.model_validate({
        **origin, "kind": KIND, "at": f"{found.at // 60:02}:{found.at % 60:02}", "evenings": len(found.evenings),
        "effects": {way: effect(p, verdict) for way, verdict in found.verdicts.items()},
        "differences": found.differences,
        "forecast": by_block(p, found.forecast), "seen": by_block(p, found.seen), "seats": by_block(p, found.seats),
        "laps": {what: round(seconds, 1) for what, seconds in found.seconds.items()}, "scenario": scenario,
    })

