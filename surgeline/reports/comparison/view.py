"""What the report of a comparison is about: the best variant, what it is measured against, and who is drawn."""
from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from sim.measures.statistics import Figure
from surgeline.folders.comparison import Comparison, Figures, Manifest, Variant
from surgeline.reports.page import charts, places, svg
from surgeline.reports.page.words import Words, missing
from surgeline.reports.run.view import NOTHING, RunView

MOST_DRAWN = 6


@dataclass(frozen=True, eq=False)
class ComparisonView:
    """A comparison, seen by those who have to report on it."""

    compared: Comparison

    @property
    def manifest(self) -> Manifest:
        return self.compared.manifest

    @cached_property
    def view(self) -> RunView:
        """The run of the scenario as it is."""
        return RunView(self.compared.first)

    @property
    def first(self) -> Variant:
        return self.manifest.variants[0]

    @property
    def others(self) -> tuple[Variant, ...]:
        return self.manifest.variants[1:]

    @property
    def metric(self) -> str:
        """The rate that the choice is about."""
        return self.manifest.objective.metric

    @property
    def by_callers(self) -> bool:
        return self.manifest.objective.weights == "callers"

    @property
    def decided(self) -> bool:
        return self.manifest.choice.decided_after is not None

    @property
    def anybody(self) -> bool:
        """Whether anybody called the cities that the choice is about."""
        return any(self.view.figure("dials", f"city:{city}").mean > 0 for city in self.manifest.objective.cities)

    @property
    def several(self) -> bool:
        """Whether there are intervals."""
        return self.manifest.replications > 1

    def named(self, variant: str) -> Variant:
        return next(one for one in self.manifest.variants if one.variant == variant)

    def rate(self, one: Variant) -> Figure:
        found: Figure = getattr(one.figures, self.metric)
        return found

    def place(self, w: Words) -> str:
        """The cities that the choice is about."""
        cities = self.manifest.objective.cities
        if len(cities) == len(self.view.scenario.cities) > 1:
            return w("place.province")
        return w.list([places.city(self.view.scenario, w, city) for city in cities], 3)

    def label(self, w: Words, one: Variant) -> str:
        """A variant's name, short enough for a legend; with its key, where two are written alike."""
        name = svg.cut(w.name(one.name))
        alike = sum(svg.cut(w.name(other.name)) == name for other in self.manifest.variants) > 1
        return name + w("number.bracket", x=one.variant) if alike else name

    # --- the best, and what it is measured against -------------------------------------------------------------------

    @property
    def best(self) -> Variant:
        """The chosen one; the one in front, if none could be chosen."""
        return self.named(self.manifest.choice.best)

    @property
    def equals(self) -> list[Variant]:
        """Those that do exactly what the chosen one does."""
        return [self.named(name) for name in self.manifest.choice.left
                if self.decided and name != self.manifest.choice.best]

    @property
    def close(self) -> list[Variant]:
        """Those that count as good as the best, because they are within the indifference zone."""
        zone, best = self.manifest.choice.indifference, self.rate(self.best).mean
        return [one for one in self.manifest.variants
                if one is not self.best and one not in self.equals and best - self.rate(one).mean < zone
                and one.variant not in self.manifest.choice.barred]

    @property
    def judged(self) -> list[Variant]:
        """The variants in which cities help each other, where floors are owed."""
        return [one for one in self.manifest.variants if one.floors]

    @property
    def kept(self) -> list[Variant]:
        """The variants that break no floor."""
        return [one for one in self.manifest.variants if not one.breaks]

    @property
    def better_but_barred(self) -> list[Variant]:
        """Those that would answer more than the best, were it not for floors, the most first."""
        more = {name: figure.mean for name, figure in self.manifest.choice.barred.items() if figure.mean > 0}
        return [self.named(name) for name in sorted(more, key=lambda name: -more[name])]

    @property
    def rival(self) -> Variant | None:
        """What the best is measured against: the scenario as it is; if that is the best, the next best that differs,
        of those that break no floor if there is one."""
        if self.best is not self.first:
            return self.first
        return max(self.differing, key=lambda one: (not one.breaks, self.rate(one).mean), default=None)

    @property
    def differing(self) -> list[Variant]:
        """The variants that change anything, the largest change first."""
        found = [one for one in self.others if not is_nothing(one.differences)]
        return sorted(found, key=lambda one: -abs(self.change(one).mean))

    def change(self, one: Variant, metric: str = "") -> Figure:
        """Of a variant against the scenario as it is."""
        return getattr(one.differences, metric or self.metric) if one.differences else NOTHING

    def gain(self, metric: str = "") -> Figure:
        """Of the best against its rival."""
        if self.best is not self.first:
            return self.change(self.best, metric)
        return negative(self.change(self.rival, metric)) if self.rival else NOTHING

    # --- by city and time --------------------------------------------------------------------------------------------

    @property
    def main(self) -> Variant:
        """The variant that titles speak of: the best, or its rival where the best changes nothing."""
        return self.rival if self.best is self.first and self.rival else self.best

    @property
    def drawn(self) -> list[Variant]:
        """The variants that charts show."""
        found = [self.main, *(one for one in self.differing if one is not self.main)]
        return found[:MOST_DRAWN]

    def colours(self, w: Words) -> dict[str, str]:
        """Of the variants that are drawn, by name."""
        return dict(zip((self.label(w, one) for one in self.drawn), charts.VARIANTS, strict=False))

    @cached_property
    def whole(self) -> dict[tuple[str, str, str], Figure]:
        """Changes over the whole horizon, by variant, metric and scope."""
        table = self.compared.differences
        table = table[(table["from"] == self.view.start) & (table["to"] == self.view.end)]
        return {(one["variant"], one["metric"], one["scope"]): Figure(one["mean"], one["low"], one["high"])
                for one in table.to_dict("records")}

    def in_city(self, one: Variant, city: str) -> Figure:
        """The change of a city's answer rate."""
        return self.whole.get((one.variant, self.metric, f"city:{city}"), NOTHING)

    def over_time(self, one: Variant, metric: str, scope: str) -> pd.DataFrame:
        """from, mean, low, high by the day; of a single day, by the interval."""
        table = self.compared.differences
        table = table[(table["variant"] == one.variant) & (table["metric"] == metric) & (table["scope"] == scope)]
        if len(self.view.days) == 1:
            return table[table["to"] - table["from"] == pd.Timedelta(seconds=self.view.scenario.horizon.interval_s)]
        midnight = (table["from"] + pd.Timedelta(days=1)).dt.normalize()
        ends = midnight.where(midnight <= self.view.end, self.view.end)
        of_days = table["from"].isin(self.view.days) & (table["to"] == ends)
        return table[of_days].drop_duplicates("from")

    @property
    def lenders_cost(self) -> tuple[str, Figure] | None:
        """The lender whose answer rate falls the most if the best is taken instead of its rival, and by how much."""
        if self.rival is None:
            return None
        sign = 1 if self.best is not self.first else -1
        lenders = dict.fromkeys(self.best.lenders + self.rival.lenders)
        found = [(city, self.in_city(self.main, city)) for city in lenders
                 if city not in self.manifest.objective.cities]
        known = [(city, change if sign > 0 else negative(change)) for city, change in found if not missing(change.mean)]
        return min(known, key=lambda one: one[1].mean, default=None)


def negative(figure: Figure) -> Figure:
    return Figure(-figure.mean, -figure.high, -figure.low)


def is_nothing(differences: Figures | None) -> bool:
    """Whether a variant does exactly what the first one does; what has no meaning in either is no difference."""
    figures = [getattr(differences, name) for name in Figures.model_fields]
    return all(missing(one.mean) or (one.mean == 0 and (missing(one.low) or one.low == one.high)) for one in figures)
