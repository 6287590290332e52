"""Folders of plans made anew each evening: what they brought, beside one plan and beside hindsight."""
from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from sim.scenario.dates import DAY_MINUTES
from sim.scenario.levers import Desk, Lend
from sim.scenario.scenario import Scenario
from surgeline.folders.folder import Folder
from surgeline.folders.lending_plan import Effect, by_block, effect
from surgeline.folders.manifests import Mean, Origin
from surgeline.folders.order_hours import Ordered, city_of, number_of

if TYPE_CHECKING:  # the solver takes long to load
    from optimizer.lending.rolling import RollingPlan as Found

KIND = "rolling"
ORDERS = "orders"
AnyOrdered = Annotated[Ordered, Field(discriminator="kind")]
WHO = {"on_duty": "在岗 on duty", "call_in": "召回 called in", "standby": "备勤 on standby",
       "volunteers": "志愿者 volunteers", "desk": "增设座席 desk", "cloud_seats": "云坐席 at home"}
HEADS = ("市 city", "接谁的来电 whose calls", "席或人 seats or people", "谁来 who", "从 first day", "至 last day",
         "开始 from", "结束 to")
Way = Literal["rolling", "knowing", "once", "hindsight"]


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
    orders: dict[str, tuple[AnyOrdered, ...]] = {}    # by evening, in the first course of events
    laps: dict[str, float]
    scenario: Scenario


@dataclass(frozen=True)
class RollingPlan(Folder):
    """Finished courses of events, read from their folder."""

    KIND = KIND
    MANIFEST = Manifest

    manifest: Manifest

    def write_orders(self, folder: Path) -> None:
        """One table an evening, of what it orders for the day after: sheet programs and people read it."""
        (folder / ORDERS).mkdir()
        for evening, levers in self.manifest.orders.items():
            name = f"{evening.replace(':', '')}.csv"
            with (folder / ORDERS / name).open("w", encoding="utf-8-sig", newline="") as file:
                csv.writer(file).writerows([HEADS, *(order_row(self.manifest.scenario, one) for one in levers)])


def order_row(scenario: Scenario, one: Ordered) -> tuple[str, ...]:
    """Seats that a city lends or a desk adds, or people whom a city brings itself."""
    city, whose = (scenario.cities[name].name for name in (
        one.pair if isinstance(one, Lend) else (city_of(one), city_of(one))))
    (opens, closes), last = one.hours, one.end - timedelta(seconds=1)
    return (f"{city.zh} {city.en}", f"{whose.zh} {whose.en}", f"{number_of(one):g}", who(one),
            f"{first_day(one):%Y-%m-%d}", f"{last:%Y-%m-%d}", f"{opens // 60:02}:{opens % 60:02}",
            f"{closes // 60:02}:{closes % 60:02}")


def who(one: Ordered) -> str:
    """People on duty, people called in, or others; a desk by its name."""
    if isinstance(one, Lend):
        return WHO["on_duty" if float(one.off_duty) < 1 else "call_in"]
    return f"{WHO[one.kind]}: {one.name}" if isinstance(one, Desk) else WHO[one.kind]


def first_day(one: Ordered) -> date:
    """Who is called on an evening, long before, comes on the next day."""
    closes = time(*divmod(one.hours[1] % DAY_MINUTES, 60))
    called_late = one.hours[0] < one.hours[1] < DAY_MINUTES and one.start.time() >= closes
    return one.start.date() + timedelta(days=called_late)


def manifest_of(found: Found, scenario: Scenario, origin: dict[str, Any]) -> Manifest:
    p = found.province
    return Manifest.model_validate({
        **origin, "kind": KIND, "at": f"{found.at // 60:02}:{found.at % 60:02}", "evenings": len(found.evenings),
        "effects": {way: effect(p, verdict) for way, verdict in found.verdicts.items()},
        "differences": found.differences,
        "forecast": by_block(p, found.forecast), "seen": by_block(p, found.seen), "seats": by_block(p, found.seats),
        "orders": {f"{evening:%Y-%m-%dT%H:%M}": levers
                   for evening, levers in zip(found.evenings, found.orders, strict=True)},
        "laps": {what: round(seconds, 1) for what, seconds in found.seconds.items()}, "scenario": scenario,
    })

