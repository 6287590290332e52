"""Whether people can be planned for the days and the intervals of a scenario."""
from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import time

from sim.reading.conflicts import Conflict, conflict
from sim.scenario.messages import Message, say
from sim.scenario.quantities import plain
from sim.scenario.scenario import Scenario
from sim.scenario.staffing_terms import HALF_HOUR, HALF_HOURS, half_hours_without, spans_of

HALF_HOUR_S = 60 * HALF_HOUR


def days_not_planned(scenario: Scenario) -> Iterator[Conflict]:
    """Why `surgeline staff` could not plan a scenario that says what it is to reach: no fault for a run."""
    if scenario.staffing is not None:
        yield from parts_of_days(scenario)
        lacking = half_hours_without(scenario.staffing.shift_types)
        if any(calls_come(scenario, half) for half in lacking):
            yield conflict(("staffing", "shift_types"), nobody_at(lacking))


def calls_come(scenario: Scenario, half: int) -> bool:
    """Whether anybody calls in a half-hour of some day, by any profile."""
    days = [profile.day for profile in scenario.profiles.values()]
    return any(any(day[half * len(day) // HALF_HOURS:-(-(half + 1) * len(day) // HALF_HOURS)]) for day in days)


def nobody_at(halves: Sequence[int]) -> Message:
    return say("no type of shift is at work at {times}: where calls come then, let one begin earlier or later, or last "
               "longer", times=spans_of(halves))


def parts_of_days(scenario: Scenario) -> Iterator[Conflict]:
    """Days that are not whole, and intervals by which no half-hours can be counted."""
    horizon = scenario.horizon
    if horizon.start.time() != time.min or horizon.end.time() != time.min:
        yield conflict(("horizon", "start" if horizon.start.time() != time.min else "end"), say(
            "people are planned for whole days: let the horizon begin and end at midnight, and it goes from "
            "{start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M}", start=horizon.start, end=horizon.end))
    if HALF_HOUR_S % by_half_hours(scenario).horizon.interval_s:
        yield conflict(("horizon", "interval"), say(
            "people are planned by the half hour, and a table has a row for each interval: take one that divides 30 "
            "min, not {minutes:g} min", minutes=horizon.interval_s / 60))


def by_half_hours(scenario: Scenario) -> Scenario:
    """The scenario in shorter intervals by which half-hours can be counted: all that it says is of moments, but for
    tables of callers, a row for each interval."""
    horizon, every = scenario.horizon, math.gcd(scenario.horizon.interval_s, HALF_HOUR_S)
    if every == horizon.interval_s or any(surge.rows for surge in scenario.surges):
        return scenario
    finer = horizon.model_copy(update={"interval": plain(float(every), "s")})
    return scenario.model_copy(update={"horizon": finer})
