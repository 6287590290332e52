"""An evening: from a record of today to a scenario of today and of the days after, as an ordinary scenario.

Today's demand is what was estimated from the record, and for the hours after it what the scenario expects at today's
level; whoever waits or will dial again at midnight comes of itself as the scenario is simulated. The surges of the days
after are the scenario's own at the level that today shows.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

import numpy as np

from sim.core.arrays import ONE, Floats, Setting
from sim.fitting.busyness import Expected, Factors, Forecast, Seen, factors, forecast
from sim.fitting.counts import Counts
from sim.fitting.expected import course, dialling, habits, queues_of, spread_of_surge
from sim.fitting.fresh_callers import Estimate, fresh_callers
from sim.scenario.demand import Profile, Surge
from sim.scenario.intervals import DAY_S
from sim.scenario.lending_terms import is_planned
from sim.scenario.lever import Guests
from sim.scenario.levers import Desk
from sim.scenario.quantities import assumed, plain
from sim.scenario.scenario import ALL, Scenario
from sim.world.build import build

A_DAY = timedelta(days=1)
NOTE = "由当日话务记录推算 | estimated from the day's record"


@dataclass(frozen=True)
class Recorded:
    """One city's counts, from a midnight on: one value an interval of the scenario."""

    start: datetime
    counts: Counts
    agents: Floats | None = None


@dataclass(frozen=True)
class CityEvening:
    """What is known of a city of an evening."""

    recorded: Recorded
    estimate: Estimate          # of the intervals of today up to the evening
    factors: Factors
    planned_today: Floats       # [intervals of a day] callers who dial, as the scenario has them
    today: Floats               # as estimated, and foreseen for the rest of it
    planned_tomorrow: Floats
    tomorrow: Forecast
    tomorrow_mean: Floats       # [intervals of a day]
    seats: Floats               # [intervals of a day] that answer its calls, helpers included, as the scenario has them


@dataclass(frozen=True)
class Evening:
    """What is known of an evening, and the scenario that follows."""

    at: datetime
    day: date
    cities: Mapping[str, CityEvening]
    scenario: Scenario


def evening(scenario: Scenario, at: datetime, records: Mapping[str, Recorded]) -> Evening:
    """What records up to a moment say of the days around it.

    :param records: by city; what they have after the moment is not looked at. The day after must lie in the horizon.
    """
    day = (at - timedelta(seconds=1)).date()
    setting = build(scenario)
    cities = {city: of_city(scenario, setting, city, recorded, day, at) for city, recorded in records.items()}
    return Evening(at, day, cities, with_evening(scenario, setting, cities, day))


# --- a city ----------------------------------------------------------------------------------------------------------

