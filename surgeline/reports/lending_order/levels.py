"""At which answer rates of a quarter-hour an order is changed on the day: numbers by time of day, and the rules."""
from __future__ import annotations

from surgeline.folders.order_entries import CityLevels, Level
from surgeline.reports.lending_order import people
from surgeline.reports.lending_order.view import OrderView
from surgeline.reports.page.blocks import Cell, Column, Table
from surgeline.reports.page.words import Words


def table(view: OrderView, w: Words, city: str) -> Table | None:
    """A column a time of day; nothing where nothing was simulated for it, or nothing is decided by it."""
    found = view.m.levels.get(city)
    if found is None or not found.times or only_called(view, city):
        return None
    columns = (Column(w("order.level"), "short"), *(Column(hours(w, one), "number")
                                                     for one in found.times))
    return Table(w("order.levels_table", minutes=found.minutes), columns, tuple(rows(view, w, city, found)), small=True)


def only_called(view: OrderView, city: str) -> bool:
    """Whether a city does nothing but lend seats manned by people called in: its own seats stay as they are."""
    lent = view.lent_by(city)
    return bool(lent) and not view.guests_of(city) and all(float(one.off_duty) == 1 for one in lent)


def hours(w: Words, one: Level) -> str:
    """Whole hours in short."""
    if one.start % 60 or one.end % 60:
        return w.times_of_day(one.start, one.end)
    return f"{one.start // 60}–{one.end // 60}"


def rows(view: OrderView, w: Words, city: str, found: CityLevels) -> list[tuple[Cell, ...]]:
    kinds = ["recall"] if recalls(view, city) else []
    kinds += ["expected", "escalate"] if view.guests_of(city) else ["usual", "expected"]
    kinds += ["release"] if view.guests_of(city) and found.releases else []
    kinds += ["escalate"] if not view.lent_by(city) and not view.guests_of(city) else []
    return [(w(f"order.level_{kind}"), *(tenths(value(one, kind)) for one in found.times)) for kind in kinds]


def recalls(view: OrderView, city: str) -> bool:
    """Whether people on duty sit on seats that a city lends."""
    return any(float(one.off_duty) < 1 for one in view.lent_by(city))


def tenths(share: float) -> str:
    """Of a hundred, always to a tenth, so that the numbers of a row stand below one another."""
    return f"{100 * share:.1f}"


def value(one: Level, kind: str) -> float:
    return float(getattr(one, kind))


def rules(view: OrderView, w: Words, city: str) -> list[str]:
    """What is done where a rate passes a level, and how often that happens though all goes as planned."""
    found = view.m.levels.get(city)
    if only_called(view, city):
        return [w("order.no_recall")]
    if found is None or not found.times:
        return [w("order.no_levels")]
    said = []
    if recalls(view, city):
        said.append(w("order.rule_recall", drop=drop_of(view, w, city), share=w.percent(found.recalls, 0)))
    if view.guests_of(city) or not said:
        said.append(w("order.rule_escalate", share=w.percent(found.escalations, 0)) + next_step(view, w))
    if view.guests_of(city):
        said.append(release(view, w, city, found))
    return said


def next_step(view: OrderView, w: Words) -> str:
    """What the province may order instead: the next plan of the menu that brings more; nothing where no menu is."""
    names = [one.name for one in view.m.menu]
    if view.m.stance not in names:
        return ""
    at = names.index(view.m.stance)
    now = view.m.menu[at].effect.people.mean
    more = next((one for one in view.m.menu[at + 1:] if one.effect.people.mean > now), None)
    if more is None:
        return w("order.no_next")
    return w("order.next", name=w(f"stance.{more.name}"), people=w.exact(more.effect.people.mean - now),
             called=w.exact(more.people), seats=more.seats)


def release(view: OrderView, w: Words, city: str, found: CityLevels) -> str:
    """When seats go home before the end; where that is never met as planned, that they stay until it."""
    if found.releases:
        return w("order.rule_release", drop=drop_of(view, w, city), share=w.percent(found.releases, 0))
    ends = [end for one in view.guests_of(city) for _, end in one.span.stretches()]
    return w("order.no_release", stop=people.moment(w, max(ends)))


def drop_of(view: OrderView, w: Words, city: str) -> str:
    """How many points a city's callers may lose by the floor."""
    terms = view.s.lending
    return w.few(100 * float(terms.floor_of(city).answered_drop)) if terms else w("number.none")
