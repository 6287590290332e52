"""What service costs: seats, hours, people and yuan by target, what a number of workplaces can give at the most, and
what Erlang C alone would have said."""
from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimizer.staffing.need.formulas import seats_needed
from optimizer.staffing.need.own_seats import Steps, handle_s, own_seats, part
from optimizer.staffing.need.simulated import REPLICATIONS, Need, found_by, need
from optimizer.staffing.need.target import CALLERS, OFFERED, Level, Target, levels
from optimizer.staffing.need.trials import TargetError, Trials
from sim.core.arrays import Floats, Ints
from sim.scenario.people import city_of_pool
from sim.scenario.scenario import Scenario
from sim.studies.executors import Workers, at_work
from sim.studies.replication import Tell
from sim.world.people import half_up

LADDER = (0.50, 0.60, 0.70, 0.80, 0.85, 0.90, 0.95, 0.97, 0.99)
PARTS_OF_DAY = (0, 8, 16)  # o'clock at which they begin: night, day, evening
WEEK_H = 168.0


@dataclass(frozen=True)
class Rates:
    """What an hour of work costs and how many hours a person works.

    :param yuan_an_hour: of a person who is paid, breaks included.
    :param hours_a_week: that a person is paid for, days of absence among them.
    """

    yuan_an_hour: float
    hours_a_week: float = 40.0


@dataclass(frozen=True)
class Rung:
    """One target of a ladder. C cities, D parts of the day."""

    goal: float
    need: Need
    seat_hours: Floats        # [D, C] at the telephone, over the horizon
    person_hours: Floats      # [D, C] with breaks
    people: Floats            # [C] on the roster, the usual absence included
    yuan: Floats              # [C] over the horizon, absence included
    yuan_per_point: Floats    # [C] more than the rung below, for each percentage point; nan on the lowest
    people_per_point: Floats  # [C] likewise


@dataclass(frozen=True)
class WithSeats:
    """What seats give that are the same in every interval: the most that so many workplaces can."""

    seats: int                # at the telephone
    level: dict[str, Level]   # by promise, [periods, C]
    calls: Floats             # [K, C] dials offered, the bot's aside, redials among them


@dataclass(frozen=True)
class ErlangC:
    """What Erlang C alone says, [K, C] seats: each interval alone and in its steady state, everybody waits."""

    on_dials: Ints    # of all dials as the scenario is staffed: those who dial again are counted as often as they dial
    on_callers: Ints  # of people who dial for the first time: who is carried over or calls again is forgotten
    dials: Floats     # [K, C]
    callers: Floats   # [K, C]


def ladder(scenario: Scenario, cities: str | Sequence[str] | None, target: Target, rates: Rates,
           goals: Sequence[float] = LADDER, *, parts_of_day: Sequence[int] = PARTS_OF_DAY, step_s: int | None = None,
           seed: int = 1, replications: int = REPLICATIONS, workers: Workers = None,
           tell: Tell | None = None, known: Need | None = None) -> list[Rung]:
    """All rungs of ``climb``.

    :raises TargetError: where no number of seats keeps a goal.
    """
    return list(climb(scenario, cities, target, rates, goals, parts_of_day=parts_of_day, step_s=step_s, seed=seed,
                      replications=replications, workers=workers, tell=tell, known=known))


def climb(scenario: Scenario, cities: str | Sequence[str] | None, target: Target, rates: Rates,
          goals: Sequence[float] = LADDER, *, parts_of_day: Sequence[int] = PARTS_OF_DAY, step_s: int | None = None,
          seed: int = 1, replications: int = REPLICATIONS, workers: Workers = None,
          tell: Tell | None = None, known: Need | None = None) -> Iterator[Rung]:
    """The need at each of some goals, from the lowest to the highest, and what it costs.

    They are found from the highest down: seats that keep a goal keep every lower one on the same luck, so a lower goal
    takes them where its own search finds no fewer, and a higher goal never costs less.

    :param target: with ``share`` (or ``answered``, where it has no share) replaced by each goal.
    :param parts_of_day: o'clock at which the parts of the day begin, in order; the last lasts until the first.
    :param known: a need of these cities, found before: it is the rung of its goal, and on every rung the margin is as
        many seats as it has there, whatever the replications.
    :raises TargetError: after the rungs that were found, where no number of seats keeps the next goal.
    """
    needs, refused, below = dict[float, Need](), None, None
    with at_work(workers) as executor:
        for number, goal in enumerate(sorted(goals, reverse=True)):
            one = replace(target, answered=goal) if target.share is None else replace(target, share=goal)
            trials = with_margin_of(known, Trials.of(scenario, cities, one, step_s, seed, replications, executor,
                                                     part_told(tell, number, len(goals))))
            try:
                needs[goal] = no_more_than(trials, known, needs[min(needs)].seats if needs else None)
            except TargetError as error:
                refused = error
    for goal, found in reversed(needs.items()):
        rung = priced(scenario, goal, found, rates, parts_of_day)
        yield per_point(below, rung)
        below = rung
    if refused:
        raise refused


