"""How good a plan folder is: ``python tests/proofs/free_search.py SCENARIO PLAN_FOLDER [--minutes 5] [--seed 1]``.

A search under the simulator that knows nothing of the model, nor of how the plan was made. Seats of every pair and
block of the day, whom they serve, and people who are called in where the plan calls any, are changed by random steps,
in two processes: from the plan, from nothing, from what the scenario and its variants do, from simple policies and
from parts of what terms allow. A step is taken where no floor is broken and it is worth more on the same luck. The
best ones and the plan are then judged on luck that none has seen, each cut to what holds there. A plan is worth the
people that it brings less what its hours have to be worth. Exit code 1 where the plan is under 97 % of the best.
"""
from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import numpy as np
from seat_moves import Seats, any_part, cut, keeps_terms, seats_of, shaken, stepped

from optimizer.lending.inputs import offers
from optimizer.lending.inputs.province import Province, province
from optimizer.lending.menu.hours import cost_of
from optimizer.lending.menu.stances import ON_DUTY, STANCES, WITHIN, Stance
from optimizer.lending.trials import limits
from optimizer.lending.trials.benchmark_policies import idle_seats_lent, same_share_lent
from optimizer.lending.trials.evaluation import Evaluation, judge
from optimizer.lending.trials.floors_of_days import OfDays
from optimizer.lending.trials.orders import with_plan
from optimizer.lending.trials.proof import replications_of
from optimizer.lending.trials.replay import ReplicationCache
from sim.core.arrays import Floats
from sim.reading.loading import load
from sim.scenario.lending_terms import OFFERS
from sim.scenario.lever import Lever
from sim.scenario.levers import Lend
from sim.scenario.people_levers import CallIn
from sim.scenario.scenario import Scenario
from sim.studies.executors import at_work
from surgeline.folders.lending_plan import LendingPlan, Manifest

BAR = 0.97
PROCESSES = 2
FINALISTS = 3            # of each process that are judged on fresh luck
PATIENCE = 60            # steps without a better plan, before a search begins elsewhere
FEW = 3                  # replications after which a step that looks worse is given up
MOST_SAID = 20           # levers of the best plan
CUTS = 40                # until a plan holds
SEARCH_SEED, FRESH_SEED = 40_000, 50_000
Merit = tuple[float, float]  # how far floors are from being kept, as a negative number; what it is worth


@dataclass(frozen=True)
class Tried:
    """A plan on a luck."""

    seats: Seats
    verdict: Evaluation
    each: Floats   # [replications] what it is worth

    @property
    def worth(self) -> float:
        return float(self.each.mean())

    @property
    def merit(self) -> Merit:
        return -sum(beyond(floor) for floor in self.verdict.floors if floor.broken), self.worth


def beyond(floor: object) -> float:
    """How far a broken floor is beyond its bound, as a share."""
    if isinstance(floor, OfDays):
        return max(floor.confidence - floor.kept.mean, 1e-3)
    return max(floor.bound - floor.mean.mean, 1e-9)  # type: ignore[attr-defined]


@dataclass
class Judge:
    """What plans do on one luck, against not lending. Only the counts of not lending are kept."""

    province: Province
    luck: ReplicationCache
    replications: int
    known: dict[object, Tried] = field(default_factory=dict)

    def of(self, seats: Seats) -> Tried:
        """A plan on all replications."""
        key = seats.given or seats.key
        if key not in self.known:
            self.known[key] = self.tried(seats, self.replications)
        return self.known[key]

    def tried(self, seats: Seats, number: int) -> Tried:
        levers = seats.levers(self.province)
        alone, helped = self.luck.of([self.province.scenario, with_plan(self.province, levers)], number)
        each = helped.people - alone.people - cost_of(self.province, levers)
        return Tried(seats, judge(self.province, [levers], alone, helped), np.asarray(each, float))

    def better(self, seats: Seats, here: Tried) -> Tried | None:
        """The plan, where it is better; most that are not are seen after a few replications."""
        few = min(FEW, self.replications)
        if here.verdict.holds and (seats.given or seats.key) not in self.known:
            look = self.tried(seats, few)
            if look.worth < float(here.each[:few].mean()):
                self.forget()
                return None
        found = self.of(seats)
        self.forget()
        return found if found.merit > here.merit else None

    def forget(self) -> None:
        """Keep the counts of not lending alone: others are thousands."""
        first = next(iter(self.luck.known))
        self.luck.known = {first: self.luck.known[first]}


# --- the search ------------------------------------------------------------------------------------------------------

def climbed(judge_: Judge, start: Seats, luck: Random, ends: float) -> Tried:
    """The best plan that steps lead to from a start, which is cut first until no floor is broken."""
    here, missed = held(judge_, start), 0
    while missed < PATIENCE and time.monotonic() < ends:
        step = stepped(judge_.province, here.seats, luck)
        found = (judge_.better(step, here)
                 if step.key != here.seats.key and keeps_terms(judge_.province, step) else None)
        here, missed = (found, 0) if found else (here, missed + 1)
    return here


def held(judge_: Judge, seats: Seats) -> Tried:
    """The plan, cut until it breaks no floor."""
    found = judge_.of(seats)
    for _ in range(CUTS):
        if found.verdict.holds:
            break
        found = judge_.of(cut(judge_.province, found.seats, found.verdict.floors))
    return found


def searched(p: Province, starts: Sequence[Seats], seed: int, k: int, minutes: float) -> list[Seats]:
    """The best plans of one process's searches: from its part of the starts, then from anywhere."""
    ends, luck = time.monotonic() + 60 * minutes, Random(100 * seed + k)
    judge_ = Judge(p, ReplicationCache(SEARCH_SEED + seed, p), max(limits.replications(p), FEW))
    found: dict[object, Tried] = {}
    for start in begin(p, starts[k::PROCESSES], luck, found):
        if time.monotonic() >= ends:
            break
        one = climbed(judge_, start, luck, ends)
        found[one.seats.given or one.seats.key] = one
    return [one.seats for one in best_of(found)]


