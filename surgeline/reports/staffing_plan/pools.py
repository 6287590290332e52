"""How many seats are needed by what people can answer, and which people are short, where some answer some classes of
callers only."""
from __future__ import annotations

from datetime import datetime

from surgeline.folders.staffing_plan import CityStaffing, PoolNeed
from surgeline.reports.page import places
from surgeline.reports.page.blocks import Cell, Column, Table
from surgeline.reports.page.words import Words
from surgeline.reports.staffing_plan.view import PlanView

HEADS = ("peak", "at", "seat_hours", "open_hours", "short_hours", "short_most", "short_at")


def tables(view: PlanView, w: Words, name: str) -> tuple[Table, ...]:
    """A line a pool; no table where all answer everything."""
    pools = view.cities[name].pools
    if not pools:
        return ()
    columns = (Column(w("staff.can_answer")), *(Column(w(f"staff.{one}"), "short" if one.endswith("at") else "number")
                                                for one in HEADS))
    note = ("" if w.lang == "zh" else " ").join([*sentences(view, w, name), w("staff.pools_note")])
    rows = tuple(row_of(view, w, one) for one in pools)
    return (Table(w("staff.pools_table", place=view.place(w, name)), columns, rows, note),)


def row_of(view: PlanView, w: Words, pool: PoolNeed) -> tuple[Cell, ...]:
    return (can_answer(view, w, pool), w.exact(pool.peak), moment(w, peak_at(pool)), w.exact(pool.seat_hours),
            w.exact(pool.open_hours), w.exact(pool.short_hours), w.exact(pool.short_most), moment(w, pool.short_at))


def peak_at(pool: PoolNeed) -> datetime | None:
    """None where no seat is ever needed."""
    return pool.peak_at if pool.peak else None


def sentences(view: PlanView, w: Words, name: str) -> list[str]:
    """Which people are short of those who answer some classes only: the plan leaves their shifts as they are."""
    c = view.cities[name]
    if c.pools == ():
        return [w("staff.pools_none", place=view.place(w, name))]
    return [w("staff.pool_short", place=view.place(w, name), classes=classes(view, w, pool), most=pool.short_most,
              at=moment(w, pool.short_at), hours=w.exact(pool.short_hours))
            for pool in apart(c) if pool.short_at is not None]


def apart(c: CityStaffing) -> list[PoolNeed]:
    return [pool for pool in c.pools or () if pool.classes]


def can_answer(view: PlanView, w: Words, pool: PoolNeed) -> str:
    return w("staff.pool_some", classes=classes(view, w, pool)) if pool.classes else w("staff.pool_all")


def classes(view: PlanView, w: Words, pool: PoolNeed) -> str:
    return w.list([places.klass(view.scenario, w, one) for one in pool.classes])


def moment(w: Words, at: datetime | None) -> str:
    """A dash for never."""
    return w("number.none") if at is None else f"{w.day(at)} {at:%H:%M}"