def with_margin_of(known: Need | None, trials: Trials) -> Trials:
    """The errors of few replications are wide: without this, rungs that are found on fewer would cost more beside the
    known one."""
    if known is None:
        return trials
    return replace(trials, margin=known.margin * math.sqrt(len(trials.confirming) / known.confirmed))


def no_more_than(trials: Trials, known: Need | None, above: Ints | None) -> Need:
    """The need, with no more seats than those that keep a higher goal: cities that hang together take all or none."""
    found = known if known is not None and known.target == trials.target else found_by(trials, above)
    if above is None:
        return found
    seats = above.copy()
    for columns in trials.parts:
        if found.seats[:, columns].sum() < above[:, columns].sum():
            seats[:, columns] = found.seats[:, columns]
    return found if (seats == found.seats).all() else need(trials, seats)


def part_told(tell: Tell | None, number: int, of: int) -> Tell | None:
    """Tells the share of a ladder that is done."""
    return None if tell is None else lambda done: tell((number + done) / of)


def priced(scenario: Scenario, goal: float, need: Need, rates: Rates, parts_of_day: Sequence[int]) -> Rung:
    """A need in hours, people and yuan, not yet compared with the rung below."""
    at_the_phone, there = (np.array([max(1 - float(getattr(scenario.cities[city_of_pool(name)], what)), 1e-9)
                                     for name in need.cities]) for what in ("shrinkage", "absence"))
    of_step = need.seats * need.steps.step_s / 3600
    hour = np.array([at.hour for at in need.steps.starts])
    which = (np.searchsorted(sorted(parts_of_day), hour, "right") - 1) % len(parts_of_day)
    seat_hours = np.array([of_step[which == d].sum(axis=0) for d in range(len(parts_of_day))])
    person_hours = seat_hours / at_the_phone
    paid = person_hours.sum(axis=0) / there
    weeks = need.steps.number * need.steps.step_s / 3600 / WEEK_H
    nothing = np.full(len(need.cities), np.nan)
    return Rung(goal, need, seat_hours, person_hours, paid / weeks / rates.hours_a_week, paid * rates.yuan_an_hour,
                nothing, nothing)


def per_point(low: Rung | None, high: Rung) -> Rung:
    """The upper of two rungs, compared with the lower."""
    if low is None:
        return high
    points = 100 * (high.goal - low.goal)
    return replace(high, yuan_per_point=(high.yuan - low.yuan) / points,
                   people_per_point=(high.people - low.people) / points)


def best_with(scenario: Scenario, city: str, workplaces: int, target: Target, *, step_s: int | None = None,
              seed: int = 1, replications: int = REPLICATIONS, workers: Workers = None) -> WithSeats:
    """What a city can give at the most with so many workplaces, all of them manned at all times.

    Who is on a break keeps the workplace, so fewer seats than workplaces are at the telephone.
    """
    steps = Steps.of(scenario, step_s)
    seats = int(half_up(np.array([workplaces * (1 - float(scenario.cities[city].shrinkage))]))[0])
    with at_work(workers) as executor:
        trials = Trials.of(scenario, city, target, step_s, seed, replications, executor, None)
        counts = trials.counts(np.full((steps.number, 1), seats))
    return WithSeats(seats, levels(target, trials.by_period(counts)), np.asarray(counts[..., OFFERED].mean(axis=0)))


def erlang_c_need(scenario: Scenario, cities: str | Sequence[str] | None, target: Target, *, step_s: int | None = None,
                  seed: int = 1, replications: int = REPLICATIONS, workers: Workers = None) -> ErlangC:
    """Seats by Erlang C for the same target, from calls that are simulated with the seats that the scenario opens."""
    with at_work(workers) as executor:
        trials = Trials.of(scenario, cities, target, step_s, seed, replications, executor, None)
        setting = part(trials.job, trials.cities)
        as_planned = own_seats(setting, trials.cities, trials.steps)
        mean = trials.counts(as_planned).mean(axis=0)
    work = trials.of_cities(setting.demand.mean * handle_s(setting)).sum(axis=0)
    handle = work / np.maximum(trials.of_cities(setting.demand.mean).sum(axis=0), 1e-9)
    dials, callers = (np.asarray(mean[..., what]) for what in (OFFERED, CALLERS))
    on_dials, on_callers = (np.stack([of_city(calls[:, c], float(handle[c]), trials) for c in range(len(handle))],
                                     axis=1) for calls in (dials, callers))
    return ErlangC(on_dials, on_callers, dials, callers)


def of_city(calls: Floats, handle: float, trials: Trials) -> Ints:
    """[K] seats of a city."""
    target = trials.target
    return seats_needed(calls, max(handle, 0.001), trials.steps.step_s, target.share or 0.0, target.within_s,
                        answered=target.answered or 0.0)
