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
               ("p95_wait_s", "duration"), ("helpers_share", "percent"), ("served_by_bot", "count"))
NOT_EVERYWHERE = ("helpers_share", "served_by_bot")  # no card where there is nothing of it
NAN, A_PERSON = float("nan"), 1.0
MANY_BUSY = 0.1  # of the dials: more is worth a sentence
UNNOTICED = 0.0005  # of a lender's answer rate


def sentences(view: RunView, w: Words) -> list[str]:
    """What happened, place by place, and what another variant would gain."""
    happened = [those_days(view, w, subject) for subject in view.subjects] if view.has_surge \
        else [whole(view, w, view.lead)]
    more = [busy(view, w), by_bot(view, w), off_the_record(view, w), seats.shortage(view, w, view.lead)]
    return [*happened, *filter(None, more), *gain(view, w), *supposed(view, w)]


def busy(view: RunView, w: Words) -> str:
    """How many dials never got in, which an ACD does not count, and how it went for those that did."""
    scope, span = view.lead.scope, view.told(view.lead)
    dials, answered, blocked = (view.figure(name, scope, *span).mean for name in ("dials", "answered", "blocked"))
    share = view.figure("blocked_share", scope, *span)
    if not share.mean >= MANY_BUSY or not dials - blocked > 0:
        return ""
    return w("answer.busy", share=w.percent(share.mean), got_in=w.percent(answered / (dials - blocked)),
             range=w.range_of(share, w.percent))


def off_the_record(view: RunView, w: Words) -> str:
    """Of how many figures of the record the run misses some: whoever reads no further has to know."""
    record = view.run.manifest.record
    missed = sum(not one.agrees for one in record)
    return w("answer.off_the_record", n=len(record), missed=missed) if missed else ""


def by_bot(view: RunView, w: Words) -> str:
    """Of how many the bot settles the matter: answer rates leave them out, counts of callers do not."""
    settled = view.figure("served_by_bot", view.lead.scope, *view.told(view.lead))
    return w("answer.by_bot", n=w.count(settled.mean)) if settled.mean >= A_PERSON / 2 else ""


def figures(view: RunView, subject: Subject, whole: bool) -> dict[str, Figure]:
    span = (None, None) if whole else view.told(subject)
    names = ("dials", "callers", "callers_answered", "answer_rate_dials", "answer_rate_callers")
    return {name: view.figure(name, subject.scope, *span) for name in names}


def when(view: RunView, w: Words, subject: Subject) -> str:
    """The day or the days that are told of a place."""
    start, end = view.told(subject)
    if start is None:
        return w.period(view.start, view.end)
    return w.day(start) if end is None else w.moments(start, end)


def those_days(view: RunView, w: Words, subject: Subject) -> str:
    """The worst day of a place, or the days that are to be told: dials, people, and how many of each were answered."""
    if not view.anybody(subject, *view.told(subject)):
        return w("answer.nobody", period=when(view, w, subject), place=view.place(w, subject))
    return w(f"answer.{view.scenario.headline}", day=when(view, w, subject), **values(view, w, subject, whole=False))


def whole(view: RunView, w: Words, subject: Subject) -> str:
    """The whole time of a place, where there is no surge."""
    if not view.anybody(subject):
        return w("answer.nobody", period=w.period(view.start, view.end), place=view.place(w, subject))
    return w(f"answer.whole_{view.scenario.headline}", period=w.period(view.start, view.end),
             **values(view, w, subject, whole=True))


def values(view: RunView, w: Words, subject: Subject, whole: bool) -> dict[str, str]:
    found = figures(view, subject, whole)
    by_callers, by_dials = found["answer_rate_callers"], found["answer_rate_dials"]
    return {"place": view.place(w, subject), "dials": w.count(found["dials"].mean),
            "callers": w.count(found["callers"].mean), "answered": w.count(found["callers_answered"].mean),
            "per_callers": w.per_hundred(by_callers.mean), "per_dials": w.per_hundred(by_dials.mean),
            "callers_range": w.range_of(by_callers, in_hundred(by_callers)),
            "dials_range": w.range_of(by_dials, in_hundred(by_dials))}


def in_hundred(figure: Figure) -> Callable[[float], str]:
    """Writes the bounds of an interval: with a decimal, or as many as it takes to tell them apart."""
    low, high = 100 * figure.low, 100 * figure.high
    digits = next((n for n in (1, 2, 3) if round(low, n) != round(high, n)), 1)
    return lambda share: f"{100 * share:.{digits}f}".replace("-", MINUS)


