"""What a plan changes of a roster that was published, and for whom."""
from __future__ import annotations

from datetime import datetime, time
from itertools import groupby

from surgeline.folders.staffing_plan import ChangedCell, Changes, RosterFigures
from surgeline.reports.page.blocks import Cell, Column, Section, Table
from surgeline.reports.page.words import Words
from surgeline.reports.staffing_plan.view import PlanView

MOST_CELLS = 80


def sentences(w: Words, roster: RosterFigures | None, known: bool = True) -> list[str]:
    """How much changes, in a sentence, where something was published.

    :param known: whether most days were, so that the whole can be compared.
    """
    changes = roster.changes if roster else None
    if changes is None or not changes.published + changes.frozen:
        return []
    if not known:
        fixed = w(f"staff.fixed_{'kept' if changes.frozen_kept else 'broken'}", frozen=w.exact(changes.frozen))
        return [fixed, w("staff.few_published", published=w.exact(changes.published),
                         cells=w.exact(len(changes.cells)))] if changes.published else [fixed]
    kept = w(f"staff.changes_frozen_{'kept' if changes.frozen_kept else 'broken'}", frozen=w.exact(changes.frozen))
    frozen = kept if changes.frozen else ""
    if not changes.cells:
        return [w("staff.answer_unchanged", published=w.exact(changes.published), frozen=frozen)]
    return [w("staff.answer_changes", cells=w.exact(len(changes.cells)), published=w.exact(changes.published),
              people=w.exact(changes.people), frozen=frozen)]


def section(view: PlanView, w: Words) -> Section | None:
    """A table a city, of those for whom something changed."""
    found = {name: c.roster.changes for name, c in view.cities.items() if c.roster and c.roster.changes}
    tables = tuple(table(view, w, name, changes) for name, changes in found.items() if changes.cells)
    return Section(w("staff.changes_title"), w("staff.changes_lead"), tables) if tables else None


def table(view: PlanView, w: Words, name: str, changes: Changes) -> Table:
    """By person; where several days of somebody change, they are added up in a line above."""
    shown = changes.cells[:MOST_CELLS]
    rows, sums = list[tuple[Cell, ...]](), set[int]()
    for person, group in groupby(shown, key=lambda one: one.name):
        cells = tuple(group)
        if len(cells) > 1:
            sums.add(len(rows))
            rows.append((person, w("staff.changes_days", n=len(cells)), "", "", "", *added(w, cells)))
        rows += [row_of(w, "" if len(cells) > 1 else person, one) for one in cells]
    kinds = {"hours_more": "number", "nights_more": "number"}
    columns = tuple(Column(w(f"staff.{head}"), "number" if head in kinds else "short")
                    for head in ("name", "day", "before", "after", "notice", *kinds))
    more = w("staff.more_changes", n=len(changes.cells) - len(shown)) if len(shown) < len(changes.cells) else ""
    note = w("staff.changes_note", told=f"{w.date(changes.told)} {changes.told:%H:%M}") + more
    return Table(w("staff.changes_table", place=view.place(w, name)), columns, tuple(rows), note, frozenset(sums), True)


def row_of(w: Words, name: str, one: ChangedCell) -> tuple[Cell, ...]:
    notice = w.duration(one.notice_h * 3600) if one.notice_h >= 0 else w("staff.begun")
    return (name, w.day_short(datetime.combine(one.day, time.min)), told(w, one.before, one.before_time),
            told(w, one.after, one.after_time), notice, *added(w, (one,)))


def told(w: Words, code: str, span: str) -> str:
    """A shift with its time, or a day off."""
    return w("staff.shift_and_time", code=code, time=span) if span else code


def added(w: Words, cells: tuple[ChangedCell, ...]) -> tuple[str, str]:
    """Hours and nights more, or fewer."""
    return w.change(sum(one.hours for one in cells)), w.change(sum(one.nights for one in cells))
