"""The way from a problem to a roster with its cost, a bound that no roster can pass, and the gap between them."""
from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from optimizer.staffing.rosters.blocks import by_blocks
from optimizer.staffing.rosters.bound import MOST_PEOPLE, raised
from optimizer.staffing.rosters.columns import Pool, Relaxed, relax
from optimizer.staffing.rosters.crowd import following, polish
from optimizer.staffing.rosters.days_anew import days_anew
from optimizer.staffing.rosters.diving import dive
from optimizer.staffing.rosters.evaluate import Evaluation, evaluate
from optimizer.staffing.rosters.exchanges import Exchanges
from optimizer.staffing.rosters.flow import Flow, Network
from optimizer.staffing.rosters.instance import Bands, Instance
from optimizer.staffing.rosters.making import Making, as_published, from_rows, published_roster
from optimizer.staffing.rosters.meals_anew import meals_anew
from optimizer.staffing.rosters.neighbourhoods import by_answers, by_diving, search
from optimizer.staffing.rosters.problem import OFF, Floats, Problem, Roster, TooLargeError
from optimizer.staffing.rosters.rounding import rounded

FEW = 6_000             # people times what their rows add to a program: beyond, whole rows are too many for one
TRIES = 30              # of exchanges, for each person
RELAXED_SHARE, DIVE_SHARE, DAYS_SHARE = 0.4, 0.6, 0.3   # of the time left, for the bound of few, a first roster, days
BOUND_SHARE = 0.4       # of the time left after a first roster of many
SMALL, LARGE = (3, 12), (4, 12)   # people of a neighbourhood, by dives and by answers


@dataclass(frozen=True)
class Solution:
    """A roster and what is known of it."""

    roster: Roster                # [people, days] index of a duty, or OFF
    evaluation: Evaluation
    bound: float                  # no roster that keeps the hard rules costs less
    status: Literal["optimal", "feasible", "infeasible"]   # infeasible: hard rules are broken, as the evaluation says
    without_row: tuple[str, ...]  # people whose hard rules, pins and leave contradict each other: off but for pins
    seconds: float

    @property
    def cost(self) -> float:
        """All parts together."""
        return self.evaluation.cost

    @property
    def gap(self) -> float:
        """How far the cost may be above the best, as a share of the cost; not a number where nothing is feasible."""
        if self.status == "infeasible":
            return float("nan")
        return max(0.0, self.cost - self.bound) / max(abs(self.cost), 1e-9)


def solve(problem: Problem, seconds: float = 60.0, seed: int = 0) -> Solution:
    """The best roster found in some seconds: fewer where none can be better or the search gains no more. A horizon too
    long for memory is solved in blocks of weeks, and the bound is then that of cover alone.

    The same seed gives the same roster where the time does not end the search.
    """
    began, rng = time.perf_counter(), np.random.default_rng(seed)
    try:
        found = at_once(problem, began + seconds, rng)
    except TooLargeError:
        found = None   # what did not fit is freed before the blocks begin
    found = found or in_blocks(problem, began + seconds, rng)
    roster, evaluation = unless_published(problem, found.roster)
    feasible = evaluation.feasible and not found.without_row
    bound = found.bound if not found.without_row else np.inf
    optimal = feasible and evaluation.cost - bound <= 1e-6 * max(1.0, abs(evaluation.cost))
    return Solution(roster, evaluation, bound, "optimal" if optimal else "feasible" if feasible else "infeasible",
                    found.without_row, time.perf_counter() - began)


def unless_published(problem: Problem, found: Roster) -> tuple[Roster, Evaluation]:
    """A roster, or the published one where that keeps every hard rule and costs no more: searches reckon with bands of
    fairness that they choose before, and may end before they come as far."""
    published, known = published_roster(problem), evaluate(problem, found)
    if published is not None:
        kept = evaluate(problem, published)
        if kept.feasible and (kept.cost <= known.cost or not known.feasible):
            return published, kept
    return found, known


@dataclass(frozen=True)
class Found:
    """A roster, what none can cost less than, and who has no row."""

    roster: Roster
    bound: float
    without_row: tuple[str, ...]