def gain(view: RunView, w: Words) -> list[str]:
    """What the best variant would gain in the whole province, and who gains and who pays; if all lose, what the worst
    would lose."""
    known = [one for one in view.plans if not missing(one.callers_answered_province.mean)]
    if not known or not view.figure("dials", "province").mean > 0:
        return []
    best = max(known, key=lambda one: one.callers_answered_province.mean)
    if best.callers_answered_province.mean <= 0:
        best = min(known, key=lambda one: one.callers_answered_province.mean)
    change = best.callers_answered_province
    return [w(f"answer.{kind_of(change)}", variant=w.name(best.name), place=everybody(view, w),
              n=w.exact(abs(change.mean)), range=w.range_of(unsigned(change), w.exact, "compare.range"),
              who=who(view, w, best), lenders=lenders(view, w, best))]


def supposed(view: RunView, w: Words) -> list[str]:
    """Variants in which other people call or come to work are no plans: what they would gain says nothing."""
    names = [w("compare.quoted", name=w.name(view.scenario.variants[key].name)) for key in view.suppositions]
    first = next(iter(view.suppositions), "")
    return [w("answer.supposed", variants=w.list(names, 3), first=first)] if names else []


def everybody(view: RunView, w: Words) -> str:
    """The province; the city where there is but one."""
    cities = list(view.scenario.cities)
    return w("place.province") if len(cities) > 1 else places.city(view.scenario, w, cities[0])


def who(view: RunView, w: Words, variant: Gain) -> str:
    """Who gains and who pays: the cities in focus, and all others together; nothing where there are no others."""
    cities, here, whole = view.scenario.surged(), variant.callers_answered, variant.callers_answered_province
    if len(cities) == len(view.scenario.cities) or kind_of(whole) == kind_of(here) == "no_gain":
        return ""
    names = w.cities([places.city(view.scenario, w, city) for city in cities], 3)
    return w("answer.who", place=names, here=more_people(w, here), rest=rest(w, whole, here))


def more_people(w: Words, change: Figure) -> str:
    """How many more people are answered, or fewer."""
    return w(f"compare.people_{kind_of(change)}", n=w.exact(abs(change.mean)),
             range=w.range_of(unsigned(change), w.exact, "compare.range"))


def rest(w: Words, whole: Figure, here: Figure) -> str:
    """What the whole gains without what some of it does: a difference of means, without an interval."""
    change = whole.mean - here.mean
    return more_people(w, Figure(change if abs(change) >= A_PERSON / 2 else 0.0, NAN, NAN))


def lent(view: RunView, lender: Lender) -> float:
    """The change of a lender's answer rate; nan where the folder does not tell it."""
    change: Figure | None = getattr(lender, view.rate)
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


def lenders(view: RunView, w: Words, variant: Gain) -> str:
    """The largest fall of a lender's answer rate."""
    known = [(lent(view, one), one.city) for one in variant.lenders if not missing(lent(view, one))]
    return lender_loss(view, w, *min(known)) if known else ""


def lender_loss(view: RunView, w: Words, change: float, city: str) -> str:
    """By how much the answer rate of the lender that pays the most falls, in the rate that the report leads with."""
    by = w(f"answer.by_{view.scenario.headline}")
    if change > -UNNOTICED:
        return w("answer.lender_none", by=by)
    return w("answer.lender_loss", city=places.city(view.scenario, w, city), by=by,
             points=w("number.points", x=f"{-100 * change:.1f}"))


def key_figures(view: RunView, w: Words) -> list[KeyFigure]:
    """The figures of the first sentence, each with its interval."""
    found = [(name, write, view.figure(name, view.lead.scope, *view.told(view.lead))) for name, write in KEY_FIGURES]
    return [KeyFigure(w(f"answer.kpi_{name}"), getattr(w, write)(figure.mean), bounds(w, write, figure))
            for name, write, figure in found
            if not missing(figure.mean) and (figure.mean > 0 or name not in NOT_EVERYWHERE)]


def whose(view: RunView, w: Words) -> str:
    """The place and the day of the key figures."""
    interval = w("answer.with_interval") if view.run.manifest.replications > 1 else ""
    return w("answer.whose", place=view.place(w, view.lead), when=when(view, w, view.lead), interval=interval)


def bounds(w: Words, write: str, figure: Figure) -> str:
    if missing(figure.low):
        return ""
    written = {"count": w.exact, "per_hundred": in_hundred(figure)}.get(write, getattr(w, write))
    return f"{written(figure.low)} – {written(figure.high)}"


def note(view: RunView, w: Words) -> str:
    """What the worst day means, and where the intervals come from."""
    n = view.run.manifest.replications
    parts = [why_then(view, w, subject) for subject in view.subjects] if view.has_surge else []
    parts += [w("answer.note_interval", n=n) if n > 1 else w("answer.note_one"), width.of_run(view, w)]
    return ("" if w.lang == "zh" else " ").join(dict.fromkeys(filter(None, parts)))


def why_then(view: RunView, w: Words, subject: Subject) -> str:
    """Why the first screen tells of these days."""
    key = "chosen" if view.chosen else "spotlight" if view.scenario.spotlight else "worst"
    return w(f"answer.note_{key}", day=when(view, w, subject), place=view.place(w, subject),
             of=w(f"answer.of_{view.scenario.headline}"))
