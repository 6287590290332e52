"""Whether an answer hangs on patience, which no hotline publishes: said where it is assumed and many hang up."""
from __future__ import annotations

from collections.abc import Collection

from sim.scenario.assumptions import of_kind
from sim.scenario.quantities import Quantity
from sim.scenario.scenario import Scenario
from surgeline.reports.page import places
from surgeline.reports.page.words import Words, in_unit, time_unit
from surgeline.reports.run.view import RunView, Subject

RELEVANT = 0.05  # of the dials of a place that the report is about: if more hang up, the answer hangs on patience
SIZES = ("mean", "median")


def of_run(view: RunView, w: Words) -> str:
    """A line where patience is an assumption and more than a twentieth of the dials ends by hanging up."""
    share, place = max(((hung_up(view, one), one) for one in view.subjects), key=lambda one: one[0])
    values = assumed(view.scenario, w, view.classes_called)
    if share <= RELEVANT or not values:
        return ""
    return w("patience.run", place=view.place(w, place), share=w.percent(share), values=w.list(values, 3))


def hung_up(view: RunView, subject: Subject) -> float:
    """The share of the dials that ended by hanging up, over the whole time."""
    total = view.of_days(subject.cities).sum()
    return float(total["abandoned"] / total["dials"]) if total["dials"] > 0 else 0.0


def of_plan(scenario: Scenario, w: Words) -> str:
    """A line where patience is an assumption: the formulas of plans count with it."""
    values = assumed(scenario, w)
    return w("patience.plan", values=w.list(values, 3)) if values else ""


def assumed(scenario: Scenario, w: Words, classes: Collection[str] | None = None) -> list[str]:
    """What is assumed of the patience of the classes, or of some, those of which the same is assumed together."""
    found: dict[str, dict[str, None]] = {}
    for where, quantity in of_kind(scenario, "assumed"):
        if where[0] == "classes" and where[2] == "patience" and where[-1] in SIZES \
                and (classes is None or where[1] in classes):
            found.setdefault(said(w, quantity), {})[places.klass(scenario, w, str(where[1]))] = None
    return [w("patience.value", names=w.list(list(names), 4), value=value) for value, names in found.items()]


def said(w: Words, quantity: Quantity) -> str:
    """A time with its range, in one unit."""
    unit, size = time_unit(float(quantity))
    low, high = quantity.range or (float(quantity), float(quantity))
    return w("patience.range", value=w(f"number.{unit}", x=in_unit(float(quantity), size)),
             span=w(f"number.{unit}", x=w.spread(in_unit(low, size), in_unit(high, size))))
