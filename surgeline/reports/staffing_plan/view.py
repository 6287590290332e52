"""What the sections look at: the cities of a plan, and their intervals by day."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

import pandas as pd

from sim.scenario.scenario import Scenario
from surgeline.folders.staffing_plan import CityStaffing, Manifest, StaffingPlan
from surgeline.reports.page import places
from surgeline.reports.page.charts import Scale
from surgeline.reports.page.words import Words

EVERY_HOURS = 3


@dataclass(frozen=True)
class PlanView:
    """A staffing plan as reports see it."""

    done: StaffingPlan

    @property
    def manifest(self) -> Manifest:
        return self.done.manifest

    @property
    def scenario(self) -> Scenario:
        return self.manifest.scenario

    @property
    def cities(self) -> dict[str, CityStaffing]:
        return self.manifest.cities

    @property
    def first(self) -> str:
        """The city that charts of one city show: the one that needs the most seats."""
        return max(self.cities, key=lambda name: self.cities[name].need.peak)

    @cached_property
    def hours(self) -> float:
        """Length of an interval."""
        return self.scenario.horizon.interval_s / 3600

    @cached_property
    def in_weeks(self) -> bool:
        """Whether the horizon is long enough to tell full-time people: of a day or two nobody knows the week."""
        return self.scenario.horizon.end - self.scenario.horizon.start >= timedelta(weeks=1)

    @property
    def in_days(self) -> str:
        """The end of the names of words for horizons shorter than a week; nothing for longer ones."""
        return "" if self.in_weeks else "_days"

    def people_for(self, c: CityStaffing) -> float:
        """Whom the need takes: full-time people, or those who begin a shift on one day where no more is told."""
        return c.shifts.full_time if self.in_weeks else float(c.shifts.people_a_day)

    def known_today(self, c: CityStaffing) -> bool:
        """Whether there are shifts of today to compare with: a table that leaves most days open publishes none."""
        changes = c.roster.changes if c.roster else None
        if c.roster is None or changes is None:
            return True
        free = c.roster.people * len(c.shifts.dates) - changes.frozen
        return 2 * changes.published >= free

    def place(self, w: Words, name: str) -> str:
        return places.city(self.scenario, w, name)

    def of_city(self, name: str) -> pd.DataFrame:
        """The intervals of a city, with ``day`` and ``hour`` since its midnight."""
        table = self.done.intervals
        table = table[table["city"] == name].reset_index(drop=True)
        days = table["start"].dt.normalize()
        return table.assign(day=days, hour=(table["start"] - days).dt.total_seconds() / 3600)

    def heaviest_day(self, name: str) -> datetime:
        """The day on which a city needs the most seats at once."""
        at = self.cities[name].need.peak_at
        return datetime.combine(at.date(), datetime.min.time())

    def of_day(self, name: str, day: datetime) -> pd.DataFrame:
        table = self.of_city(name)
        return table[table["day"] == day]


def clock_scale(w: Words, table: pd.DataFrame, hours: float) -> Scale:
    """The hours of a day."""
    first, last = float(table["hour"].min()), float(table["hour"].max()) + hours
    marks = range(int(first), int(last) + 1, EVERY_HOURS)
    return Scale(first, last, {float(h): w("number.hour_short", hour=h) for h in marks})


def week_scale(w: Words, table: pd.DataFrame, hours: float) -> Scale:
    """Days, in hours since the first midnight."""
    days = sorted(table["day"].unique())
    end = 24.0 * (len(days) - 1) + float(table["hour"].iloc[-1]) + hours
    labels = {24.0 * i + 12.0: w.day_short(pd.Timestamp(day).to_pydatetime()) for i, day in enumerate(days)}
    return Scale(0.0, end, labels, tuple(24.0 * i for i in range(1, len(days))), ticks=False)