def of_city(scenario: Scenario, setting: Setting, city: str, recorded: Recorded, day: date,
            at: datetime) -> CityEvening:
    """What a city's record says, from the first row that lies in the horizon."""
    t = scenario.horizon.times
    begin, today, end = (t.first_from(moment) for moment in (recorded.start, datetime.combine(day, time.min), at))
    skipped = max((t.start - recorded.start) // timedelta(seconds=t.every_s), 0)
    counts = recorded.counts.between(skipped, skipped + end - begin)
    window, so_far = slice(begin, end), slice(today, end)
    known = habits(scenario, setting, city, so_far)
    usual = course(scenario, setting, city, counts, window, known)
    found = fresh_callers(counts, known, usual, t.every_s, today - begin)
    everyday, surge = dialling(setting, city)
    days = DAY_S // t.every_s
    whole, ahead = slice(today, today + days), slice(today + days, today + 2 * days)
    learnt = factors(Seen(found.total.mean, found.sd, found.of_course), expected(scenario, setting, city, so_far))
    learnt = replace(learnt, unforeseen=learnt.unforeseen * share_of(everyday, whole, so_far))
    foreseen = forecast(learnt, expected(scenario, setting, city, ahead))
    rest = slice(end, today + days)
    later = everyday[rest] * learnt.busyness.mean + surge[rest] * learnt.surge.mean
    later = later + learnt.unforeseen * everyday[rest] / max(float(everyday[whole].sum()), 1e-9)
    serving = [p for p, pool in enumerate(setting.names.pools) if city in pool.serves]
    return CityEvening(recorded, found, learnt, (everyday + surge)[whole], np.concatenate([found.mean, later]),
                       (everyday + surge)[ahead], foreseen, tomorrow(everyday, surge, ahead, whole, foreseen),
                       setting.world.seats[whole][:, serving].sum(axis=1))


def share_of(everyday: Floats, whole: slice, so_far: slice) -> float:
    """How many times as many come on a whole day as up to now, as on an ordinary day."""
    return float(everyday[whole].sum()) / max(float(everyday[so_far].sum()), 1e-9)


def expected(scenario: Scenario, setting: Setting, city: str, window: slice) -> Expected:
    """Of a city in some intervals."""
    everyday, surge = dialling(setting, city)
    queues = queues_of(setting, city)
    weight = setting.demand.ordinary[window][:, queues].sum(axis=0)
    cv = float(np.sqrt(((weight * everyday_cv(scenario, setting, city))**2).sum()) / max(weight.sum(), 1e-9))
    return Expected(float(everyday[window].sum()), float(surge[window].sum()), cv,
                    spread_of_surge(scenario, city, window))


def everyday_cv(scenario: Scenario, setting: Setting, city: str) -> Floats:
    """[queues of the city]"""
    classes = [setting.names.queues[q][1] for q in queues_of(setting, city)]
    return np.array([float(scenario.everyday[name].busyness_cv) if name in scenario.everyday else 0.0
                     for name in classes])


def tomorrow(everyday: Floats, surge: Floats, ahead: slice, whole: slice, foreseen: Forecast) -> Floats:
    """[intervals of a day] callers to expect: the surge over the day as planned, or as the everyday."""
    shape = surge[ahead] if surge[ahead].sum() > 0 else surge[whole] if surge[whole].sum() > 0 else everyday[ahead]
    return np.asarray(everyday[ahead] + foreseen.surge * shape / max(float(shape.sum()), 1e-9))


# --- the scenario that follows ---------------------------------------------------------------------------------------

def with_evening(scenario: Scenario, setting: Setting, cities: Mapping[str, CityEvening], day: date) -> Scenario:
    """The scenario from today on: today as recorded, the days after as foreseen; lent seats of today as desks, since a
    plan leaves out all lending and today is over."""
    profiles, surges = dict(scenario.profiles), []
    for city in scenario.cities:
        for number, (profile, surge) in enumerate(surges_of(scenario, setting, city, cities.get(city), day)):
            name = f"{city}-{number + 1}"
            profiles[name] = Profile.model_validate({"day": tuple(float(x) for x in profile)})
            surges.append(surge.model_copy(update={"profile": name}))
    return scenario.model_copy(update={"profiles": profiles, "surges": tuple(surges), "observed": (),
                                       "levers": tuple(levers_of(scenario, day))})


def surges_of(scenario: Scenario, setting: Setting, city: str, found: CityEvening | None,
              day: date) -> Iterator[tuple[Floats, Surge]]:
    """A city's surges of today and of each day after, by class, each with how it spreads over the day."""
    t, days = scenario.horizon.times, DAY_S // scenario.horizon.interval_s
    first = t.first_from(datetime.combine(day, time.min))
    for start in range(first, t.number - days + 1, days):
        on, of_day = t.begin(start).date(), slice(start, start + days)
        for klass, callers in by_class(scenario, setting, city, of_day, found, start == first):
            if callers.sum() > 0:
                yield callers, Surge.model_validate({
                    "city": city, "class": klass, "profile": "-", "by_day": {on: people(found, on == day, callers)},
                    "busyness_cv": plain(spread_on(found, scenario, city, on == day))})


def people(found: CityEvening | None, is_today: bool, callers: Floats) -> object:
    """How many come on a day, with the range that is left."""
    total = float(callers.sum())
    if found is None:
        return plain(total, "1")
    of = found.estimate.total if is_today else found.tomorrow.total
    low, high = (total * x / max(of.mean, 1e-9) for x in (of.low, of.high))
    return assumed(round(total, 1), round(min(low, total), 1), round(max(high, total) + 0.1, 1), NOTE, "1")


def spread_on(found: CityEvening | None, scenario: Scenario, city: str, is_today: bool) -> float:
    """How far the surge of a day may be off, by chance."""
    if found is not None:
        return 0.0 if is_today else round(found.tomorrow.surge_cv, 3)
    return max((float(one.busyness_cv) for one in scenario.surges if one.city in (city, ALL)), default=0.0)


def by_class(scenario: Scenario, setting: Setting, city: str, of_day: slice, found: CityEvening | None,
             is_today: bool) -> Iterator[tuple[str, Floats]]:
    """[intervals of a day] callers of the surge of each class, those included who take another channel at once."""
    queues = queues_of(setting, city)
    surge = setting.demand.mean[of_day][:, queues] - setting.demand.ordinary[of_day][:, queues]
    reach = np.maximum(1 - setting.world.away[of_day][:, queues] / ONE, 1e-9)
    if found is not None:
        surge = of_record(scenario, setting, surge, queues, found, of_day, is_today) / reach
    for k, q in enumerate(queues):
        yield setting.names.queues[q][1], np.round(surge[:, k], 3)


def of_record(scenario: Scenario, setting: Setting, surge: Floats, queues: Floats, found: CityEvening, of_day: slice,
              is_today: bool) -> Floats:
    """[intervals of a day, classes] callers who dial of a surge: of today what the everyday leaves of the estimate, of
    a later day the planned ones at the level that is foreseen."""
    reach = 1 - setting.world.away[of_day][:, queues] / ONE
    planned, everyday = surge * reach, (setting.demand.ordinary[of_day][:, queues] * reach).sum(axis=1)
    part = planned.sum(axis=0) / planned.sum() if planned.sum() > 0 else part_of_surge(scenario, setting, queues)
    if is_today:
        return np.outer(np.maximum(found.today - everyday, 0), part)
    if found.factors.unforeseen:
        return np.outer(found.tomorrow.surge * everyday / max(float(everyday.sum()), 1e-9), part)
    return np.asarray(planned * found.factors.course.mean)


def part_of_surge(scenario: Scenario, setting: Setting, queues: Floats) -> Floats:
    """[classes] who calls in a surge that is not planned: the class of other surges, or the largest one."""
    classes = [setting.names.queues[q][1] for q in queues]
    wanted = next((surge.klass for surge in scenario.surges), "surge")
    if wanted not in classes:
        wanted = classes[int(setting.demand.ordinary[:, queues].sum(axis=0).argmax())]
    return np.array([float(name == wanted) for name in classes])


def levers_of(scenario: Scenario, day: date) -> Iterable[object]:
    """Levers; seats of which a plan decides, that cities lend or that its terms offer, as desks for today."""
    begin, terms = datetime.combine(day, time.min), scenario.lending
    for lever in scenario.levers:
        if not isinstance(lever, Guests) or not is_planned(lever, terms):
            yield lever
            continue
        answering = lever.seat_pool().span
        if answering.start < begin + A_DAY and answering.end > begin:
            yield desk_of_today(lever, begin)
        if lever.end > begin + A_DAY:
            yield lever.model_copy(update={"start": max(lever.start, begin + A_DAY)})


def desk_of_today(lever: Guests, begin: datetime) -> Desk:
    """The seats of a lever on a day, as nobody plans them."""
    pool = lever.seat_pool()
    return Desk.model_validate({
        "kind": "desk", "name": f"{pool.name}-today", "cities": pool.serves, "from": max(pool.span.start, begin),
        "to": min(pool.span.end, begin + A_DAY),
        **{name: getattr(pool, name) for name in ("seats", "classes", "first", "presence", "speed")},
        "hours": pool.span.hours})
