"""The answer, in a sentence or two that can be repeated, and the figures under it."""
from __future__ import annotations

from collections.abc import Callable

from sim.measures.statistics import Figure
from surgeline.folders.run import Gain, Lender
from surgeline.reports.page import places
from surgeline.reports.page.blocks import KeyFigure
from surgeline.reports.page.words import MINUS, Words, missing
from surgeline.reports.run import seats, width
from surgeline.reports.run.view import RunView, Subject

KEY_FIGURES = (("dials", "count"), ("callers", "count"), ("callers_answered", "count"),
               ("answer_rate_callers", "per_hundred"), ("answer_rate_dials", "per_hundred"),
               ("p95_wait_s", "duration"), ("helpers_share", "percent"))
NAN, A_PERSON = float("nan"), 1.0
UNNOTICED = 0.0005  # of a lender's answer rate


def sentences(b: RunView, w: Words) -> list[str]:
    """What happened, place by place, and what another variant would gain."""
    happened = [those_days(b, w, subject) for subject in b.subjects] if b.has_surge \
        else [whole(b, w, b.lead)]
    return [*happened, *filter(None, [seats.shortage(b, w, b.lead)]), *gain(b, w)]


def figures(b: RunView, subject: Subject, whole: bool) -> dict[str, Figure]:
    when = (None, None) if whole else b.told(subject)
    names = ("dials", "callers", "callers_answered", "answer_rate_dials", "answer_rate_callers")
    return {name: b.figure(name, subject.scope, *when) for name in names}


def when(b: RunView, w: Words, subject: Subject) -> str:
    """The day or the days that are told of a place."""
    start, end = b.told(subject)
    if start is None:
        return w.period(b.start, b.end)
    return w.day(start) if end is None else w.moments(start, end)


def those_days(b: RunView, w: Words, subject: Subject) -> str:
    """The worst day of a place, or the days that are to be told: dials, people, and how many of each were answered."""
    if not b.anybody(subject, *b.told(subject)):
        return w("answer.nobody", period=when(b, w, subject), place=b.place(w, subject))
    return w(f"answer.{b.scenario.headline}", day=when(b, w, subject), **values(b, w, subject, whole=False))


def whole(b: RunView, w: Words, subject: Subject) -> str:
    """The whole time of a place, where there is no surge."""
    if not b.anybody(subject):
        return w("answer.nobody", period=w.period(b.start, b.end), place=b.place(w, subject))
    return w(f"answer.whole_{b.scenario.headline}", period=w.period(b.start, b.end),
             **values(b, w, subject, whole=True))


def values(b: RunView, w: Words, subject: Subject, whole: bool) -> dict[str, str]:
    found = figures(b, subject, whole)
    by_callers, by_dials = found["answer_rate_callers"], found["answer_rate_dials"]
    return {"place": b.place(w, subject), "dials": w.count(found["dials"].mean),
            "callers": w.count(found["callers"].mean), "answered": w.count(found["callers_answered"].mean),
            "per_callers": w.per_hundred(by_callers.mean), "per_dials": w.per_hundred(by_dials.mean),
            "callers_range": w.range_of(by_callers, in_hundred(by_callers)),
            "dials_range": w.range_of(by_dials, in_hundred(by_dials))}


def in_hundred(figure: Figure) -> Callable[[float], str]:
    """Writes the bounds of an interval: with a decimal, or as many as it takes to tell them apart."""
    low, high = 100 * figure.low, 100 * figure.high
    digits = next((n for n in (1, 2, 3) if round(low, n) != round(high, n)), 1)
    return lambda share: f"{100 * share:.{digits}f}".replace("-", MINUS)


def gain(b: RunView, w: Words) -> list[str]:
    """What the best variant would gain in the whole province, and who gains and who pays; if all lose, what the worst
    would lose."""
    known = [one for one in b.gains if not missing(one.callers_answered_province.mean)]
    if not known or not b.figure("dials", "province").mean > 0:
        return []
    best = max(known, key=lambda one: one.callers_answered_province.mean)
    if best.callers_answered_province.mean <= 0:
        best = min(known, key=lambda one: one.callers_answered_province.mean)
    change = best.callers_answered_province
    return [w(f"answer.{kind_of(change)}", variant=w.name(best.name), place=everybody(b, w),
              n=w.exact(abs(change.mean)), range=w.range_of(unsigned(change), w.exact, "compare.range"),
              who=who(b, w, best), lenders=lenders(b, w, best))]


