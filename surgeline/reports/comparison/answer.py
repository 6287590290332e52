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


def sentence(c: ComparisonView, w: Words) -> str:
    """The answer, as one says it."""
    choice = c.manifest.choice
    if not c.anybody:
        return w("compare.nobody", n=len(c.manifest.variants), place=c.place(w))
    if c.rival is None:
        return w("compare.all_same", n=len(c.manifest.variants), place=c.place(w))
    return w("compare.decided" if c.decided else "compare.undecided", n=len(c.manifest.variants),
             best=w.name(c.best.name), alike=alike(c, w), sure=w.percent(choice.probability, 0),
             replications=c.manifest.replications, left=quoted(c, w, choice.left), rival=w.name(c.rival.name),
             gains=gains(c, w), lenders=lenders(c, w))


def alike(c: ComparisonView, w: Words) -> str:
    """Which variants are as good as the best, in brackets."""
    parts = [w(f"compare.{key}", names=quoted(c, w, [one.variant for one in found]), zone=zone(c, w))
             for key, found in (("same", c.equals), ("close", c.close)) if found]
    return w("number.bracket", x=w("compare.parts").join(parts)) if parts else ""


def quoted(c: ComparisonView, w: Words, variants: tuple[str, ...] | list[str]) -> str:
    return w.list([w("compare.quoted", name=w.name(c.named(name).name)) for name in variants], 4)


def rate(c: ComparisonView, w: Words) -> str:
    """How many more of every hundred are answered; nothing where no hundred call in one of the variants."""
    change = c.gain()
    if missing(change.mean):
        return w("compare.no_rate")
    return w(f"compare.{c.manifest.objective.weights}_{kind_of(change)}", x=in_hundred(change)(abs(change.mean)),
             range=w.range_of(unsigned(change), in_hundred(change), "compare.range"))


def gains(c: ComparisonView, w: Words) -> str:
    """What all cities together gain, then the cities that the choice is about, then the others."""
    whole, here = c.gain(WHOLE_PROVINCE), c.gain(PEOPLE)
    if alone(c):
        return w("compare.gains_alone", place=c.place(w), here=more_people(w, here), rate=rate(c, w))
    return w("compare.gains", people=more_people(w, whole), place=c.place(w), here=more_people(w, here),
             rate=rate(c, w), rest=rest(w, whole, here))


def alone(c: ComparisonView) -> bool:
    """Whether nobody gains or loses but the cities that the choice is about."""
    return abs(c.gain(WHOLE_PROVINCE).mean - c.gain(PEOPLE).mean) < HALF_A_PERSON


def lenders(c: ComparisonView, w: Words) -> str:
    """The largest fall of a lender's answer rate."""
    if c.lenders_cost is None:
        return ""
    city, change = c.lenders_cost
    return lender_loss(c.b, w, change.mean, city)


# --- the figures under it --------------------------------------------------------------------------------------------

def key_figures(c: ComparisonView, w: Words) -> list[KeyFigure]:
    """What the best does, and what it gains."""
    best, found = c.best.figures, list[tuple[str, Figure, Callable[[float], str]]]()
    rates = [within_reach(name, getattr(best, name)) for name in ("answer_rate_callers", "answer_rate_dials")]
    if c.rival is not None and not alone(c):
        found.append(("gain_province", c.gain(WHOLE_PROVINCE), more))
    if c.rival is not None:
        found += [("gain_people", c.gain(PEOPLE), more),
                  (f"gain_{c.manifest.objective.weights}", c.gain(), points(c.gain()))]
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


def whose(c: ComparisonView, w: Words) -> str:
    """What the figures are about."""
    interval = w("answer.with_interval") if c.several else ""
    against = w("compare.against", rival=w.name(c.rival.name)) if c.rival else ""
    return w("compare.whose", best=w.name(c.best.name), against=against, place=c.place(w),
             when=w.period(c.b.start, c.b.end), interval=interval)


def note(c: ComparisonView, w: Words) -> str:
    """What "best" and "sure" mean, and whose the intervals are."""
    choice = c.manifest.choice
    parts = [w("compare.note_choice", of=w(f"compare.of_{c.manifest.objective.weights}"), place=c.place(w),
               zone=zone(c, w), sure=w.percent(choice.probability, 0)), intervals(c, w)]
    return ("" if w.lang == "zh" else " ").join(parts)


def zone(c: ComparisonView, w: Words) -> str:
    """The indifference zone."""
    return w("number.points", x=f"{100 * c.manifest.choice.indifference:g}")


def brackets(c: ComparisonView, w: Words) -> str:
    """What stands in the brackets of a table."""
    return w("compare.in_brackets", m=len(c.others)) if c.several else w("answer.note_one")


def intervals(c: ComparisonView, w: Words) -> str:
    """Where the intervals of differences come from, and what they are corrected for."""
    if not c.several:
        return w("answer.note_one")
    return w("compare.note_intervals", n=c.manifest.replications, m=len(c.others))
