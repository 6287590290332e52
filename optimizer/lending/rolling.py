"""Plans made anew each evening from what was known by then, as a daily meeting makes them: against one plan made on the
first evening, and against hindsight.

The forecast is what such a meeting has: callers of each hour will be as in the last twenty-four hours. Who called is
estimated from dials, answers, hang-ups and busy signals by interval, as from a record (``sim.fitting``): the chance of
another dial is known within its range only. What that costs is shown beside plans that know who called. Nothing of what
is to come is looked at; how long agents talk is known, and so is the everyday of lenders.
"""
from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

import numpy as np

from optimizer.lending.inputs.estimates import Estimates, knowledge
from optimizer.lending.inputs.evening_counts import Seen, course_of_events, estimated, seen_in
from optimizer.lending.inputs.province import A_DAY, Lent, Province, Slot, province
from optimizer.lending.inputs.surfaces import Lender
from optimizer.lending.menu.drafts import Draft, Trying
from optimizer.lending.menu.making import drafted, harm_of_lending
from optimizer.lending.menu.stances import WITHIN
from optimizer.lending.model.lending import solve
from optimizer.lending.progress import Progress
from optimizer.lending.settings import DAYS_AHEAD, LOOKED_BACK_S, PATHS, PATHS_SEED
from optimizer.lending.trials import limits, orders
from optimizer.lending.trials.evaluation import Evaluation, judge
from optimizer.lending.trials.orders import Serves
from optimizer.lending.trials.proof import replications_of
from optimizer.lending.trials.replay import Counts, ReplicationCache, simulate, simulate_each, staffed
from sim.core.arrays import Floats
from sim.measures.statistics import Figure, figure
from sim.scenario.lending_terms import not_before
from sim.scenario.lever import Lever
from sim.scenario.scenario import Scenario
from sim.studies.executors import Workers, all_of, at_work
from sim.studies.replication import Job, Tell

DAY = timedelta(days=1)
WAYS = ("rolling", "knowing", "once", "hindsight")


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
    orders: list[tuple[Lever, ...]]    # of each evening, in the first course
    serves: Serves
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
    draft = learnt_draft(learnt, seed, executor, doing)
    serves, estimates = draft.serves, by_day(draft.known)
    p = estimates.province
    with doing("simulating"):
        job = Job.of(p.scenario, "kernel", seed + PATHS_SEED)
        alone = simulate([job], p.blocks, range(paths), executor)[0]
        borrowers = tuple(dict.fromkeys(borrower for _, borrower in p.pairs))
        courses = all_of(executor, course_of_events, [(staffed(job, path), path, borrowers) for path in range(paths)])
    evenings = evenings_of(p, at)
    with doing("estimating"):
        known = all_of(executor, estimated, [(p, job, events, evenings) for events in courses])
    with doing("planning"):
        plans = all_of(executor, ways, [(estimates, seen_in(p, events), evenings, of_evenings)
                                        for events, of_evenings in zip(courses, known, strict=True)])
    levers = {way: [orders.levers_of(p, plan[way], serves) for plan in plans] for way in WAYS}
    with doing("proving"):
        verdicts, differences = lived(p, levers, alone, seed + PATHS_SEED, executor)
    seen = seen_in(p, courses[0])
    return RollingPlan(p, at, evenings, verdicts, differences, forecasts(p, seen, evenings, known[0]), seen,
                       [orders.levers_of(p, of_evening(p, plans[0]["rolling"], evening), serves)
                        for evening in evenings], serves,
                       {way: seats_at_once(p, plans[0][way]) for way in WAYS}, doing.seconds)


def learnt_draft(estimates: Estimates, seed: int, executor: Executor, doing: Progress) -> Draft:
    """A plan of the whole scenario, whose trials tell what help brings, what lending costs and whom seats serve."""
    number = limits.replications(estimates.province)
    trying = Trying(ReplicationCache(seed, estimates.province, executor), number,
                    replications_of(estimates.province) / number)
    with doing("measuring"):
        levels = harm_of_lending(estimates, [WITHIN], trying)
    with doing("solving"):
        [draft] = drafted(estimates, [WITHIN], levels, trying)
    return draft


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


# --- what is known of an evening -------------------------------------------------------------------------------------

