"""For which part of what their callers need people are planned who answer some classes of callers only.

Others stand in for them: where they are too few, an hour of one of them is worth no more than an hour of those. Planned
for all of the need they would work overtime as far as it goes, and sit through nights in which hardly anybody calls:
one who is missing at noon counts no more than one who is missing then. So they are planned for what their standard
hours give, the same part of the need at any time.
"""
from __future__ import annotations

from dataclasses import replace

from optimizer.staffing.planning.city_roster.own_shifts import rostered_groups
from optimizer.staffing.planning.designing import Designed
from optimizer.staffing.planning.horizon import SLOTS
from optimizer.staffing.planning.on_duty.needs import Needs
from sim.scenario.scenario import Scenario
from sim.world.people import half_up

ENOUGH = 0.5    # of a part: where whole people make less of it, they are planned for all of the need, as far as they go


def part_within_hours(scenario: Scenario, city: str, shifts: Designed) -> float:
    """The part of the work of shifts that the city's people give in their standard hours; 1 at the most."""
    rules = scenario.workforce(city).rules
    weekly = {"full_time": rules.standard_week.value, "part_time": rules.part_time_week.value}
    hours = sum(float(group.people) * weekly[group.contract] for group in rostered_groups(scenario, city).values())
    weeks = (shifts.plan.cover.size / SLOTS - 1) / 7    # the day before gives its night only
    return min(1.0, hours * weeks / max(shifts.work_hours, 1e-9))


def their_part(needs: Needs, part: float) -> tuple[Needs, float]:
    """Of ordinary time so much, and which part that is: all of it where so few are needed at a time that nothing of it
    can be parted. Whoever has hours to spare for a surge is wanted in it as before."""
    usual = half_up(needs.usual * part)
    if part == 1 or usual.sum() < ENOUGH * part * needs.usual.sum():
        return needs, 1.0
    if needs.told is None and (needs.wanted == needs.usual).all():
        return replace(needs, usual=usual, in_surge=usual, wanted=usual), part
    return replace(needs, usual=usual), part
