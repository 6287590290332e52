"""What the variants leave to the lenders' own citizens: whose floors are proved, hold as far as seen, or are broken."""
from __future__ import annotations

from surgeline.folders.comparison import Variant
from surgeline.folders.lending_plan import Floor
from surgeline.reports.comparison.view import ComparisonView
from surgeline.reports.page import places
from surgeline.reports.page.blocks import Cell, Column, Section, Table, YesNo
from surgeline.reports.page.floors import clock, meanings, span, tally, verdict
from surgeline.reports.page.words import Words

WORDS = ("proved", "kept", "not_kept")
MOST_PLACES, MOST_TIMES, MOST_ROWS = 3, 4, 24


# --- in the answer ---------------------------------------------------------------------------------------------------

def sentences(comparison: ComparisonView, w: Words) -> list[str]:
    """Of each variant one of three words, and what is better and may not be chosen; nothing where nobody is helped."""
    if not comparison.judged:
        return []
    groups = [w("compare.floors_group", word=w(f"plan.{word}"), names=names) for word in WORDS
              for names in [w.list([said(comparison, w, one) for one in comparison.judged if word_of(one) == word])]
              if names]
    return [w("compare.floors_said", groups=w("compare.parts").join(groups)),
            *(better(comparison, w, one) for one in comparison.better_but_barred)]


def word_of(one: Variant) -> str:
    """What is true of all floors of a variant: the key of a word."""
    counts = tally(one.floors or ())
    return "not_kept" if counts["broken"] else "kept" if counts["kept"] else "proved"


def said(comparison: ComparisonView, w: Words, one: Variant) -> str:
    """A variant, with the floors that it breaks."""
    name = w("compare.quoted", name=w.name(one.name))
    return name + (w("number.bracket", x=where(comparison, w, one)) if one.breaks else "")


def where(comparison: ComparisonView, w: Words, one: Variant) -> str:
    """Whose floors a variant breaks, and at which times."""
    by_city: dict[str, dict[str, None]] = {}
    for floor in one.breaks:
        by_city.setdefault(floor.lender, {})[begins(w, floor)] = None
    return w.cities([w("compare.floors_at", city=places.city(comparison.view.scenario, w, city),
                       times=w.list(list(times), MOST_TIMES, "compare.more_times"))
                     for city, times in by_city.items()], MOST_PLACES)


def begins(w: Words, floor: Floor) -> str:
    """When the block of a floor begins."""
    return w("plan.whole_day") if floor.name == "day_drop" else clock(60 * floor.hour + floor.minute)


def better(comparison: ComparisonView, w: Words, one: Variant) -> str:
    """That a variant answers more than the best, and at whose cost."""
    more = comparison.manifest.choice.barred[one.variant]
    return w("compare.better_broken", name=w.name(one.name), place=comparison.place(w), x=w.exact(more.mean),
             range=w.range_of(more, w.exact, "compare.range"), where=where(comparison, w, one))


# --- on the page -----------------------------------------------------------------------------------------------------

def section(comparison: ComparisonView, w: Words) -> Section | None:
    if not comparison.judged:
        return None
    broken = sum(bool(one.breaks) for one in comparison.judged)
    title = w("compare.floors_broken" if broken else "compare.floors_none_broken", n=len(comparison.judged), k=broken)
    rows = rows_of(comparison, w, tightest(comparison))
    left = len(rows) - MOST_ROWS
    note = w.joined([*meanings(w, tuple(floor for _, floor in everything(comparison))),
                     *([w("compare.floors_cut", n=left)] if left > 0 else [])])
    return Section(w("plan.floors_title"), w("compare.floors_lead"), (
        by_variant(comparison, w, title),
        Table(w("compare.floors_tightest"), columns(w), rows[:MOST_ROWS], note, small=True)))


def by_variant(comparison: ComparisonView, w: Words, title: str) -> Table:
    heads = (Column(w("compare.variant")), *(Column(w(f"plan.{word}"), "number") for word in WORDS),
             Column(w("plan.proof"), "long"))
    return Table(title, heads, tuple(summed_up(comparison, w, one) for one in comparison.manifest.variants))


def summed_up(comparison: ComparisonView, w: Words, one: Variant) -> tuple[Cell, ...]:
    """How many floors of a variant are proved, hold as far as seen and are broken, and what is true of all."""
    if not one.floors:
        return (w.name(one.name), *(w("number.none"),) * len(WORDS), w("compare.no_help"))
    word = word_of(one)
    told = w(f"plan.{word}") + (w("number.bracket", x=where(comparison, w, one)) if one.breaks else "")
    return (w.name(one.name), *map(str, tally(one.floors).values()),
            told if word == "kept" else YesNo(told, word == "proved"))


def columns(w: Words) -> tuple[Column, ...]:
    return (Column(w("compare.variant")), Column(w("plan.lender"), "short"), Column(w("plan.floor")),
            Column(w("plan.at")), Column(w("plan.bound"), "number"), Column(w("plan.found"), "number"),
            Column(w("plan.floor_interval"), "number"), Column(w("plan.proof")))


Row = tuple[Variant, Floor]


def tightest(comparison: ComparisonView) -> list[Row]:
    """Of each lender under each variant the floor that is nearest to being broken, the broken ones first."""
    found: dict[tuple[str, str], Row] = {}
    for one, floor in everything(comparison):
        key = (one.variant, floor.lender)
        if key not in found or rank(floor) < rank(found[key][1]):
            found[key] = (one, floor)
    return sorted(found.values(), key=lambda row: rank(row[1]))


def rank(floor: Floor) -> tuple[bool, float]:
    """Broken ones first, then by how little is left; unknown where there is one replication."""
    slack = floor.mean.mean - floor.bound if floor.slack != floor.slack else floor.slack
    return not floor.broken, slack


def everything(comparison: ComparisonView) -> list[Row]:
    return [(one, floor) for one in comparison.judged for floor in one.floors or ()]


def rows_of(comparison: ComparisonView, w: Words, rows: list[Row]) -> tuple[tuple[Cell, ...], ...]:
    return tuple(row(comparison, w, *one) for one in rows)


def row(comparison: ComparisonView, w: Words, one: Variant, floor: Floor) -> tuple[Cell, ...]:
    write = w.points if floor.name.endswith("_drop") else w.percent
    return (w.name(one.name), places.city(comparison.view.scenario, w, floor.lender), w(f"plan.{floor.name}"),
            span(comparison.view.scenario, w, floor), write(floor.bound), write(floor.mean.mean),
            w.range_of(floor.mean, write, "plan.bare_range") or w("number.none"), verdict(w, floor))


def table(comparison: ComparisonView, w: Words) -> Table:
    """All of them, for the workbook."""
    return Table(w("plan.floors_title"), columns(w), rows_of(comparison, w, everything(comparison)))