def foreseen(province: Province, seen: Seen, evening: datetime) -> Seen:
    """Callers of the blocks after an evening: as many as in the same block of the last twenty-four hours; where these
    lie before the horizon, as on an everyday, so many times as the last two hours were."""
    day = round(86400 / province.block_s)
    known = max((b + 1 for b, block in enumerate(province.blocks) if block.end <= evening), default=0)
    back = [known - day + (b - known) % day if b >= known else b for b in range(len(province.blocks))]
    usual = everyday(province) if known < day else seen
    times = {name: busier(province, callers, usual[name], known) for name, callers in seen.items()}
    return {name: np.array([callers[b] if b >= 0 else times[name] * usual[name][now] for now, b in enumerate(back)])
            for name, callers in seen.items()}


def busier(province: Province, seen: Floats, usual: Floats, known: int) -> float:
    """How many times as many people called in the last two hours as on an everyday; never fewer."""
    last = slice(max(known - round(LOOKED_BACK_S / province.block_s), 0), known)
    return max(float(seen[last].sum()) / float(usual[last].sum()), 1.0) if usual[last].sum() > 0 else 1.0


def everyday(p: Province) -> Seen:
    """Callers to expect of each block if there were no surge."""
    calm = province(p.scenario.model_copy(update={"surges": ()}))
    return {name: city.callers for name, city in calm.cities.items()}


def forecasts(province: Province, seen: Seen, evenings: list[datetime], known: list[Seen]) -> Seen:
    """Callers of each block as the evening before it foresaw them; as they came where there was none.

    :param known: by evening: the callers of the last twenty-four hours as they were estimated.
    """
    found = {name: callers.copy() for name, callers in seen.items()}
    for evening, estimate in zip(evenings, known, strict=True):
        tomorrow = [b for b, block in enumerate(province.blocks) if evening <= block.start < evening + DAY]
        for name, callers in foreseen(province, estimate, evening).items():
            found[name][tomorrow] = callers[tomorrow]
    return found


# --- four ways to plan -----------------------------------------------------------------------------------------------

def ways(estimates: Estimates, seen: Seen, evenings: list[datetime], known: list[Seen]) -> dict[str, Lent]:
    """Plans for one course of events: each evening anew from what was estimated, or knowing who had called; once on the
    first evening; and knowing what came."""
    province = estimates.province
    last = province.blocks[province.open_blocks[-1]].end
    days = (last - evenings[0]).days + 1
    return {"rolling": each_evening(estimates, known, evenings),
            "knowing": each_evening(estimates, [seen] * len(evenings), evenings),
            "once": planned(estimates, foreseen(province, known[0], evenings[0]), evenings[0], days),
            "hindsight": planned(estimates, seen, evenings[0], days)}


def each_evening(estimates: Estimates, known: list[Seen], evenings: list[datetime]) -> Lent:
    """Of each evening's plan the day that it orders."""
    province, found = estimates.province, dict[Slot, int]()
    for evening, callers in zip(evenings, known, strict=True):
        plan = planned(estimates, foreseen(province, callers, evening), evening, DAYS_AHEAD)
        found |= of_evening(province, plan, evening)
    return found


def of_evening(province: Province, lent: Lent, evening: datetime) -> dict[Slot, int]:
    """What is lent in the twenty-four hours after an evening."""
    return {slot: seats for slot, seats in lent.items() if evening <= starts(province, slot) < evening + DAY}


def planned(estimates: Estimates, callers: Seen, evening: datetime, days: int) -> Lent:
    """The best plan for the days after an evening, if so many people call; of those who are offered it orders whom it
    can still have trained."""
    since = {"offers": tuple(not_before(one, evening) for one in estimates.province.agreement.offers)}
    province = estimates.province.under(**since)
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
    part = len({p.day(p.open_blocks[o]) for o in mine}) / max(len({p.day(block) for block in p.open_blocks}), 1)
    province = replace(p, blocks=p.blocks[blocks], cities=cities, open_blocks=[p.open_blocks[o] - first for o in mine],
                       off_duty={name: one.part_of(blocks, part) for name, one in p.off_duty.items()})
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

def lived(province: Province, levers: dict[str, list[tuple[Lever, ...]]], alone: Counts, seed: int,
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
