"""What a report is about: which places, which day is the worst, and the counts that its pages show."""
from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, TypeVar

import pandas as pd

from sim.measures.metrics import reach
from sim.measures.statistics import Figure
from sim.scenario.observed import unit_of
from sim.scenario.scenario import Scenario
from surgeline.folders.run import Gain, Run
from surgeline.reports.page import places
from surgeline.reports.page.words import Words

T = TypeVar("T")
HOUR = timedelta(hours=1)
NAN = float("nan")
NOTHING = Figure(NAN, NAN, NAN)
MOST_SUBJECTS = 2
MOST_HOURLY_DAYS = 8
SUPPOSED = ("surges", "everyday", "absences", "classes", "profiles")  # what nobody decides
DIALS = ("answered", "blocked", "abandoned", "by_bot")
CALLERS = ("callers_answered", "callers_by_bot", "callers_diverted", "callers_lost")


def possible(metric: str, bound: float | None) -> float:
    """A bound of an interval, no further out than the metric can go, in folders of any age; nan where there is none."""
    if bound is None or math.isnan(bound):
        return NAN
    least, most = reach(unit_of(metric) or "")
    return min(max(bound, least), most)


@dataclass(frozen=True)
class Subject:
    """Whom charts and tables are about: a city with a surge, or the province where no city stands out."""

    scope: str
    cities: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class RunView:
    """A run, seen by those who have to report on it. What it takes time to count is counted once."""

    run: Run
    chosen: datetime | None = None  # the day that the report is to be about
    counted: dict[Any, Any] = field(default_factory=dict)

    def once(self, key: object, count: Callable[[], T]) -> T:
        """What ``count`` returns, from memory when it has been asked before."""
        if key not in self.counted:
            self.counted[key] = count()
        found: T = self.counted[key]
        return found

    @property
    def scenario(self) -> Scenario:
        return self.run.scenario

    @property
    def start(self) -> datetime:
        return self.scenario.horizon.start

    @property
    def end(self) -> datetime:
        return self.scenario.horizon.end

    @property
    def within(self) -> str:
        """The metric of those answered in time."""
        return f"answered_within_{float(self.scenario.answered_within):g}s"

    @property
    def by_callers(self) -> bool:
        return self.scenario.headline == "callers"

    @property
    def rate(self) -> str:
        """The answer rate that the report leads with."""
        return f"answer_rate_{self.scenario.headline}"

    @property
    def gains(self) -> tuple[Gain, ...]:
        """What each variant would change."""
        return self.run.manifest.gains

    @property
    def suppositions(self) -> tuple[str, ...]:
        """The variants of this run in which other people call, or other people are ill."""
        variants = self.scenario.variants
        return tuple(one.variant for one in self.gains if one.variant in variants and any(
            path.startswith(SUPPOSED) or ".calls_a_day" in path for path in variants[one.variant].change))

    @property
    def plans(self) -> tuple[Gain, ...]:
        """What the other variants would change, which somebody can choose."""
        supposed = self.suppositions
        return tuple(one for one in self.gains if one.variant not in supposed)

    @property
    def has_surge(self) -> bool:
        """Whether a place or a time stands out; if none does, the whole is told, not its worst day."""
        return bool(self.scenario.surges or self.scenario.focus or self.chosen or self.scenario.spotlight)

    # --- who and when ------------------------------------------------------------------------------------------------

    @cached_property
    def subjects(self) -> tuple[Subject, ...]:
        """The cities in focus, those with the most people unanswered first; the province if no city stands out."""
        s = self.scenario
        named = s.surged() if self.has_surge or len(s.cities) == 1 else ()
        found = [Subject(f"city:{city}", (city,)) for city in named]
        found.sort(key=lambda subject: -self.unanswered(subject, self.worst_day(subject)))
        return tuple(found[:MOST_SUBJECTS]) or (Subject("province", tuple(s.cities)),)

    @property
    def lead(self) -> Subject:
        return self.subjects[0]

    def place(self, w: Words, subject: Subject) -> str:
        """Whom a subject is, in words."""
        return places.scope(self.scenario, w, subject.scope)

    @cached_property
    def days(self) -> tuple[datetime, ...]:
        """Where each day begins: at midnight, but for the first day of a horizon that begins later."""
        midnight = datetime.combine(self.start.date(), datetime.min.time())
        number = (self.end - timedelta(seconds=1) - midnight).days + 1
        return (self.start, *(midnight + timedelta(days=k) for k in range(1, number)))

    @property
    def hourly(self) -> bool:
        """Whether the whole horizon can be shown by the hour."""
        return len(self.days) <= MOST_HOURLY_DAYS and self.step <= HOUR

    @property
    def step(self) -> timedelta:
        """The step of hourly charts: an hour, or an interval that is longer."""
        return max(HOUR, timedelta(seconds=self.scenario.horizon.interval_s))

    def figure(self, metric: str, scope: str, start: datetime | None = None, end: datetime | None = None) -> Figure:
        """One figure over the whole horizon, over the day that begins so or over a span; nothing where it has no
        meaning."""
        try:
            found = self.run.value(metric, scope, start if end or len(self.days) > 1 else None, end)
        except KeyError:
            return NOTHING
        return Figure(found.mean, *(possible(metric, side) for side in (found.low, found.high)))

    def anybody(self, subject: Subject, start: datetime | None = None, end: datetime | None = None) -> bool:
        """Whether anybody called, in any replication."""
        return self.figure("dials", subject.scope, start, end).mean > 0

    @cached_property
    def called(self) -> tuple[Subject, ...]:
        """The subjects whom anybody called at all."""
        return tuple(one for one in self.subjects if self.anybody(one))

    @cached_property
    def classes_called(self) -> frozenset[str]:
        """The classes as which anybody called, in any replication."""
        callers = self.run.intervals.groupby("class", observed=True)["callers"].sum()
        return frozenset(str(name) for name in callers.index[callers > 0])

    def unanswered(self, subject: Subject, day: datetime) -> float:
        """People (or dials, where they lead) of a day whom nobody and no bot answered."""
        table = self.of_days(subject.cities)
        of_day = dict(zip(table.columns, table.loc[day.date()], strict=True))
        if self.by_callers:
            return float(of_day["callers"] - of_day["callers_answered"] - of_day["callers_by_bot"])
        return float(of_day["dials"] - of_day["answered"] - of_day["by_bot"])

    def of_days(self, cities: tuple[str, ...]) -> pd.DataFrame:
        """Counts of some cities together, by the date."""
        def count() -> pd.DataFrame:
            table = self.counts[self.counts["city"].isin(cities)]
            return table.drop(columns=["start", "city"]).groupby(table["start"].dt.date).sum()
        return self.once(("days", cities), count)

    def worst_day(self, subject: Subject) -> datetime:
        """The day that was asked for, or else the one on which the most went unanswered."""
        if self.chosen is not None:
            return self.chosen
        return self.once(("worst", subject), lambda: max(self.lit, key=lambda day: self.unanswered(subject, day)))

    @property
    def lit(self) -> tuple[datetime, ...]:
        """The days that the report is about: those in the spotlight, or all."""
        span = self.scenario.spotlight
        if span is None:
            return self.days
        return tuple(day for day in self.days if span.start.date() <= day.date() and day < span.end)

    def told(self, subject: Subject) -> tuple[datetime | None, datetime | None]:
        """From when to when the first screen tells: the day that was asked for or a place's worst one, both without an
        end; the days in the spotlight; or the whole."""
        span = self.scenario.spotlight
        if self.chosen is None and span is not None:
            return span.start, span.end
        return (self.worst_day(subject), None) if self.has_surge else (None, None)

    # --- counts ------------------------------------------------------------------------------------------------------

    @cached_property
    def counts(self) -> pd.DataFrame:
        """One row an interval and city, with what became of dials and of people."""
        table = self.run.intervals.drop(columns="class").astype({"city": str})
        table = table.groupby(["start", "city"], as_index=False).sum()
        table["waiting_at_end"] = (table["dials"] - table[list(DIALS)].sum(axis=1)).clip(lower=0)
        table["callers_open"] = (table["callers"] - table[list(CALLERS)].sum(axis=1)).clip(lower=0)
        return table

    def by_step(self, cities: tuple[str, ...], step: timedelta) -> pd.DataFrame:
        """Counts of some cities together, by the hour or by the day: ``hour`` counts from the first midnight."""
        def count() -> pd.DataFrame:
            table = self.counts[self.counts["city"].isin(cities)]
            hour = self.hours_since(table["start"]) // (step / HOUR) * (step / HOUR)
            return table.drop(columns=["start", "city"]).groupby(hour.rename("hour")).sum().reset_index()
        return self.once(("steps", cities, step), count)

    def hours_since(self, moments: pd.Series) -> pd.Series:
        """Hours since the midnight that begins the first day."""
        return (moments - pd.Timestamp(self.start.date())) / pd.Timedelta(HOUR)

    def moment(self, hour: float) -> datetime:
        return datetime.combine(self.start.date(), datetime.min.time()) + hour * HOUR

    def hour_of(self, moment: datetime) -> float:
        return (moment - self.moment(0)) / HOUR
