"""Whether a plan hangs on its seed: ``python tests/proofs/ten_seeds.py SCENARIO [DAY] [--seeds 10]``.

Plans of several seeds are judged together, on luck that none of them has seen, and the spread of what they bring is
printed; exit code 1 where it is more than 3 % of the best.
"""
from __future__ import annotations

import argparse
import sys
from datetime import date

from optimizer.lending.inputs.default_terms import on_days, terms_of
from optimizer.lending.inputs.province import province
from optimizer.lending.plan import Plan, Wish, plan
from optimizer.lending.trials import orders
from optimizer.lending.trials.evaluation import judge
from optimizer.lending.trials.proof import replications_of
from optimizer.lending.trials.replay import ReplicationCache
from sim.measures.statistics import figure
from sim.reading.loading import load
from sim.scenario.scenario import Scenario
from sim.studies.executors import at_work

SPREAD = 0.03
FRESH_SEED = 10_000
TIMES = 2   # as many replications as a proof has at the most


def asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenario")
    parser.add_argument("day", nargs="?", type=date.fromisoformat)
    parser.add_argument("--seeds", type=int, default=10)
    return parser.parse_args()


def scenario_of(name: str, day: date | None) -> Scenario:
    scenario = load(name)
    terms = terms_of(scenario)
    return on_days(scenario, terms, day, day) if day else scenario.model_copy(update={"lending": terms})


def judged(scenario: Scenario, plans: dict[int, Plan]) -> dict[int, float]:
    """People more by each plan, on the same fresh luck."""
    p = province(scenario)
    with at_work(None) as executor:
        luck, number = ReplicationCache(FRESH_SEED, p, executor), TIMES * replications_of(p)
        alone, *found = luck.of([p.scenario, *(orders.with_plan(p, one.levers) for one in plans.values())], number)
    people = {}
    for (seed, one), counts in zip(plans.items(), found, strict=True):
        floors = judge(p, [one.levers], alone, counts).floors
        more = figure(counts.people - alone.people)
        people[seed] = more.mean
        print(f"| {seed} | {one.option.name} | {one.verdict.people.mean:,.1f} | {more.mean:,.1f} "
              f"({more.low:,.1f} to {more.high:,.1f}) | {sum(floor.broken for floor in floors)} of {len(floors)} |",
              flush=True)
    return people


def main() -> int:
    options = asked()
    scenario = scenario_of(options.scenario, options.day)
    plans = {seed: plan(scenario, Wish(seed)) for seed in range(1, options.seeds + 1)}
    print("| seed | plan | people more, own proof | people more, fresh luck | floors broken there |")
    print("| --- | --- | --- | --- | --- |")
    people = judged(scenario, plans)
    spread = 1 - min(people.values()) / max(people.values())
    print(f"\nbetween the least and the most: {spread:.1%} (bar: {SPREAD:.0%})")
    return int(spread > SPREAD)


if __name__ == "__main__":
    sys.exit(main())
