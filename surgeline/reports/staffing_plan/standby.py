"""People on standby: how many in which hours of which days, who, and what it costs against more people on duty."""
from __future__ import annotations

from datetime import datetime

from surgeline.folders.staffing_plan import Standby, StandbyDay
from surgeline.reports.page.blocks import Cell, Column, Section, Table
from surgeline.reports.page.words import Words
from surgeline.reports.staffing_plan import replays
from surgeline.reports.staffing_plan.view import PlanView

MOST_DAYS, MOST_NAMED = 31, 3


def section(view: PlanView, w: Words) -> Section | None:
    found = view.cities[view.first].standby
    if found is None:
        return None
    if not is_needed(found):
        return Section(w("standby.title"), sentence(view, w, found))
    lead = w("standby.lead", share=w.target(found.in_days), days=sum(one.people > 0 for one in found.days),
             people=sum(one.people for one in found.days), hours=w.exact(found.hours_ready),
             response=w.duration(found.response_s))
    return Section(w("standby.title"), lead, (days(w, found, replays.note(w, view.cities[view.first], replays.STANDBY)),
                                                 costs(w, found), names(w, found)))


def sentence(view: PlanView, w: Words, found: Standby) -> str:
    """For the answer: on how many days the target holds, with them and without, and what it costs."""
    share = w.target(found.in_days)
    if not is_needed(found):
        return w("standby.none_sentence", share=share, without=w.percent(found.without.mean),
                 range=w.range_of(found.without, w.percent))
    on_duty, rarely = w.percent(found.kept_on_duty.mean), [one for one in booked(found) if gain(one)]
    if booked(found) and not rarely:
        return w("standby.unproved", share=share, without=w.percent(found.without.mean), n=found.replications,
                 range=w.range_of(found.without, w.percent), most=max(one.people for one in booked(found)))
    if not rarely:
        return w("standby.no_use", share=share, without=w.percent(found.without.mean),
                 range=w.range_of(found.without, w.percent), on_duty=on_duty, duty_yuan=w.count(found.yuan_on_duty))
    least = min(rarely, key=lambda one: one.without.mean)
    return w("standby.sentence", share=share, days=w.list([w.day(one.start) for one in rarely], MOST_NAMED),
             least=w.percent(least.without.mean), least_kept=w.percent(least.kept.mean),
             without=w.percent(found.without.mean), range_without=w.range_of(found.without, w.percent),
             kept=w.percent(found.kept.mean),
             range_kept=w.range_of(found.kept, w.percent),
             most=max(one.people for one in rarely),
             hours=w.exact(found.hours_ready), yuan=w.count(found.yuan_ready), called=w.count(found.yuan_called),
             on_duty=on_duty, duty_yuan=w.count(found.yuan_on_duty))


def is_needed(found: Standby) -> bool:
    """Whether anybody is booked, or missing: no day need have it where all keep their share as they are."""
    return bool(booked(found)) or (bool(found.days) and found.without.mean < found.in_days)


def booked(found: Standby) -> list[StandbyDay]:
    """Days on which people stand by."""
    return [one for one in found.days if one.people]


def gain(one: StandbyDay) -> bool:
    """Whether more days keep the target with people on standby, to the tenth of a percent that is shown."""
    return round(one.kept.mean - one.without.mean, 3) > 0


def days(w: Words, found: Standby, replayed: str = "") -> Table:
    """A line a day that needs anybody.

    :param replayed: how they are replayed.
    """
    columns = (Column(w("standby.day"), "short"), Column(w("standby.time"), "short"),
               Column(w("standby.people"), "number"), Column(w("standby.named"), "number"),
               Column(w("standby.without"), "number"), Column(w("staff.interval"), "short"),
               Column(w("standby.with"), "number"), Column(w("staff.interval"), "short"),
               Column(w("standby.on_duty"), "number"))
    note = w("standby.days_note", n=found.replications, in_vain=w.percent(found.in_vain),
             called=w.percent(found.called))
    if any(one.named < one.people for one in found.days):
        note += w("standby.too_few_note")
    note += (w("staff.more_days", n=len(found.days) - MOST_DAYS) if len(found.days) > MOST_DAYS else "") + replayed
    rows = tuple(day_row(w, found, one) for one in found.days[:MOST_DAYS])
    return Table(w("standby.days_table"), columns, rows, note, small=True)


def day_row(w: Words, found: Standby, one: StandbyDay) -> tuple[Cell, ...]:
    return (w.day_short(one.start), w.times(one.start, one.end), people(w, found, one), w.exact(one.named),
            w.percent(one.without.mean), w.range_of(one.without, w.percent, "staff.bare"), w.percent(one.kept.mean),
            w.range_of(one.kept, w.percent, "staff.bare"), number(w, one.on_duty, one.on_duty_reached))


def people(w: Words, found: Standby, one: StandbyDay) -> str:
    """On standby; nobody need be on a day that keeps its share without them."""
    if one.without.mean >= found.in_days and not gain(one):
        return w("standby.nobody")
    return number(w, one.people, one.reached)


def number(w: Words, people: int, reached: bool) -> str:
    return w.exact(people) if reached else w("standby.at_most", n=people)


def costs(w: Words, found: Standby) -> Table:
    """Standby against more people on duty."""
    columns = (Column(w("standby.way")), Column(w("standby.hours_head"), "number"), Column(w("staff.yuan"), "number"),
               Column(w("standby.kept_days"), "number"))
    whole = found.yuan_ready + found.yuan_called
    rows = ((w("standby.reachable"), w.exact(found.hours_ready), w.exact(found.yuan_ready), ""),
            (w("standby.when_called"), w.few(found.hours_called), w.exact(found.yuan_called), ""),
            (w("standby.standby_all"), "", w.exact(whole), w.percent(found.kept.mean)),
            (w("standby.duty_all"), w.exact(found.hours_on_duty), w.exact(found.yuan_on_duty),
             w.percent(found.kept_on_duty.mean)))
    return Table(w("standby.cost_table"), columns, rows, w("standby.cost_note", pay=w.few(found.pay)))


def names(w: Words, found: Standby) -> Table:
    """A line a day."""
    columns = (Column(w("standby.day"), "short"), Column(w("standby.names"), "long"))
    rows = []
    for one in found.days[:MOST_DAYS]:
        called = [person.name for person in found.names if person.day == one.start.date()]
        day = w.day_short(datetime.combine(one.start.date(), datetime.min.time()))
        rows.append((day, w.list(called) if called else w("number.none")))
    more = w("staff.more_days", n=len(found.days) - MOST_DAYS) if len(found.days) > MOST_DAYS else ""
    return Table(w("standby.names_table"), columns, tuple(rows), w("standby.names_note") + more, small=True)
