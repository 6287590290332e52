"""By what people can answer, where some answer some classes of callers only: how many seats are needed, which people
are short, and what rosters of their own bring."""
from __future__ import annotations

from datetime import datetime

from surgeline.folders.staffing_plan import CityStaffing, PoolCover, PoolNeed, PoolPlan
from surgeline.reports.page import places
from surgeline.reports.page.blocks import Cell, Column, Table
from surgeline.reports.page.words import Words
from surgeline.reports.staffing_plan.view import PlanView

COVERED = ("seat_hours", "open_planned", "short_hours", "short_most", "short_at", "within_today", "within_planned",
           "interval")
HEADS = ("peak", "at", "seat_hours", "open_hours", "short_hours", "short_most", "short_at")


def tables(view: PlanView, w: Words, name: str) -> tuple[Table, ...]:
    """A line a pool; no table where all answer everything."""
    pools = view.cities[name].pools
    if not pools:
        return ()
    columns = (Column(w("staff.can_answer")), *(Column(w(f"staff.{one}"), "short" if one.endswith("at") else "number")
                                                for one in HEADS))
    planned = "staff.pools_planned" if any(one.plan for one in pools) else "staff.pools_kept"
    note = ("" if w.lang == "zh" else " ").join([*sentences(view, w, name), w("staff.pools_note"), w(planned)])
    rows = tuple(row_of(view, w, one) for one in pools)
    return (Table(w("staff.pools_table", place=view.place(w, name)), columns, rows, note), *covers(view, w, name))


def covers(view: PlanView, w: Words, name: str) -> tuple[Table, ...]:
    """What the rosters of all open of what each pool needs, and what becomes of its callers; where some of these people
    are planned."""
    columns = (Column(w("staff.can_answer")), *(Column(w(f"staff.{one}"), "short" if one.endswith("at") else "number")
                                                for one in COVERED))
    rows = tuple(cover_of(view, w, one, one.cover) for one in view.cities[name].pools or () if one.cover)
    return (Table(w("staff.covers_table", place=view.place(w, name)), columns, rows,
                  w("staff.covers_note")),) if rows else ()


def cover_of(view: PlanView, w: Words, pool: PoolNeed, cover: PoolCover) -> tuple[Cell, ...]:
    return (can_answer(view, w, pool), w.exact(pool.seat_hours), w.exact(cover.open_hours), w.exact(cover.short_hours),
            w.exact(cover.short_most), moment(w, cover.short_at), w.percent(cover.today.within.mean),
            w.percent(cover.planned.within.mean), w.range_of(cover.planned.within, w.percent, "staff.bare"))


def row_of(view: PlanView, w: Words, pool: PoolNeed) -> tuple[Cell, ...]:
    return (can_answer(view, w, pool), w.exact(pool.peak), moment(w, peak_at(pool)), w.exact(pool.seat_hours),
            w.exact(pool.open_hours), w.exact(pool.short_hours), w.exact(pool.short_most), moment(w, pool.short_at))


def peak_at(pool: PoolNeed) -> datetime | None:
    """None where no seat is ever needed."""
    return pool.peak_at if pool.peak else None


def sentences(view: PlanView, w: Words, name: str) -> list[str]:
    """What is planned for those who answer some classes only, or which of them are short and keep their shifts."""
    c = view.cities[name]
    if c.pools == ():
        return [w("staff.pools_none", place=view.place(w, name))]
    planned = [planned_for(view, w, name, pool, pool.plan, pool.cover) for pool in apart(c) if pool.plan and pool.cover]
    return planned + [w("staff.pool_short", place=view.place(w, name), classes=classes(view, w, pool),
                        most=pool.short_most, at=moment(w, pool.short_at), hours=w.exact(pool.short_hours))
                      for pool in apart(c) if pool.short_at is not None and not pool.plan]


def above(w: Words, c: CityStaffing) -> list[str]:
    """Of whom the need is told, where others have a plan of their own."""
    return [w("staff.pools_above")] if any(pool.plan for pool in apart(c)) else []


def planned_for(view: PlanView, w: Words, name: str, pool: PoolNeed, plan: PoolPlan, cover: PoolCover) -> str:
    """How far a roster of their own reaches, and what it brings to their callers."""
    worst = w("staff.pool_worst", at=moment(w, cover.short_at), most=cover.short_most) if cover.short_at else ""
    alone = w("staff.pool_alone", n=w.few(plan.alone)) if view.in_weeks else ""
    return w("staff.pool_planned", place=view.place(w, name), classes=classes(view, w, pool), people=plan.roster.people,
             needed=w.exact(pool.seat_hours), alone=alone, before=w.exact(pool.short_hours),
             short=w.exact(cover.short_hours), worst=worst, today=w.percent(cover.today.within.mean),
             planned=w.percent(cover.planned.within.mean))


def plans(view: PlanView, w: Words, name: str) -> list[tuple[str, PoolPlan]]:
    """Of those who answer some classes only: what they are called, and what is planned for them."""
    return [(w("staff.pool_place", place=view.place(w, name), classes=classes(view, w, pool)), pool.plan)
            for pool in apart(view.cities[name]) if pool.plan]


def apart(c: CityStaffing) -> list[PoolNeed]:
    return [pool for pool in c.pools or () if pool.classes]


def can_answer(view: PlanView, w: Words, pool: PoolNeed) -> str:
    return w("staff.pool_some", classes=classes(view, w, pool)) if pool.classes else w("staff.pool_all")


def classes(view: PlanView, w: Words, pool: PoolNeed) -> str:
    return w.list([places.klass(view.scenario, w, one) for one in pool.classes])


def moment(w: Words, at: datetime | None) -> str:
    """A dash for never."""
    return w("number.none") if at is None else f"{w.day(at)} {at:%H:%M}"
