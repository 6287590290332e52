"""Fresh callers to expect: a city's everyday, and surges."""
from __future__ import annotations

from datetime import date

import numpy as np

from sim.core.arrays import Demand, Floats
from sim.scenario.demand import LifeCycle, Shock, Surge
from sim.scenario.intervals import DAY_S, Intervals
from sim.scenario.scenario import ALL, Scenario

EPOCH = date(1970, 1, 1)
LEAST_LIKELY = 53 * np.log(2)  # minus the logarithm of the chance of the busiest day
USUAL_SPREAD = 4.0


def demand(scenario: Scenario, t: Intervals) -> Demand:
    """Fresh callers to expect in each interval, by city and class, and how much days differ."""
    classes, cities = list(scenario.classes), list(scenario.cities)
    mean, cv = np.zeros((t.number, len(cities) * len(classes))), np.zeros(len(cities) * len(classes))
    calls = np.array([float(city.calls_a_day) for city in scenario.cities.values()])
    for klass, part in scenario.everyday.items():
        shape = over_the_week(scenario, part.profile, t) * over_the_day(scenario, part.profile, t)
        queues = slice(classes.index(klass), None, len(classes))
        mean[:, queues] += shape[:, None] * float(scenario.everyday_level) * calls * float(part.share)
        cv[queues] = np.maximum(cv[queues], float(part.busyness_cv))
    ordinary = mean.copy()
    for surge in scenario.surges:
        callers = surge_callers(scenario, surge, t)
        for city, part_of_all in spread(scenario, surge.city).items():
            q = cities.index(city) * len(classes) + classes.index(surge.klass)
            mean[:, q] += callers * part_of_all
            cv[q] = max(cv[q], float(surge.busyness_cv))
    day_key, day = np.unique(t.days + (t.start.date() - EPOCH).days, return_inverse=True)
    return Demand(mean, ordinary, cv, day, day_key.astype(np.uint64))


def spread(scenario: Scenario, city: str) -> dict[str, float]:
    """The share of a surge that each city has: all of it in one city, or by population."""
    if city != ALL:
        return {city: 1.0}
    people = {key: float(c.population or 0) for key, c in scenario.cities.items()}
    return {key: number / sum(people.values()) for key, number in people.items()}


def over_the_day(scenario: Scenario, profile: str, t: Intervals) -> Floats:
    """[I] the share of the day's callers who come in each interval."""
    steps = np.array(scenario.profiles[profile].day)
    cumulated = np.concatenate([[0.0], np.cumsum(steps)]) / steps.sum()
    grid, since = np.linspace(0, DAY_S, len(cumulated)), t.second_of_day
    return np.asarray(np.interp(since + t.every_s, grid, cumulated) - np.interp(since, grid, cumulated))


def over_the_week(scenario: Scenario, profile: str, t: Intervals) -> Floats:
    """[I] how busy each interval's weekday is, 1 on the average."""
    week = np.array(scenario.profiles[profile].week)
    return np.asarray((week / week.mean())[(t.days + t.start.weekday()) % 7])


def surge_callers(scenario: Scenario, surge: Surge, t: Intervals) -> Floats:
    """[I] fresh callers of a surge: its days, its life cycle, its shocks and its table added up."""
    over_day = over_the_day(scenario, surge.profile, t)
    total = over_day * by_day(surge, t)
    if surge.life_cycle is not None:
        total += over_day * life_cycle(surge.life_cycle, t) * float(surge.life_cycle.callers_a_day)
    for shock in surge.shocks:
        total += shock_callers(shock, t)
    for at, callers in surge.rows:
        ahead = (at - t.start).total_seconds()
        if ahead % t.every_s == 0 and 0 <= ahead < t.number * t.every_s:
            total[int(ahead) // t.every_s] += callers
    return np.asarray(total)


def by_day(surge: Surge, t: Intervals) -> Floats:
    """[I] callers of the day in which each interval lies."""
    days = np.zeros(int(t.days[-1]) + 1)
    for day, callers in surge.by_day.items():
        if 0 <= (number := (day - t.start.date()).days) < len(days):
            days[number] = float(callers)
    return days[t.days]


def life_cycle(cycle: LifeCycle, t: Intervals) -> Floats:
    """[I] how high a surge is that rises, stays and declines, 1 on its plateau."""
    corners = [(at - t.start).total_seconds() for at in (cycle.outbreak, cycle.plateau, cycle.decline, cycle.end)]
    return np.asarray(np.interp(t.seconds, corners, [0, 1, 1, 0], 0, 0))


def shock_callers(shock: Shock, t: Intervals) -> Floats:
    """[I] callers whom a spike brings: it halves again and again."""
    come = come_by(shock, np.arange(t.number + 1) * t.every_s - (shock.at - t.start).total_seconds())
    return np.asarray(float(shock.callers) * np.diff(come))


def come_by(shock: Shock, since_s: Floats) -> Floats:
    """The part of a shock's callers who have come so many seconds after it."""
    return np.asarray(1 - 0.5 ** (np.maximum(since_s, 0) / max(float(shock.half_life), 1e-9)))


def busiest(cv: Floats) -> Floats:
    """How many times their mean callers of an interval surely do not exceed on the busiest day that chance can bring: a
    bound on the tail of the gamma law, at the largest of uniforms."""
    return np.asarray(np.maximum(USUAL_SPREAD, 1 + np.sqrt(2 * LEAST_LIKELY) * cv + LEAST_LIKELY * cv**2))
