"""Other policies beside a plan: the seat-hours that each lends, what each is, and whether one brings more."""
from __future__ import annotations

from sim.measures.statistics import Figure
from surgeline.folders.lending_plan import Manifest, Rival
from surgeline.reports.lending_plan.answer import interval
from surgeline.reports.page.blocks import Column
from surgeline.reports.page.words import Words

ROUTED = ("overflow", "pooled")
"""Policies that route calls, and lend no seats."""
EXPLAINED = ("historical", "placed-anew", *ROUTED)


def hours_columns(m: Manifest, w: Words) -> tuple[Column, ...]:
    """Seat-hours, where they are known of any policy: folders of before do not say them."""
    return (Column(w("plan.lent_hours"), "number"),) if knows_hours(m) else ()


def hours_cells(m: Manifest, w: Words, hours: float | None) -> tuple[str, ...]:
    return ((w("number.none") if hours is None else w.exact(hours)),) if knows_hours(m) else ()


def knows_hours(m: Manifest) -> bool:
    return any(one.seat_hours is not None for one in m.rivals.values())


def hours_of_plan(m: Manifest) -> float:
    return sum(float(one.seats) * one.span.total_hours for one in m.lends)


def note(m: Manifest, w: Words) -> str:
    """What the policies are that have a row."""
    said = [w(f"plan.note_{name}") for name in EXPLAINED if name in m.rivals]
    return w.joined([*said, w("plan.note_routed") if any(name in m.rivals for name in ROUTED) else ""])


def better(m: Manifest, w: Words) -> list[str]:
    """Policies whose floors are all proved and that bring more than the plan: by how much, and what for."""
    return [sentence(m, w, name, one) for name, one in m.rivals.items() if one.proved and one.behind.mean < 0]


def sentence(m: Manifest, w: Words, name: str, one: Rival) -> str:
    more = Figure(-one.behind.mean, -one.behind.high, -one.behind.low)
    said = {"name": w(f"policy.{name}"), "people": w.exact(more.mean), "range": interval(w, more)}
    if name in ROUTED:
        return w("plan.better_routed", **said)
    if one.seat_hours is None:
        return w("plan.better_lending_unknown", **said)
    return w("plan.better_lending", theirs=w.exact(one.seat_hours), ours=w.exact(hours_of_plan(m)), **said)
