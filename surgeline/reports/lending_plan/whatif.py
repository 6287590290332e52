"""What more and fewer seats bring, plans next to this one, what each refusal costs, and who is not asked."""
from __future__ import annotations

import pandas as pd

from surgeline.folders.lending_plan import LendingPlan, Manifest, Neighbour
from surgeline.reports.lending_plan import offered, refusals
from surgeline.reports.lending_plan.answer import bare
from surgeline.reports.page import charts, places
from surgeline.reports.page.blocks import Bar, Block, Chart, Charts, Column, Section, Table, YesNo
from surgeline.reports.page.charts import BLUE
from surgeline.reports.page.floors import block_at
from surgeline.reports.page.words import Words

LABELS = 8


def section(done: LendingPlan, w: Words) -> Section | None:
    m = done.manifest
    blocks: list[Block] = []
    if len(m.frontier) > 2:
        blocks.append(Charts((frontier(done, w),), w("plan.frontier_note")))
    if m.neighbours:
        blocks.append(neighbours(done, w))
    if m.refusals:
        blocks.append(refusals.table(done, w))
    if any(people >= 1 for people in m.prices.values()):
        blocks.append(prices(done, w))
    if not blocks:
        return None
    return Section(w("plan.whatif_title"), left_alone(done, w), tuple(blocks))


def frontier(done: LendingPlan, w: Words) -> Chart:
    points = done.manifest.frontier
    most = points[-1]
    half = next(point for point in points if point[1] >= most[1] / 2)
    table = pd.DataFrame([{"x": float(seats), "what": w("plan.more"), "mean": people, "low": None, "high": None}
                          for seats, people in points]).astype({"low": float, "high": float})
    step = max(1, most[0] // LABELS)
    scale = charts.Scale(0, most[0] * 1.02, {float(seats): str(seats) for seats in range(0, most[0] + 1, step)})
    drawing = charts.lines(table, {w("plan.more"): BLUE}, scale, w("plan.frontier_axis"), w.lang)
    return Chart(w("plan.frontier_chart", half=half[0], most=most[0]), drawing)


def prices(done: LendingPlan, w: Words) -> Table:
    """What each term costs, the dearest first."""
    dearest = max(done.manifest.prices.values()) or 1.0
    rows = tuple((w(f"term.{name}"), Bar(w.exact(people), people / dearest))
                 for name, people in sorted(done.manifest.prices.items(), key=lambda one: -one[1]))
    return Table(w("plan.prices_table"), (Column(w("plan.term")), Column(w("plan.price"), "number")), rows,
                 w("plan.prices_note"))


def neighbours(done: LendingPlan, w: Words) -> Table:
    """Plans that differ by a seat, simulated on luck that the plan had not seen."""
    columns = (Column(w("plan.change")), Column(w("plan.more_than_plan"), "number"),
               Column(w("plan.interval"), "number"), Column(w("plan.verdict")))
    rows = tuple((changed(done, w, one), w.change(one.people.mean), bare(w, one.people),
                  verdict(done, w, one)) for one in done.manifest.neighbours)
    return Table(w("plan.neighbours_table"), columns, rows, w("plan.neighbours_note"))


def changed(done: LendingPlan, w: Words, one: Neighbour) -> str:
    """Who lends a seat more or less, on duty or called in, and at which time of day if not at all."""
    s = done.manifest.scenario
    city, other = (offered.source(done, w, name) if name else "" for name in (one.lender, one.other))
    said = w(f"plan.neighbour_{one.kind}", city=city, other=other, borrower=places.city(s, w, one.borrower))
    return said if one.minute is None else said + w("plan.neighbour_at", at=block_at(s, one.minute))


def verdict(done: LendingPlan, w: Words, one: Neighbour) -> YesNo:
    if one.taken:
        return YesNo(w("plan.taken"), True)
    if not one.holds:
        return YesNo(w("plan.floor_in_doubt"), False)
    if one.people.low <= 0:
        return YesNo(w("plan.no_better"), True)
    another = any(other.taken for other in done.manifest.neighbours)
    return YesNo(w("plan.better_one_taken" if another else "plan.better_unproved"), another)


def left_alone(done: LendingPlan, w: Words) -> str:
    """Who is not asked, and why."""
    found, m = [], done.manifest
    for why in ("floors", "home", "terms"):
        names = [places.city(m.scenario, w, city) for city, of in m.not_asked.items() if of == why]
        if names:
            found.append(w(f"plan.not_asked_{why}", names=w.list(names)))
    return ("".join(found) or w("plan.all_asked")) + distance(m, w)


def distance(m: Manifest, w: Words) -> str:
    """How far the plan is from the best that any plan could do, as the model has it, where the goal is people. Where
    simulation finds more than the model's bound, it bounds nothing that a reader cares for."""
    terms = m.scenario.lending
    if terms is None or terms.objective not in ("people", "dials") or not m.levers or m.bound < m.effect.people.mean:
        return ""
    return w("plan.distance", bound=w.exact(m.bound), own=w.exact(m.bound / (1 + max(m.gap, 0.0))))
