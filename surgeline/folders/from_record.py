"""What a plan says of the record that it starts from, and the scenario of that evening as a file."""
from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.core.arrays import Floats
from sim.measures.statistics import Figure
from sim.scenario.demand import Surge
from sim.scenario.lending_terms import Offer
from sim.scenario.levers import Lend
from sim.scenario.people_levers import CallIn
from sim.scenario.scenario import Scenario
from surgeline.folders.manifests import Entry, Mean

if TYPE_CHECKING:  # tables of laws take long to build
    from sim.fitting.evening import CityEvening, Evening
    from sim.fitting.fresh_callers import Range

FILE = "from-record.yaml"
HOUR = timedelta(hours=1)
By = dict[str, float]  # by start of the hour


class CityRecord(Entry):
    """One city's record and what follows from it, by hours."""

    dials: By
    fresh: By           # estimated, up to the evening
    low: By
    high: By
    planned: By         # fresh callers whom the scenario had expected, today and tomorrow
    foreseen: By        # of the rest of today, and of tomorrow
    total: Mean         # fresh callers up to the evening
    planned_total: float
    tomorrow: Mean
    planned_tomorrow: float
    after_busy: Mean    # chance of another dial
    after_hanging_up: Mean
    surge: Mean         # against the scenario's
    unforeseen: float
    has_busy: bool
    counts_busy: bool
    counts_hang_ups: bool
    counts_numbers: bool
    busy: Mean
    answered: float
    agents: float | None    # logged in on the mean, in the hours in which the scenario has seats
    seats: float            # that the scenario has in them


class FromRecord(Entry):
    """The record of an evening, and the order in force on the day that is planned."""

    at: datetime
    file: str
    tomorrow: date
    in_force: tuple[Lend, ...]
    called: tuple[CallIn, ...] | None = None    # to their own halls; folders of before do not say it,
    others: tuple[Offer, ...] | None = None     # nor which desks, volunteers and people at home
    cities: dict[str, CityRecord]


class InForce(NamedTuple):
    """The order in force on a day: seats lent, people called in to their own halls, and others."""

    lends: tuple[Lend, ...]
    called: tuple[CallIn, ...]
    others: tuple[Offer, ...]


def from_record(found: Evening, file: str, tomorrow: date, order: InForce) -> FromRecord:
    every = timedelta(seconds=found.scenario.horizon.interval_s)
    return FromRecord(at=found.at, file=file, tomorrow=tomorrow, in_force=order.lends, called=order.called,
                      others=order.others,
                      cities={city: of_city(one, found, every) for city, one in found.cities.items()})


def of_city(one: CityEvening, found: Evening, every: timedelta) -> CityRecord:
    midnight = datetime.combine(found.day, datetime.min.time())
    known = len(one.estimate.mean)
    skipped = (midnight - one.recorded.start) // every
    counts = one.recorded.counts.between(skipped, skipped + known)
    ahead = np.concatenate([one.today[known:], one.tomorrow_mean])

    def hours(values: Floats, first: int = 0) -> By:
        return by_hour(values, midnight + first * every, every)
    return CityRecord(
        dials=hours(counts.dials), fresh=hours(one.estimate.mean), low=hours(one.estimate.low),
        high=hours(one.estimate.high), planned=hours(np.concatenate([one.planned_today, one.planned_tomorrow])),
        foreseen=hours(ahead, known), total=figure(one.estimate.total),
        planned_total=float(one.planned_today[:known].sum()), tomorrow=figure(one.tomorrow.total),
        planned_tomorrow=float(one.planned_tomorrow.sum()), after_busy=figure(one.estimate.after_busy),
        after_hanging_up=figure(one.estimate.after_hanging_up), surge=figure(one.factors.surge.range),
        unforeseen=one.factors.unforeseen, has_busy=counts.has_busy, counts_busy=counts.busy is not None,
        counts_hang_ups=counts.hung_up is not None,
        counts_numbers=counts.numbers is not None or counts.new_numbers is not None, busy=figure(one.estimate.busy),
        answered=float(counts.answered.sum()), **people(one, skipped, known))


def people(one: CityEvening, skipped: int, known: int) -> dict[str, Any]:
    """Agents logged in, beside the seats that the scenario has."""
    agents = one.recorded.agents
    return {"agents": None if agents is None else float(agents[skipped:skipped + known].mean()),
            "seats": float(one.seats[:known].mean())}


def figure(one: Range) -> Figure:
    return Figure(one.mean, one.low, one.high)


def by_hour(values: Floats, start: datetime, every: timedelta) -> By:
    """Sums of whole hours of the clock."""
    found: By = {}
    for i, value in enumerate(values):
        hour = (start + i * every).replace(minute=0)
        found[f"{hour:%Y-%m-%dT%H:%M}"] = round(found.get(f"{hour:%Y-%m-%dT%H:%M}", 0.0) + float(value), 1)
    return found


# --- the scenario of the evening ------------------------------------------------------------------------------------

def surges_written(scenario: Scenario) -> dict[str, Any]:
    """Profiles and surges of the evening as files write them: each surge has one day, and a profile of its own."""
    return {"profiles": {one.profile: {"day": list(scenario.profiles[one.profile].day)} for one in scenario.surges},
            "surges": {"replace": [surge_written(one) for one in scenario.surges]}}


def surge_written(surge: Surge) -> dict[str, Any]:
    (day, callers), = surge.by_day.items()
    people = {"assume": callers.number, "range": list(callers.range), "why": callers.note} if callers.range else \
        callers.number
    return {"city": surge.city, "class": surge.klass, "profile": surge.profile, "by_day": {day: people},
            "busyness_cv": float(surge.busyness_cv)}
