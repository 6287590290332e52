"""``plan --actual``: from a day's record to the scenario of the evening, and the order in force."""
from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

import numpy as np

from optimizer.lending.inputs.default_terms import on_days
from optimizer.lending.inputs.order_in_force import called_in_force, in_force, others_in_force
from sim.fitting.counts import Counts
from sim.fitting.evening import A_DAY, Evening, Recorded, evening
from sim.reading.day_record import Counted, Wanted, read_day_record
from sim.reading.loading import load
from sim.scenario.lending_terms import Agreement
from sim.scenario.messages import say
from sim.scenario.scenario import Scenario
from surgeline.folders.from_record import InForce
from surgeline.problems import UsageError


def read(scenario: Scenario, path: Path, at: datetime | None, on: date | None) -> Evening:
    """What a record says of the evening on which it ends.

    :param at: time of day up to which is counted; as far as the record goes if None.
    :param on: the first day that is planned; the day after the record's if None.
    :raises ScenarioError: with all that is wrong with the record.
    """
    record = read_day_record(path, wanted(scenario, at, on))
    refuse_no_tomorrow(scenario, (record.at - timedelta(seconds=1)).date(), on)
    return evening(scenario, record.at, {city: recorded(one) for city, one in record.cities.items()})


def wanted(scenario: Scenario, at: datetime | None, on: date | None) -> Wanted:
    """Which cities a record may be of, and when."""
    names = {name: key for key, city in scenario.cities.items() for name in (key, city.name.zh, city.name.en)}
    surged, horizon = scenario.surged(), scenario.horizon
    alone = surged[0] if len(surged) == 1 else next(iter(scenario.cities)) if len(scenario.cities) == 1 else None
    up_to = timedelta(hours=at.hour, minutes=at.minute) if at else None
    return Wanted(names, alone, timedelta(seconds=horizon.interval_s), horizon.start, horizon.end,
                  on - A_DAY if on else None, up_to)


def recorded(one: Counted) -> Recorded:
    columns = {kind: np.array(values) for kind, values in one.values.items()}
    return Recorded(one.start, Counts(columns["calls"], columns["answered"], columns.get("abandoned"),
                                      columns.get("busy"), columns.get("numbers"), columns.get("new_numbers")),
                    columns.get("seats"))


def refuse_no_tomorrow(scenario: Scenario, day: date, on: date | None) -> None:
    """:raises UsageError: where the day to plan does not follow the record, or the scenario lacks part of either."""
    if on is not None and on <= day:
        raise UsageError(say("--on: the record is of {day}; plan a day after it", day=str(day)))
    midnight = datetime.combine(day, time.min)
    if scenario.horizon.start > midnight:
        raise UsageError(say("--actual: the scenario begins after midnight of {day}: let its horizon start earlier",
                             day=str(day)))
    if scenario.horizon.end < midnight + 2 * A_DAY:
        raise UsageError(say("--actual: the scenario ends before the day after {day} does: let its horizon end later",
                             day=str(day)))


def cut(found: Evening, terms: Agreement, first: date, last: date) -> Scenario:
    """The scenario of the evening, from the record's day on, with help on some days."""
    scenario = on_days(found.scenario, terms, first, last)
    horizon = scenario.horizon.model_copy(update={"start": datetime.combine(found.day, time.min)})
    surges = tuple(one for one in scenario.surges if any(day <= horizon.last_day for day in one.by_day))
    return scenario.model_copy(update={"horizon": horizon, "surges": surges})


def order(scenario: Scenario, path: str | None, day: date) -> InForce:
    """The order in force on a day: the scenario's own, or that of another plan."""
    levers = (load(path) if path else scenario).levers
    return InForce(in_force(levers, day), called_in_force(levers, day), others_in_force(levers, day))