def everybody(b: RunView, w: Words) -> str:
    """The province; the city where there is but one."""
    cities = list(b.scenario.cities)
    return w("place.province") if len(cities) > 1 else places.city(b.scenario, w, cities[0])


def who(b: RunView, w: Words, variant: Gain) -> str:
    """Who gains and who pays: the cities in focus, and all others together; nothing where there are no others."""
    cities, here, whole = b.scenario.surged(), variant.callers_answered, variant.callers_answered_province
    if len(cities) == len(b.scenario.cities) or kind_of(whole) == kind_of(here) == "no_gain":
        return ""
    names = w.cities([places.city(b.scenario, w, city) for city in cities], 3)
    return w("answer.who", place=names, here=more_people(w, here), rest=rest(w, whole, here))


def more_people(w: Words, change: Figure) -> str:
    """How many more people are answered, or fewer."""
    return w(f"compare.people_{kind_of(change)}", n=w.exact(abs(change.mean)),
             range=w.range_of(unsigned(change), w.exact, "compare.range"))


def rest(w: Words, whole: Figure, here: Figure) -> str:
    """What the whole gains without what some of it does: a difference of means, without an interval."""
    change = whole.mean - here.mean
    return more_people(w, Figure(change if abs(change) >= A_PERSON / 2 else 0.0, NAN, NAN))


def lent(b: RunView, lender: Lender) -> float:
    """The change of a lender's answer rate; nan where the folder does not tell it."""
    change: Figure | None = getattr(lender, b.rate)
    return NAN if change is None else change.mean


def kind_of(change: Figure) -> str:
    """Gain, loss, or neither if the interval holds nought."""
    if change.mean == 0 or change.low <= 0 <= change.high:
        return "no_gain"
    return "gain" if change.mean > 0 else "loss"


def unsigned(change: Figure) -> Figure:
    """A loss as a positive number; an interval around nought stays as it is."""
    if kind_of(change) == "loss" and not missing(change.low):
        return Figure(-change.mean, -change.high, -change.low)
    return change


def lenders(b: RunView, w: Words, variant: Gain) -> str:
    """The largest fall of a lender's answer rate."""
    known = [(lent(b, one), one.city) for one in variant.lenders if not missing(lent(b, one))]
    return lender_loss(b, w, *min(known)) if known else ""


def lender_loss(b: RunView, w: Words, change: float, city: str) -> str:
    """By how much the answer rate of the lender that pays the most falls, in the rate that the report leads with."""
    by = w(f"answer.by_{b.scenario.headline}")
    if change > -UNNOTICED:
        return w("answer.lender_none", by=by)
    return w("answer.lender_loss", city=places.city(b.scenario, w, city), by=by,
             points=w("number.points", x=f"{-100 * change:.1f}"))


def key_figures(b: RunView, w: Words) -> list[KeyFigure]:
    """The figures of the first sentence, each with its interval."""
    found = [(name, write, b.figure(name, b.lead.scope, *b.told(b.lead))) for name, write in KEY_FIGURES]
    return [KeyFigure(w(f"answer.kpi_{name}"), getattr(w, write)(figure.mean), bounds(w, write, figure))
            for name, write, figure in found
            if not missing(figure.mean) and (figure.mean > 0 or name != "helpers_share")]


def whose(b: RunView, w: Words) -> str:
    """The place and the day of the key figures."""
    interval = w("answer.with_interval") if b.run.manifest.replications > 1 else ""
    return w("answer.whose", place=b.place(w, b.lead), when=when(b, w, b.lead), interval=interval)


def bounds(w: Words, write: str, figure: Figure) -> str:
    if missing(figure.low):
        return ""
    written = {"count": w.exact, "per_hundred": in_hundred(figure)}.get(write, getattr(w, write))
    return f"{written(figure.low)} – {written(figure.high)}"


def note(b: RunView, w: Words) -> str:
    """What the worst day means, and where the intervals come from."""
    n = b.run.manifest.replications
    parts = [why_then(b, w, subject) for subject in b.subjects] if b.has_surge else []
    parts += [w("answer.note_interval", n=n) if n > 1 else w("answer.note_one"), width.of_run(b, w)]
    return ("" if w.lang == "zh" else " ").join(dict.fromkeys(filter(None, parts)))


def why_then(b: RunView, w: Words, subject: Subject) -> str:
    """Why the first screen tells of these days."""
    key = "chosen" if b.chosen else "spotlight" if b.scenario.spotlight else "worst"
    return w(f"answer.note_{key}", day=when(b, w, subject), place=b.place(w, subject),
             of=w(f"answer.of_{b.scenario.headline}"))
