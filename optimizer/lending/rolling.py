"""Plans made anew each evening from what was known by then, as a daily meeting makes them: against one plan made on the
first evening, and against hindsight.

The forecast is what such a meeting has: callers of each hour will be as in the last twenty-four hours. Nothing of what
is to come is looked at; how people call again and how long agents talk are known, and so is the everyday of lenders.
"""
from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

import numpy as np

from optimizer.lending.inputs.estimates import Estimates, knowledge
from optimizer.lending.inputs.province import A_DAY, Lent, Province, province
from optimizer.lending.inputs.surfaces import Lender
from optimizer.lending.model.lending import solve
from optimizer.lending.progress import Progress
from optimizer.lending.settings import DAYS_AHEAD, PATHS, PATHS_SEED, PROOF
from optimizer.lending.trials import orders
from optimizer.lending.trials.evaluation import Evaluation, judge
from optimizer.lending.trials.replay import CALLERS, Counts, ReplicationCache, simulate, simulate_each, staffed
from optimizer.lending.trials.rounds import chosen, rounds
from sim.core.arrays import Floats
from sim.measures.statistics import Figure, figure
from sim.scenario.levers import Lend
from sim.scenario.scenario import Scenario
from sim.studies.executors import Workers, all_of, at_work
from sim.studies.replication import Job, Tell

DAY = timedelta(days=1)
WAYS = ("rolling", "once", "hindsight")

Seen = dict[str, Floats]  # by borrower: [blocks] callers who dialled for the first time


@dataclass(frozen=True)
class RollingPlan:
    """What plans made each evening brought, beside one plan and hindsight."""

    province: Province
    at: int                           # minute of the day
    evenings: list[datetime]
    verdicts: dict[str, Evaluation]      # by way: against not lending
    differences: dict[str, Figure]    # rolling against the other ways: people more
    forecast: Seen                    # callers of each block as the evening before foresaw them, in the first course
    seen: Seen                        # and as they came
    seats: dict[str, Floats]          # by way: [blocks] seats lent at once, in the first course
    seconds: dict[str, float]


def rolling(scenario: Scenario, at: int, *, seed: int = 1, paths: int = PATHS,
            workers: Workers = None, tell: Tell | None = None) -> RollingPlan:
    """Live through some courses of events, planning at this minute of each day.

    :param at: minute of the day.
    :param paths: courses of events.
    :param workers: processes, the address of a Dask cluster, or an executor; all cores if None.
    :param tell: is told the share that is done.
    :raises NoPlanError: where nothing can be planned.
    """
    with at_work(workers) as executor:
        return lived_through(scenario, at, seed, paths, executor, tell)


def lived_through(scenario: Scenario, at: int, seed: int, paths: int, executor: Executor,
                  tell: Tell | None) -> RollingPlan:
    doing = Progress(tell)
    with doing("tables", 0.0):
        learnt = knowledge(province(scenario))
    learnt, trials = rounds(learnt, ReplicationCache(seed, learnt.province, executor), PROOF, doing)
    serves, estimates = chosen(trials).serves, by_day(learnt)
    p = estimates.province
    with doing("simulating"):
        alone = simulate([Job.of(p.scenario, "kernel", seed + PATHS_SEED)], p.blocks, range(paths), executor)[0]
    evenings = evenings_of(p, at)
    with doing("planning"):
        plans = all_of(executor, ways, [(estimates, seen_in(p, alone, path), evenings) for path in range(paths)])
    levers = {way: [orders.levers_of(p, plan[way], serves) for plan in plans] for way in WAYS}
    with doing("proving"):
        verdicts, differences = lived(p, levers, alone, seed + PATHS_SEED, executor)
    seen = seen_in(p, alone, 0)
    return RollingPlan(p, at, evenings, verdicts, differences, forecasts(p, seen, evenings), seen,
                  {way: seats_at_once(p, plans[0][way]) for way in WAYS}, doing.seconds)


def by_day(estimates: Estimates) -> Estimates:
    """What is known, under terms in which every day has hours of its own; an evening foresees no second surge."""
    return replace(estimates, province=estimates.province.under(hold=A_DAY), strikes=[])


def evenings_of(province: Province, at: int) -> list[datetime]:
    """The last evening before seats are ready, and every one after it that has a day to plan."""
    first, last = (province.blocks[block].start for block in (province.open_blocks[0], province.open_blocks[-1]))
    evening = datetime.combine(first.date(), time()) + timedelta(minutes=at)
    evening = evening if evening <= first else evening - DAY
    found = []
    while evening <= last:
        found.append(evening)
        evening += DAY
    return found


def seen_in(province: Province, counts: Counts, path: int) -> Seen:
    return {name: counts.of(name, CALLERS)[path].astype(float) for name in dict.fromkeys(b for _, b in province.pairs)}


# --- what is known of an evening -------------------------------------------------------------------------------------

