"""Which variant is the best, by how much, how surely, and what it costs the lenders: one sentence, and its figures."""
from __future__ import annotations

from collections.abc import Callable

from sim.measures.statistics import Figure
from surgeline.folders.comparison import PEOPLE
from surgeline.reports.comparison.view import ComparisonView
from surgeline.reports.page.blocks import KeyFigure
from surgeline.reports.page.words import Words, missing, signed
from surgeline.reports.run.answer import in_hundred, kind_of, lender_loss, more_people, rest, unsigned
from surgeline.reports.run.view import possible

WHOLE_PROVINCE = f"{PEOPLE}_province"
HALF_A_PERSON = 0.5
EN = Words("en")  # changes are written alike in both languages


def sentence(comparison: ComparisonView, w: Words) -> str:
    """The answer, as one says it."""
    choice = comparison.manifest.choice
    if not comparison.anybody:
        return w("compare.nobody", n=len(comparison.manifest.variants), place=comparison.place(w))
    if comparison.rival is None:
        return w("compare.all_same", n=len(comparison.manifest.variants), place=comparison.place(w))
    return w(answer_key(comparison), n=len(comparison.manifest.variants), kept=len(comparison.kept),
             best=w.name(comparison.best.name), alike=alike(comparison, w), sure=w.percent(choice.probability, 0),
             replications=comparison.manifest.replications, left=quoted(comparison, w, choice.left),
             rival=w.name(comparison.rival.name),
             gains=gains(comparison, w), lenders=lenders(comparison, w))


def answer_key(comparison: ComparisonView) -> str:
    """Whether the best is known, and among which variants it was looked for: all, those that break no floor, or all
    again where each breaks one."""
    kept, key = len(comparison.kept), "decided" if comparison.decided else "undecided"
    if kept == len(comparison.manifest.variants):
        return f"compare.{key}"
    return "compare.only_kept" if kept == 1 else f"compare.{key}_kept" if kept else f"compare.{key}_broken"


def alike(comparison: ComparisonView, w: Words) -> str:
    """Which variants are as good as the best, in brackets."""
    parts = [w(f"compare.{key}", names=quoted(comparison, w, [one.variant for one in found]), zone=zone(comparison, w))
             for key, found in (("same", comparison.equals), ("close", comparison.close)) if found]
    return w("number.bracket", x=w("compare.parts").join(parts)) if parts else ""


def quoted(comparison: ComparisonView, w: Words, variants: tuple[str, ...] | list[str]) -> str:
    return w.list([w("compare.quoted", name=w.name(comparison.named(name).name)) for name in variants], 4)


def rate(comparison: ComparisonView, w: Words) -> str:
    """How many more of every hundred are answered; nothing where no hundred call in one of the variants."""
    change = comparison.gain()
    if missing(change.mean):
        return w("compare.no_rate")
    return w(f"compare.{comparison.manifest.objective.weights}_{kind_of(change)}",
             x=in_hundred(change)(abs(change.mean)),
             range=w.range_of(unsigned(change), in_hundred(change), "compare.range"))


def gains(comparison: ComparisonView, w: Words) -> str:
    """What all cities together gain, then the cities that the choice is about, then the others."""
    whole, here = comparison.gain(WHOLE_PROVINCE), comparison.gain(PEOPLE)
    if alone(comparison):
        return w("compare.gains_alone", place=comparison.place(w), here=more_people(w, here), rate=rate(comparison, w))
    return w("compare.gains", people=more_people(w, whole), place=comparison.place(w), here=more_people(w, here),
             rate=rate(comparison, w), rest=rest(w, whole, here))


def alone(comparison: ComparisonView) -> bool:
    """Whether nobody gains or loses but the cities that the choice is about."""
    return abs(comparison.gain(WHOLE_PROVINCE).mean - comparison.gain(PEOPLE).mean) < HALF_A_PERSON


def lenders(comparison: ComparisonView, w: Words) -> str:
    """The largest fall of a lender's answer rate."""
    if comparison.lenders_cost is None:
        return ""
    city, change = comparison.lenders_cost
    return lender_loss(comparison.view, w, change.mean, city)


