"""By which days and half-hours staff is planned."""
from __future__ import annotations

from datetime import date, timedelta

from sim.scenario.dates import DAY_MINUTES
from sim.scenario.scenario import Scenario

STEP = 30   # minutes: cover is planned by the half hour
STEP_H = STEP / 60
SLOTS = DAY_MINUTES // STEP     # of a day


def first_day(scenario: Scenario) -> date:
    """The day before the horizon, on which planning begins."""
    return scenario.horizon.start.date() - timedelta(days=1)