def begin(p: Province, starts: Sequence[Seats], luck: Random, found: dict[object, Tried]) -> Iterator[Seats]:
    """Where searches begin: the starts that there are; then near the best found so far, and at random in turn."""
    yield from starts
    while True:
        yield shaken(p, best_of(found)[0].seats, luck) if found and luck.random() < 0.6 else any_part(p, luck)


def best_of(found: dict[object, Tried]) -> list[Tried]:
    return sorted((one for one in found.values() if one.verdict.holds), key=lambda one: -one.worth)[:FINALISTS]


def starts_of(p: Province, scenario: Scenario, levers: tuple[Lever, ...]) -> list[Seats]:
    """The plan, nothing, what the scenario and its variants do, and simple policies."""
    shipped = [scenario.levers, *(one.levers for one in scenario.variants.values())]
    policies = [dict(same_share_lent(p)), dict(idle_seats_lent(p))]
    found = [seats_of(p, levers), Seats({}), *(seats_of(p, one) for one in shipped),
             *(Seats({}).with_seats(p, lent) for lent in policies)]
    return list({one.key: one for one in found}.values())


# --- the judgement ---------------------------------------------------------------------------------------------------

def final(p: Province, plan: tuple[Lever, ...], found: list[Seats], number: int, seed: int) -> tuple[float, list[str]]:
    """The plan's part of the best on fresh luck, and a table."""
    with at_work(PROCESSES) as executor:
        judge_ = Judge(p, ReplicationCache(FRESH_SEED + seed, p, executor), number)
        whole = seats_of(p, plan, as_given=True)
        names = {"plan": whole, **{f"found {k}": one for k, one in enumerate(found, 1)}}
        first = {name: judge_.of(one) for name, one in names.items()}
        last = {name: held(judge_, one) for name, one in names.items()}
    best = max((one.worth for one in last.values() if one.verdict.holds), default=0.0)
    part = last["plan"].worth / best if best > 0 else 1.0
    ahead = max((one for one in last.values() if one.verdict.holds), key=lambda one: one.worth, default=last["plan"])
    levers = ahead.seats.levers(p)
    return (part if last["plan"].verdict.holds else 0.0), [
        "| plan | people more | worth | floors proved, as far as seen, broken | cut to hold: worth | of the best |",
        "| --- | --- | --- | --- | --- | --- |",
        *(row(name, first[name], last[name], best) for name in names), "", "The best of them:",
        *map(said, levers[:MOST_SAID]), *([f"- and {len(levers) - MOST_SAID} more"] if levers[MOST_SAID:] else [])]


def said(lever: Lever) -> str:
    """A lever in a line."""
    hours = "–".join(f"{minutes // 60:02}:{minutes % 60:02}" for minutes in lever.hours)
    what = str(lever)
    if isinstance(lever, Lend):
        what = f"{lever.lender} → {lever.borrower}, {float(lever.seats):g} seats, {lever.serves}"
        what += f", {float(lever.off_duty):.0%} off duty" if float(lever.off_duty) else ""
    elif isinstance(lever, CallIn):
        what = f"{lever.city}, {float(lever.people):g} called in"
    elif isinstance(lever, OFFERS):
        what = f"{lever.seat_pool().name} → {', '.join(offers.cities_of(lever))}, {offers.number_of(lever):g} seats"
    return f"- {lever.start:%m-%d %H:%M} to {lever.end:%m-%d %H:%M}, {hours}: {what}"


def row(name: str, first: Tried, last: Tried, best: float) -> str:
    people, floors = first.verdict.people, first.verdict.floors
    broken = sum(floor.broken for floor in floors)
    proved = sum(floor.proved and not floor.broken for floor in floors)
    of_best = f"{last.worth / best:.1%}" if best > 0 and last.verdict.holds else "–"
    return (f"| {name} | {people.mean:,.1f} ({people.low:,.1f} to {people.high:,.1f}) | {first.worth:,.1f} | "
            f"{proved}, {len(floors) - proved - broken}, {broken} | {last.worth:,.1f} | {of_best} |")


def stance_of(manifest: Manifest) -> Stance:
    """Whom the plan asks; of an edited one, as it does."""
    calls = any(isinstance(one, CallIn) or (isinstance(one, Lend) and float(one.off_duty) > 0)
                for one in manifest.levers)
    named = next((one for one in STANCES if one.name == manifest.stance), WITHIN if calls else ON_DUTY)
    return named if calls or named.calls == "nobody" else Stance(named.name, "nobody", drops=named.drops)


def asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenario")
    parser.add_argument("plan_folder", type=Path)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def main() -> int:
    options = asked()
    manifest = LendingPlan.read(options.plan_folder).manifest
    p = stance_of(manifest).within(province(manifest.scenario))
    starts = starts_of(p, load(options.scenario), manifest.levers)
    with ProcessPoolExecutor(PROCESSES) as pool:
        parts = [pool.submit(searched, p, starts, options.seed, k, options.minutes) for k in range(PROCESSES)]
        found = {one.key: one for part in parts for one in part.result()}
    part, table = final(p, manifest.levers, list(found.values()), replications_of(p), options.seed)
    print("\n".join(table))
    print(f"\nthe plan reaches {part:.1%} of the best that breaks no floor (bar: {BAR:.0%})")
    return int(part < BAR)


if __name__ == "__main__":
    sys.exit(main())
