"""Seats and shifts of all cities of a province over an ordinary week.

    python -m benchmarks.staffing.province [SCENARIO] [--seconds N]
"""
from __future__ import annotations

import sys
from concurrent.futures import Executor

import click

from benchmarks.staffing.table import head, row, yes
from optimizer.staffing.need.fewest import is_needed
from optimizer.staffing.need.trials import Trials
from optimizer.staffing.planning.horizon import STEP
from optimizer.staffing.planning.plan import StaffingPlan
from optimizer.staffing.planning.through import staffed
from sim import load
from sim.studies.executors import at_work

MOST_S, MOST_GAP = 60.0, 0.01


@click.command()
@click.argument("scenario", default="jiangsu-everyday")
@click.option("--seconds", default=30.0, help="For the shifts of all cities.")
def main(scenario: str, seconds: float) -> None:
    """Exit code 1 where need and shifts take more than 60 s, or the shifts of a city have a gap above 1 %."""
    whole = load(scenario)
    with at_work(None) as executor:
        plan = staffed(whole, tuple(whole.cities), seconds=seconds, workers=executor)
        one_less = share_needed(plan, executor)
    took, need = plan.seconds["need"] + plan.seconds["shifts"], plan.need
    gap = max(city.designed.plan.gap for city in plan.cities.values())
    good = took <= MOST_S and gap <= MOST_GAP
    head("cities", "seat-hours", "need s", "shifts s", "largest gap", "kept on unseen luck", "surely missed",
         "a seat less misses", "reached")
    row((len(plan.cities), f"{need.seat_hours.sum():,.1f}", f"{plan.seconds['need']:.1f}",
         f"{plan.seconds['shifts']:.1f}", f"{gap:.2%}", f"{need.kept_unseen.mean():.1%}",
         f"{need.surely_missed.mean():.1%}", f"{one_less:.1%}", yes(good)))
    sys.exit(0 if good else 1)


def share_needed(plan: StaffingPlan, executor: Executor) -> float:
    """Share of the half-hours with seats in which a seat less would miss the target."""
    need = plan.need
    trials = Trials.of(plan.scenario, need.cities, need.target, STEP * 60, need.seed, need.replications, executor, None)
    return float(is_needed(trials, need.seats)[need.seats > 0].mean())


if __name__ == "__main__":
    main()