def at_once(problem: Problem, until: float, rng: np.random.Generator) -> Found:
    """All days together. TooLargeError where they do not fit in memory."""
    instance = Instance(problem)
    nothing = np.zeros((instance.days, instance.duties))
    alone = np.array([instance.cheapest(person, nothing)[0] for person in range(instance.people)])
    able = [int(person) for person in np.flatnonzero(np.isfinite(alone))]
    roster, bound = only_pins(problem), np.inf
    if len(able) < instance.people:
        instance = Instance(replace(problem, people=tuple(problem.people[person] for person in able)))
    if able:
        making, bound = (few if is_small(instance) else many)(instance, until, rng)
        bound = max(bound, float(alone[able].sum()))   # even if time ran out, cover costs nothing at the least
        roster[able] = making.roster
    without = tuple(person.name for k, person in enumerate(problem.people) if k not in set(able))
    return Found(roster, bound, without)


def in_blocks(problem: Problem, until: float, rng: np.random.Generator) -> Found:
    """Weeks after weeks; whether somebody has no row at all is not known."""
    roster = by_blocks(problem, only_pins(problem), lambda block, moment: at_once(block, moment, rng).roster,
                       lambda window, rows, moment: anew(window, rows, moment, rng), until)
    return Found(roster, least_of_cover(problem), ())


def anew(window: Problem, roster: Roster, until: float, rng: np.random.Generator) -> Roster:
    """A part's roster made better; as it was where somebody has no row. TooLargeError as at once."""
    instance = Instance(window)
    bands = bands_of(instance, [instance.worked(row[None]).reshape(instance.days, -1) for row in roster])
    making = from_rows(instance, roster, bands)
    if not np.isfinite(making.cost):
        return roster
    polish(making, bands, until, rng)
    search(making, bands, by_diving(bands, Pool(instance.people), until, rng), SMALL, -np.inf, until, rng)
    meals_anew(making, Exchanges(instance, bands), rng)
    return making.roster


def least_of_cover(problem: Problem) -> float:
    """Of people missing where all who may are there: with prices that are none to be earned, no roster costs less."""
    able = {(day, duty.code): {k for k, person in enumerate(problem.people)
                               if problem.may_do(person, duty) and day not in person.leave}
            for duty in problem.duties for day in range(problem.days)}
    counted = {(row.skill, row.leaders): {k for k, person in enumerate(problem.people) if problem.counts(person, row)}
               for row in problem.cover}
    return sum(row.costs(min(row.need, len(counted[row.skill, row.leaders] & set().union(
        *(able[cell] for cell in row.duties)))))[0] for row in problem.cover)


def only_pins(problem: Problem) -> Roster:
    """Everyone off but for what is laid down."""
    roster = np.full((len(problem.people), problem.days), OFF)
    for row, person in zip(roster, problem.people, strict=True):
        for cell in person.pins:
            row[cell.day] = OFF if cell.duty is None else problem.index[cell.duty]
    return roster


def is_small(instance: Instance) -> bool:
    """Whether whole rows fit one program, which has one row for all rows of cover with the same people."""
    rows, cells = [one.rows[0] for one in instance.together], max(1, instance.at.shape[1])
    return instance.people * instance.days * instance.at[rows].nnz / cells <= FEW


def few(instance: Instance, until: float, rng: np.random.Generator) -> tuple[Making, float]:
    """Column generation for the bound, a dive for a roster, days and dives of some people to better it."""
    nobody, people = np.zeros(len(instance.need)), range(instance.people)
    pool = Pool(instance.people)
    relaxed = relax(instance, people, nobody, pool, None, share_of(until, RELAXED_SHARE))
    fair = bool(instance.problem.fairness)
    bands = bands_of(instance, mean_rows(instance, pool, relaxed))
    pool = Pool(instance.people) if fair else pool
    making = Making(instance, dive(instance, people, nobody, pool, bands, share_of(until, DIVE_SHARE), rng,
                                   None if fair else relaxed))
    polish(making, bands, until, rng)
    making = or_published(making, bands, until, rng)
    exchanges = Exchanges(instance, bands)
    days_anew(making, exchanges, share_of(until, DAYS_SHARE), rng)
    search(making, bands, by_diving(bands, pool, until, rng), SMALL, relaxed.bound, until, rng)
    meals_anew(making, exchanges, rng)
    return making, relaxed.bound