# --- the figures under it --------------------------------------------------------------------------------------------

def key_figures(comparison: ComparisonView, w: Words) -> list[KeyFigure]:
    """What the best does, and what it gains."""
    best, found = comparison.best.figures, list[tuple[str, Figure, Callable[[float], str]]]()
    rates = [within_reach(name, getattr(best, name)) for name in ("answer_rate_callers", "answer_rate_dials")]
    if comparison.rival is not None and not alone(comparison):
        found.append(("gain_province", comparison.gain(WHOLE_PROVINCE), more))
    if comparison.rival is not None:
        found += [("gain_people", comparison.gain(PEOPLE), more),
                  (f"gain_{comparison.manifest.objective.weights}", comparison.gain(), points(comparison.gain()))]
    found += [("rate_callers", rates[0], w.per_hundred), ("rate_dials", rates[1], w.per_hundred),
              ("people", best.callers_answered, w.exact)]
    return [KeyFigure(w(f"compare.{name}"), write(figure.mean), bounds(w, figure, write))
            for name, figure, write in found]


def within_reach(metric: str, figure: Figure) -> Figure:
    """A figure whose interval goes no further than the metric can."""
    return Figure(figure.mean, possible(metric, figure.low), possible(metric, figure.high))


def bounds(w: Words, figure: Figure, write: Callable[[float], str]) -> str:
    return w.range_of(figure, in_hundred(figure) if write == w.per_hundred else write, "record.both")


def points(figure: Figure) -> Callable[[float], str]:
    """Writes changes of a rate in percentage points, with as many digits as it takes to tell the bounds apart."""
    digits = next((n for n in (1, 2, 3) if f"{100 * figure.low:.{n}f}" != f"{100 * figure.high:.{n}f}"), 1)
    return lambda share: EN("number.none") if missing(share) else signed(f"{100 * share:+.{digits}f}")


def more(x: float) -> str:
    """A change of a number of people."""
    return EN.change(x)


def change(w: Words, figure: Figure, write: Callable[[float], str]) -> str:
    """A change with its interval, for a cell of a table."""
    if missing(figure.mean):
        return w("number.none")
    if missing(figure.low) or figure.low == figure.high:
        return write(figure.mean)
    return w("compare.within", value=write(figure.mean), low=write(figure.low), high=write(figure.high))


def whose(comparison: ComparisonView, w: Words) -> str:
    """What the figures are about."""
    interval = w("answer.with_interval") if comparison.several else ""
    against = w("compare.against", rival=w.name(comparison.rival.name)) if comparison.rival else ""
    return w("compare.whose", best=w.name(comparison.best.name), against=against, place=comparison.place(w),
             when=w.period(comparison.view.start, comparison.view.end), interval=interval)


def note(comparison: ComparisonView, w: Words) -> str:
    """What "best" and "sure" mean, and whose the intervals are."""
    choice = comparison.manifest.choice
    parts = [w("compare.note_choice", of=w(f"compare.of_{comparison.manifest.objective.weights}"),
               place=comparison.place(w),
               zone=zone(comparison, w), sure=w.percent(choice.probability, 0)), intervals(comparison, w)]
    return ("" if w.lang == "zh" else " ").join(parts)


def zone(comparison: ComparisonView, w: Words) -> str:
    """The indifference zone."""
    return w("number.points", x=f"{100 * comparison.manifest.choice.indifference:g}")


def brackets(comparison: ComparisonView, w: Words) -> str:
    """What stands in the brackets of a table."""
    return w("compare.in_brackets", m=len(comparison.others)) if comparison.several else w("answer.note_one")


def intervals(comparison: ComparisonView, w: Words) -> str:
    """Where the intervals of differences come from, and what they are corrected for."""
    if not comparison.several:
        return w("answer.note_one")
    return w("compare.note_intervals", n=comparison.manifest.replications, m=len(comparison.others))
