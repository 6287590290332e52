"""What a scenario expects of a city's day, as estimates from its counts need it."""
from __future__ import annotations

import numpy as np

from sim.core.arrays import LAW, NO_LIMIT, ONE, Floats, Ints, Setting
from sim.fitting.counts import LEVEL_SPREAD, Counts, Course
from sim.fitting.habits import HIGH, LOW, USUAL, Habits, at_end, habits_of
from sim.scenario.demand import Surge
from sim.scenario.quantities import plain
from sim.scenario.scenario import ALL, Scenario
from sim.world.demand import demand
from sim.world.distributions import mean_s

NO_RANGE_CV = 0.25  # of a surge of which no range is given
SIGMAS = 2 * 1.96   # that a range has
FULL = 0.85  # of the lines taken on the mean of an interval: some callers may have met a busy signal


def queues_of(setting: Setting, city: str) -> Ints:
    return np.array([q for q, (name, _) in enumerate(setting.names.queues) if name == city])


def dialling(setting: Setting, city: str) -> tuple[Floats, Floats]:
    """[I] callers to expect who dial: everyday ones, and those of surges."""
    queues = queues_of(setting, city)
    reach = 1 - setting.world.away[:, queues] / ONE
    everyday = setting.demand.ordinary[:, queues] * reach
    return everyday.sum(axis=1), (setting.demand.mean[:, queues] * reach - everyday).sum(axis=1)


def parts(setting: Setting, city: str, window: slice) -> dict[str, float]:
    """By class: fresh callers of the city to expect in some intervals."""
    queues = queues_of(setting, city)
    return {setting.names.queues[q][1]: float(setting.demand.mean[window, q].sum()) for q in queues}


def habits(scenario: Scenario, setting: Setting, city: str, window: slice) -> Habits:
    """Those of the callers whom the scenario expects in some intervals."""
    return habits_of(scenario.classes, parts(setting, city, window))


def course(scenario: Scenario, setting: Setting, city: str, counts: Counts, window: slice, known: Habits) -> Course:
    """Of some intervals. Lines may be full where those who talk and wait take most of them; what the scenario knows of
    the size of its surge counts only where busy signals are not counted."""
    everyday, surge = dialling(setting, city)
    queues = queues_of(setting, city)
    weight = setting.demand.mean[window][:, queues] + 1e-9
    stay = (weight * (1 - setting.world.divert[window][:, queues] / ONE)).sum(axis=1) / weight.sum(axis=1)
    lines = setting.world.lines[window, setting.names.cities.index(city)]
    taken = on_the_line_s(setting, queues, counts, known, weight.sum(axis=0)) * 1000 / setting.world.interval_ms
    full = (lines < NO_LIMIT) & (taken >= FULL * lines)
    cv = 0.0 if counts.has_busy else spread_of_surge(scenario, city, window)
    spread = float(np.sqrt(np.log1p(cv**2))) if cv else LEVEL_SPREAD
    return Course(everyday[window], surge[window], stay, full.astype(float), spread)


def on_the_line_s(setting: Setting, queues: Ints, counts: Counts, known: Habits, weight: Floats) -> Floats:
    """[T] seconds for which dials of an interval hold a line: talk, and all waiting, which is as long as hang-ups times
    the mean patience where patience has no memory."""
    talk = np.array([mean_s(setting.world.law_ms[law * LAW:(law + 1) * LAW]) for law in setting.world.talk[queues]])
    hung_up, _ = counts.failures
    return np.asarray(counts.answered * float(weight @ talk / weight.sum()) + hung_up * float(known.patience_s.mean()))


def spread_of_surge(scenario: Scenario, city: str, window: slice) -> float:
    """How far the surge of a city may be off in some intervals: by the ranges of its callers, read as 95 % intervals,
    and by how much days differ."""
    low, mean, high = (float(dialling_at(scenario, city, end)[window].sum()) for end in (LOW, USUAL, HIGH))
    if mean <= 0:
        return 0.0
    by_chance = max((float(one.busyness_cv) for one in scenario.surges if one.city in (city, ALL)), default=0.0)
    return float(np.hypot((high - low) / mean / SIGMAS or NO_RANGE_CV, by_chance))


def dialling_at(scenario: Scenario, city: str, end: int) -> Floats:
    """[I] fresh callers of a city's surges at one end of their ranges."""
    surges = tuple(surge_at(one, end) for one in scenario.surges if one.city in (city, ALL))
    one = scenario.model_copy(update={"surges": surges})
    found = demand(one, scenario.horizon.times)
    first = list(scenario.cities).index(city) * len(scenario.classes)
    of_city = slice(first, first + len(scenario.classes))
    return np.asarray((found.mean - found.ordinary)[:, of_city].sum(axis=1))


def surge_at(surge: Surge, end: int) -> Surge:
    """A surge with as many callers as there may be at the least, usually, or at the most."""
    cycle = surge.life_cycle
    return surge.model_copy(update={
        "by_day": {day: plain(at_end(callers, end)) for day, callers in surge.by_day.items()},
        "life_cycle": cycle and cycle.model_copy(update={"callers_a_day": plain(at_end(cycle.callers_a_day, end))}),
        "shocks": tuple(one.model_copy(update={"callers": plain(at_end(one.callers, end))}) for one in surge.shocks)})