def many(instance: Instance, until: float, rng: np.random.Generator) -> tuple[Making, float]:
    """A flow for the prices of cover, whom a roster follows; exchanges, days and answers anew to better it."""
    network = Network(instance)
    flow = network.solve(np.arange(instance.people), np.zeros(len(instance.need)))
    bands = bands_of(instance, flow_rows(instance, network, flow))
    making = following(instance, network.streams, flow, bands, share_of(until, 0.4), rng)
    exchanges = Exchanges(instance, bands)
    polish(making, bands, share_of(until, 0.3), rng)
    exchanges.improve(making, share_of(until, 0.3), rng, TRIES * instance.people)
    making = or_published(making, bands, share_of(until, 0.3), rng)
    known = raised(instance, flow.prices, making, share_of(until, BOUND_SHARE))
    if instance.people <= MOST_PEOPLE:
        other = Making(instance, rounded(instance, known.pool, bands, share_of(until, 0.5)))
        polish(other, bands, share_of(until, 0.3), rng)
        exchanges.improve(other, share_of(until, 0.3), rng, TRIES * instance.people)
        making = min(making, other, key=lambda one: one.cost)
    days_anew(making, exchanges, share_of(until, 0.8), rng)
    search(making, bands, by_answers(bands, rng), LARGE, known.bound, until, rng)
    meals_anew(making, exchanges, rng)
    return making, known.bound


def or_published(making: Making, bands: Bands, until: float, rng: np.random.Generator) -> Making:
    """What is published, made better row by row, where that costs less: a search from nothing would change many cells
    for nothing."""
    kept = as_published(making.instance, bands)
    if kept is None:
        return making
    polish(kept, bands, until, rng)
    return min(making, kept, key=lambda one: one.cost)


def share_of(until: float, share: float) -> float:
    """The moment after a share of the time that is left."""
    now = time.perf_counter()
    return now + share * (until - now)


def bands_of(instance: Instance, worked: list[Floats]) -> Bands:
    """The band around the mean for each fairness, from the mean [days, duties] of each person's duties."""
    bands = []
    for one in instance.problem.fairness:
        counts = [mean_count(instance, one.measure, worked[person])
                  + sum(carried for _, other, carried in instance.fairness[person] if other is one)
                  for person in range(instance.people) if instance.problem.people[person].group == one.group]
        bands.append(int(np.floor(np.mean(counts) - one.width / 2 + 0.5)) if counts else 0)
    return bands


def mean_count(instance: Instance, measure: str, worked: Floats) -> float:
    """Nights, or weekends with a day worked: halfway between the same people on both days and others."""
    if measure == "nights":
        return float((worked * instance.measures["nights"]).sum())
    days = [worked[list(weekend)].sum(axis=1) for weekend in instance.problem.rest_days]
    return float(sum((day.max() + min(1.0, day.sum())) / 2 for day in days))


def mean_rows(instance: Instance, pool: Pool, relaxed: Relaxed) -> list[Floats]:
    """By person: [days, duties] of a mixture of columns."""
    shape = instance.days, instance.duties
    return [sum((share * instance.worked(column.row[None]).reshape(shape)
                 for share, column in zip(shares, pool.columns[person], strict=False) if share > 0), np.zeros(shape))
            for person, shares in enumerate(relaxed.shares)]


def flow_rows(instance: Instance, network: Network, flow: Flow) -> list[Floats]:
    """By person: [days, duties] as a part of the flow of the person's stream."""
    rows = [np.zeros((instance.days, instance.duties))] * instance.people
    for stream, on_duty in zip(network.streams, flow.on_duty, strict=True):
        for person in stream.people:
            rows[person] = on_duty / len(stream.people)
    return rows
