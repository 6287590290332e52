"""What more and fewer seats bring, what each refusal costs, and who is not asked."""
from __future__ import annotations

import pandas as pd

from surgeline.plans import Planned
from surgeline.reports import charts, places
from surgeline.reports.blocks import Bar, Block, Chart, Charts, Column, Section, Table
from surgeline.reports.charts import BLUE
from surgeline.reports.words import Words

LABELS = 8


def section(done: Planned, w: Words) -> Section | None:
    m = done.manifest
    blocks: list[Block] = []
    if len(m.frontier) > 2:
        blocks.append(Charts((frontier(done, w),), w("plan.frontier_note")))
    if m.refusals:
        blocks.append(refusals(done, w))
    if not blocks:
        return None
    return Section(w("plan.whatif_title"), left_alone(done, w), tuple(blocks))


def frontier(done: Planned, w: Words) -> Chart:
    points = done.manifest.frontier
    most = points[-1]
    half = next(point for point in points if point[1] >= most[1] / 2)
    table = pd.DataFrame([{"x": float(seats), "what": w("plan.more"), "mean": people, "low": None, "high": None}
                          for seats, people in points]).astype({"low": float, "high": float})
    step = max(1, most[0] // LABELS)
    scale = charts.Scale(0, most[0] * 1.02, {float(seats): str(seats) for seats in range(0, most[0] + 1, step)})
    drawing = charts.lines(table, {w("plan.more"): BLUE}, scale, w("plan.frontier_axis"), w.lang)
    return Chart(w("plan.frontier_chart", half=half[0], most=most[0]), drawing)


def refusals(done: Planned, w: Words) -> Table:
    m = done.manifest
    largest = max(m.refusals.values()) or 1.0
    rows = tuple((places.city(m.scenario, w, city), Bar(w.exact(people), people / largest))
                 for city, people in sorted(m.refusals.items(), key=lambda one: -one[1]))
    return Table(w("plan.refusals_table"), (Column(w("plan.lender")), Column(w("plan.refusal"), "number")), rows,
                 w("plan.refusals_note"))


def left_alone(done: Planned, w: Words) -> str:
    """Who is not asked, and why."""
    found, m = [], done.manifest
    for why in ("floors", "home"):
        names = [places.city(m.scenario, w, city) for city, of in m.not_asked.items() if of == why]
        if names:
            found.append(w(f"plan.not_asked_{why}", names=w.list(names)))
    return "".join(found) or w("plan.all_asked")