def foreseen(province: Province, seen: Seen, evening: datetime) -> Seen:
    """Callers of the blocks after an evening: as many as in the same block of the last twenty-four hours; where these
    lie before the horizon, as on an everyday."""
    day = round(86400 / province.block_s)
    known = max((b + 1 for b, block in enumerate(province.blocks) if block.end <= evening), default=0)
    back = [known - day + (b - known) % day if b >= known else b for b in range(len(province.blocks))]
    usual = everyday(province) if known < day else seen
    return {name: np.array([callers[b] if b >= 0 else usual[name][now] for now, b in enumerate(back)])
            for name, callers in seen.items()}


def everyday(p: Province) -> Seen:
    """Callers to expect of each block if there were no surge."""
    calm = province(p.scenario.model_copy(update={"surges": ()}))
    return {name: city.callers for name, city in calm.cities.items()}


def forecasts(province: Province, seen: Seen, evenings: list[datetime]) -> Seen:
    """Callers of each block as the evening before it foresaw them; as they came where there was none."""
    found = {name: callers.copy() for name, callers in seen.items()}
    for evening in evenings:
        tomorrow = [b for b, block in enumerate(province.blocks) if evening <= block.start < evening + DAY]
        for name, callers in foreseen(province, seen, evening).items():
            found[name][tomorrow] = callers[tomorrow]
    return found


# --- three ways to plan ----------------------------------------------------------------------------------------------

def ways(estimates: Estimates, seen: Seen, evenings: list[datetime]) -> dict[str, Lent]:
    """Plans for one course of events: each evening anew, once on the first evening, and knowing what came."""
    province = estimates.province
    each: Lent = {slot: seats for evening in evenings
                  for slot, seats in planned(estimates, foreseen(province, seen, evening), evening, DAYS_AHEAD).items()
                  if evening <= starts(province, slot) < evening + DAY}
    last = province.blocks[province.open_blocks[-1]].end
    days = (last - evenings[0]).days + 1
    return {"rolling": each, "once": planned(estimates, foreseen(province, seen, evenings[0]), evenings[0], days),
            "hindsight": planned(estimates, seen, evenings[0], days)}


def planned(estimates: Estimates, callers: Seen, evening: datetime, days: int) -> Lent:
    """The best plan for the days after an evening, if so many people call."""
    province = estimates.province
    cities = {name: replace(city, callers=callers[name], busyness_cv=0.0) if name in callers else city
              for name, city in province.cities.items()}
    first = next(b for b, block in enumerate(province.blocks) if block.start >= evening)
    end = next((b for b, block in enumerate(province.blocks) if block.start >= evening + days * DAY),
               len(province.blocks))
    part = part_of(replace(estimates, province=replace(province, cities=cities)), first, end)
    if not part.province.open_blocks:
        return {}
    ahead = province.day(first + part.province.open_blocks[0]) - province.day(province.open_blocks[0])
    lent = solve(part).lent
    return {(giver, borrower, held + ahead, number): seats for (giver, borrower, held, number), seats in lent.items()}


def part_of(estimates: Estimates, first: int, end: int) -> Estimates:
    """What is known of some of the blocks."""
    p, blocks = estimates.province, slice(first, end)
    mine = [o for o, block in enumerate(p.open_blocks) if first <= block < end]
    cities = {name: replace(city, callers=city.callers[blocks], seats=city.seats[blocks], own=city.own[blocks],
                            duty=city.duty[blocks], people=city.people[blocks]) for name, city in p.cities.items()}
    province = replace(p, blocks=p.blocks[blocks], cities=cities, open_blocks=[p.open_blocks[o] - first for o in mine])
    lenders = {name: Lender([one.answered[o] for o in mine], one.most[mine], one.missed)
               for name, one in estimates.lenders.items()}
    return replace(estimates, province=province, lenders=lenders,
                   most={name: most[mine] for name, most in estimates.most.items()})


def starts(province: Province, slot: tuple[str, str, int, int]) -> datetime:
    """When the block of a slot begins, where every day has hours of its own."""
    first = datetime.combine(province.blocks[province.open_blocks[0]].start.date(), time())
    return first + timedelta(days=slot[2], seconds=slot[3] * province.block_s)


def seats_at_once(province: Province, lent: Lent) -> Floats:
    """[blocks] seats lent by all together."""
    found = np.zeros(len(province.blocks))
    by_start = {block.start: b for b, block in enumerate(province.blocks)}
    for slot, seats in lent.items():
        found[by_start[starts(province, slot)]] += seats
    return found


# --- simulated -------------------------------------------------------------------------------------------------------

def lived(province: Province, levers: dict[str, list[tuple[Lend, ...]]], alone: Counts, seed: int,
          executor: Executor | None) -> tuple[dict[str, Evaluation], dict[str, Figure]]:
    """What each way brought, each course of events under its own plan."""
    units = [(staffed(Job.of(orders.with_plan(province, plan), "kernel", seed), path), path)
             for plans in levers.values() for path, plan in enumerate(plans)]
    values = simulate_each(units, province.blocks, executor)
    counts = {way: Counts(alone.cities, values[w * alone.replications:(w + 1) * alone.replications])
              for w, way in enumerate(levers)}
    verdicts = {way: judge(province, levers[way], alone, one) for way, one in counts.items()}
    answered = {way: one.people for way, one in counts.items()}
    return verdicts, {way: figure(answered["rolling"] - answered[way]) for way in WAYS if way != "rolling"}
