"""The table of how many begin which shift, beside a plan of several cities: where it plans more people than there are,
and whom it leaves out."""
from __future__ import annotations

from collections.abc import Iterator

from surgeline.reports.page.words import Words
from surgeline.reports.staffing_plan.view import PlanView

A_HAIR = 1e-9


def sentences(view: PlanView, w: Words) -> Iterator[str]:
    """Nothing where there is no such table."""
    counted = view.manifest.counted
    more = [name for name in counted if view.cities[name].shifts.most_begun > view.cities[name].people + A_HAIR]
    if more:
        yield w("counted.more", cities=w.list([w(
            "counted.city", city=view.place(w, name), planned=w.exact(view.cities[name].shifts.most_begun),
            there=w.few(view.cities[name].people)) for name in more]))
    left = [view.place(w, name) for name in view.cities if counted and name not in counted]
    if left:
        yield w("counted.left", cities=w.list(left))


def lead(view: PlanView, w: Words) -> str:
    """What stands above the shifts about the table."""
    return w("counted.lead") if view.manifest.counted else ""
