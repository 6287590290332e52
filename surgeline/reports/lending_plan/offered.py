"""Whom a plan asks beside those on duty and those called in: desks, volunteers and own people at home, whom the terms
offer."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from optimizer.lending.inputs.sources import city_of, is_called_in, offer_of
from sim.scenario.lending_terms import OFFERS
from sim.scenario.levers import Desk
from sim.scenario.people_levers import Volunteers
from sim.scenario.scenario import Scenario
from surgeline.folders.lending_plan import LendingPlan
from surgeline.folders.order_hours import Ordered, at_work, number_of
from surgeline.reports.page import places
from surgeline.reports.page.words import HARD_SPACE, Words


def named(done: LendingPlan, w: Words, levers: Iterable[Ordered]) -> list[str]:
    """How many of each there are at once at the most, in all cities: 省级座席 3 席, 志愿者 2 人."""
    s, found = done.manifest.scenario, dict[tuple[str, str], list[Ordered]]()
    for one in levers:
        if isinstance(one, OFFERS):
            found.setdefault((one.kind, one.name if isinstance(one, Desk) else ""), []).append(one)
    said = [w(f"plan.offered_{kind}", name=desk(done, w, name), n=w.few(most_at_once(s, those)))
            for (kind, name), those in found.items()]
    return [one.replace("） ", "）").replace(" ", HARD_SPACE) for one in said]


def desk(done: LendingPlan, w: Words, name: str) -> str:
    """What a desk of a plan is called."""
    by = next((one.by for one in done.manifest.levers if isinstance(one, Desk) and one.name == name), None)
    return places.desk(done.manifest.scenario, w, name, by) if name else ""


def most_at_once(scenario: Scenario, levers: Iterable[Ordered]) -> float:
    """Seats or people at any time, at the most."""
    changes: dict[datetime, float] = defaultdict(float)
    for one in levers:
        for begin, end in at_work(scenario, one).stretches():
            changes[begin] += number_of(one)
            changes[end] -= number_of(one)
    now = most = 0.0
    for at in sorted(changes):
        now += changes[at]
        most = max(most, now)
    return most


def clause(done: LendingPlan, w: Words, levers: Iterable[Ordered]) -> list[str]:
    """How many of them a plan of the menu uses, or that it uses none; nothing where the terms offer none."""
    said = named(done, w, levers)
    if said:
        return [w("plan.offered_used", names=w.list(said))]
    return [w("plan.offered_unused")] if is_offered(done) else []


def is_offered(done: LendingPlan) -> bool:
    """Whether the terms offer anybody."""
    terms = done.manifest.scenario.lending
    return terms is not None and bool(terms.offers)


def source(done: LendingPlan, w: Words, name: str) -> str:
    """Who sits at seats: a city's people on duty or called in, or whom the terms offer."""
    s, number = done.manifest.scenario, offer_of(name)
    if number is None:
        return w("plan.source_called_in" if is_called_in(name) else "plan.source_on_duty",
                 city=places.city(s, w, city_of(name)))
    offer = s.lending.offers[number] if s.lending else None
    if isinstance(offer, Desk):
        return places.desk(s, w, offer.name, offer.by)
    kind = "volunteers" if isinstance(offer, Volunteers) else "cloud_seats"
    return w(f"plan.source_{kind}", city=places.city(s, w, city_of(name)))
