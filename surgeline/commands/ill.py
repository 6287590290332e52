"""Somebody is ill: whether anybody must take the shift, who can, why the others cannot, what it means for callers."""
from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from optimizer.staffing.planning.city_roster.duties import shift_code
from optimizer.staffing.planning.illness import Brought, Illness, moment, who_takes
from optimizer.staffing.revising.added_duties import Span
from optimizer.staffing.revising.asking import BEFORE_GOING
from optimizer.staffing.revising.checks import Check
from optimizer.staffing.revising.on_the_day import Candidate, Offer, opens, pay_of
from optimizer.staffing.rosters.problem import Wish
from sim.measures.statistics import Figure
from sim.reading.roster_days import Heading, day_written
from sim.scenario.messages import printable, say
from sim.scenario.people import plain_name
from sim.scenario.scenario import Scenario
from surgeline import console
from surgeline.commands.studying import compile_first
from surgeline.folders.rules_passed import passed_of
from surgeline.locale import Lang, texts
from surgeline.problems import UsageError
from surgeline.reports.page import rules
from surgeline.reports.page.words import Words
from surgeline.terminal import show, show_table

REPLICATIONS = 8
MOST_SHOWN, MOST_NAMES, MOST_TIMES = 10, 5, 4
HEADS = ("rank", "name", "how", "time", "left", "ask", "hours", "rate", "yuan", "breaks")
KINDS = "fwwwwwfffw"
CLOCK = "%H:%M"
OF_A_DAY = re.compile(r"(.*?)[T\s]*(\d{1,2}:\d{2})")


def run(scenario: Scenario, city: str, options: dict[str, Any], lang: Lang, as_json: bool) -> None:
    """Ask and show."""
    name, at = person_and_moment(options["ill"], scenario)
    words = texts(lang)["cli"]
    compile_first("kernel", words, options["dask"])
    with console.progress(words["simulating"]) as tell:
        found = who_takes(scenario, city, name, at, seed=options["seed"],
                          replications=options["replications"] or REPLICATIONS, workers=options["dask"], tell=tell)
    if as_json:
        print(json.dumps(summary(found), ensure_ascii=False))
    else:
        show_answer(found, name, Words(lang))


def person_and_moment(text: str, scenario: Scenario) -> tuple[str, datetime]:
    """Who is ill, and from when on; a time alone is of today.

    :raises UsageError: for what is neither, and for a moment outside the horizon.
    """
    name, at, when = unicodedata.normalize("NFKC", text).rpartition("@")
    one_day = scenario.horizon.end - scenario.horizon.start <= timedelta(days=1)
    first = scenario.horizon.start.date()
    moment_of = read_moment(when.strip(), first if one_day else date.today(), first)
    if not at or not name.strip() or moment_of is None:
        raise UsageError(say("--ill: write a name of the roster and a moment, such as {example}, got {got}",
                             example=f"张三@{scenario.horizon.start:%Y-%m-%d} 06:40", got=printable(text)))
    if not scenario.horizon.start <= moment_of < scenario.horizon.end:
        raise UsageError(say("--ill: {at:%Y-%m-%d %H:%M} is not in the horizon, {start:%Y-%m-%d} to {end:%Y-%m-%d}: "
                             "give the day too, such as {example}", at=moment_of, start=scenario.horizon.start,
                             end=scenario.horizon.end, example=f"{name}@{scenario.horizon.start:%Y-%m-%d} 06:40"))
    return plain_name(name), moment_of


def read_moment(text: str, today: date, near: date) -> datetime | None:
    """A moment: a time alone is of today; a day without its year, as tables have it, is the one nearest to a day."""
    parts = OF_A_DAY.fullmatch(text)
    day = None if parts is None else day_written(parts[1], near) if parts[1] else Heading(today)
    try:
        return datetime.combine(day.day, datetime.strptime(parts[2], CLOCK).time()) if parts and day else None
    except ValueError:
        return None


# --- shown -----------------------------------------------------------------------------------------------------------

def show_answer(found: Illness, name: str, w: Words) -> None:
    """Whether somebody must take it, and who; what is left, what is open, who can, what that means for callers, why
    others cannot."""
    answer = found.answer
    for line in (verdict(found, name, w), *what_is_left(found, w)):
        show(line)
    start, end = moment(found, answer.start), moment(found, answer.end)
    show(w("ill.open", name=name, start=f"{start:%m-%d %H:%M}", end=f"{end:%H:%M}"))
    known = [one.offer for one in found.brought]
    offers = {rank: offer for rank, offer in enumerate(answer.offers, 1) if rank <= MOST_SHOWN or offer in known}
    if offers:
        show_table([w(f"ill.{head}") for head in HEADS], [row(found, *one, w) for one in offers.items()], KINDS)
    if len(answer.offers) > len(offers):
        show(w("ill.more", n=len(answer.offers) - len(offers)))
    for line in (*(taken(found, one, w) for one in found.brought), *worth(found, w), *reasons(found, w),
                 *sources(offers.values(), w)):
        show(line)


def verdict(found: Illness, name: str, w: Words) -> str:
    """Whether it is worth to ask anybody, and whom."""
    lost = {"more": w.change(found.undone.mean), "range": w.range_of(found.undone, w.exact)}
    if not found.needed:
        key = "ill.no_leader" if found.left.leaderless else "ill.not_needed"
        return w(key, name=name, pay=not_worth(found, w), **lost)
    if found.taken is None:
        return w("ill.nobody", **lost)
    return w("ill.needed", who=who(found, found.taken.offer, w), taken=w.change(found.taken.answered.mean),
             taken_range=w.range_of(found.taken.answered, w.exact), **lost)


def not_worth(found: Illness, w: Words) -> str:
    """What it is not worth: the cheapest who fill the whole, or a part where nobody can."""
    whole, parts = found.answer.cheapest, [one.offer for one in found.brought if not opens(one.offer)]
    if not parts:
        return ""
    least = pay_of(whole) if whole else min(map(pay_of, parts))
    return w("ill.not_worth" if whole else "ill.not_worth_part", yuan=w.exact(least), call=w.few(found.worth.yuan))


def what_is_left(found: Illness, w: Words) -> Iterator[str]:
    """If nobody takes it: people in the emptiest half-hours, times without anybody at the telephone and without a
    leader; and what stays so with those who are asked."""
    left = found.left
    yield w("ill.remain", n=left.at_work, at=spans(found, left.at_work_in, w), phones=at_phones(found, w))
    if left.leaderless:
        names = list(dict.fromkeys(one.person for offer in found.answer.offers for one in offer if one.leads))
        leaders = w("ill.leaders", names=w.list(names, MOST_NAMES, "ill.more_people")) if names else w("ill.no_leaders")
        yield w("ill.leaderless", at=spans(found, left.leaderless, w), n=found.leaders, leaders=leaders)
    if found.needed and found.taken and found.taken.left.nobody:
        yield w("ill.still_nobody", who=who(found, found.taken.offer, w), at=spans(found, found.taken.left.nobody, w))


def at_phones(found: Illness, w: Words) -> str:
    """Of those at work; nothing where they are never fewer."""
    left = found.left
    if left.nobody:
        return w("ill.nobody_there", at=spans(found, left.nobody, w))
    return "" if left.at_phones == left.at_work else \
        w("ill.phones", n=left.at_phones, at=spans(found, left.at_phones_in, w))


def who(found: Illness, offer: Offer, w: Words) -> str:
    """With their times."""
    return w.list([w("ill.who", name=one.person, start=f"{moment(found, one.start):%H:%M}",
                     end=f"{moment(found, one.end):%H:%M}") for one in offer])


def taken(found: Illness, one: Brought, w: Words) -> str:
    """What somebody brings, at what price."""
    return w("ill.taken", who=who(found, one.offer, w), more=w.change(one.answered.mean),
             range=w.range_of(one.answered, w.exact), most=w.few(found.more(one)),
             worth=w.exact(round(found.more(one) * found.worth.yuan)), pay=w.exact(pay_of(one.offer)))


def worth(found: Illness, w: Words) -> list[str]:
    """From what it comes what a call is worth."""
    one = found.worth
    return [w("ill.worth", call=w.few(one.yuan), hour=w.exact(one.yuan_an_hour), calls=w.few(one.calls_an_hour))] \
        if one.calls_an_hour else []


def row(found: Illness, rank: int, offer: Offer, w: Words) -> list[str]:
    """Of one person, or of two: what each does, in the order of HEADS."""
    asked = [moment(found, one.call_by) for one in offer]
    return [str(rank), w.list([with_phone(found, one, w) for one in offer]),
            w.list([w(f"ill.{one.kind}") for one in offer]),
            spans(found, [(one.start, one.end) for one in offer], w), spans(found, found.answer.left_open(offer), w),
            w.list([f"{at:%m-%d %H:%M}" for at in dict.fromkeys(asked)]), w.few(sum(one.extra for one in offer) / 60),
            w.list(list(dict.fromkeys(f"{one.rate:g}" for one in offer))), w.exact(sum(one.pay for one in offer)),
            passes(offer, w)]


def with_phone(found: Illness, one: Candidate, w: Words) -> str:
    """A name, marked where a leader is lacking and this one may lead."""
    mark = w("ill.leader") if one.leads and found.left.leaderless else ""
    return f"{one.person}{mark} {found.phones.get(one.person, '')}".rstrip()


def spans(found: Illness, of: Iterable[Span], w: Words) -> str:
    times = [f"{moment(found, start):%H:%M}–{moment(found, end):%H:%M}" for start, end in of]
    return w.list(times, MOST_TIMES, "ill.more_times")


def passes(offer: Offer, w: Words) -> str:
    """The wishes that are denied, then the rules that are passed, each with its number; of two, whose."""
    of_each = [w.list([*dict.fromkeys(wish(one, w) for one in person.wishes),
                       *(rules.told(w, passed_of(check)) for check in person.priced)]) for person in offer]
    return of_each[0] if len(offer) == 1 else w("ill.between").join(
        w("ill.of_person", name=person.person, what=what) for person, what in zip(offer, of_each, strict=True) if what)


def wish(one: Wish, w: Words) -> str:
    if one.duty is None:
        return w("ill.wish_on" if one.wanted else "ill.wish_off")
    return w("ill.wish_not", code=shift_code(one.duty.split("+")[0].split()[0]))


def reasons(found: Illness, w: Words) -> list[str]:
    """Which rule keeps whom from it: that of the way that comes nearest."""
    of_rule: dict[str, list[tuple[str, Check]]] = {}
    for one in found.answer.refused:
        for reason in one.tried[0].reasons[:1]:
            of_rule.setdefault(f"{reason.name} {reason.value}", []).append((one.person, reason))
    return [w("ill.refused", names=w.list([name for name, _ in some], MOST_NAMES, "ill.more_people"),
              rule=refused_by([check for _, check in some], w))
            for some in sorted(of_rule.values(), key=len, reverse=True)]


def refused_by(checks: Sequence[Check], w: Words) -> str:
    """A rule that keeps some from it, with what they would have."""
    if checks[0].name == "notice":
        return w("ill.late", hours=w.few(checks[0].value / 60), minutes=BEFORE_GOING)
    told = [passed_of(check) for check in checks]
    return rules.of_several(w, told, lifted=False) if told[0].has_number else w(f"rule.{told[0].rule}")


def sources(offers: Iterable[Offer], w: Words) -> list[str]:
    """Where rules that are passed stand which do not say it beside their numbers."""
    passed = [passed_of(check) for offer in offers for one in offer for check in one.priced]
    return list(dict.fromkeys(
        w("ill.source", kind=w(f"passed.{one.kind}"), limit=w.few(one.limit), source=w.said(one.source),
          unit=w("ill.hours_unit") if one.in_hours else "") for one in passed if not rules.says_where(one)))


# --- for machines ----------------------------------------------------------------------------------------------------

def summary(found: Illness) -> dict[str, Any]:
    """All of it."""
    answer = found.answer
    refused = [{"name": one.person, "rules": [reason.name for tried in one.tried for reason in tried.reasons]}
               for one in answer.refused]
    brought = [{"names": [one.person for one in each.offer], **told(each.answered), "yuan": pay_of(each.offer),
                "worth": found.more(each) * found.worth.yuan, "pays": found.pays(each)} for each in found.brought]
    return {"needed": found.needed, "duty": answer.duty, "from": moment(found, answer.start).isoformat(),
            "to": moment(found, answer.end).isoformat(),
            "candidates": [candidate(found, one) for one in answer.candidates],
            "pairs": [[candidate(found, one) for one in pair] for pair in answer.pairs], "refused": refused,
            "undone": told(found.undone), "taken": found.taken and told(found.taken.answered), "brought": brought,
            "left": left(found), "yuan_a_call": found.worth.yuan, "calls_a_seat_hour": found.worth.calls_an_hour}


def left(found: Illness) -> dict[str, Any]:
    """If nobody takes it."""
    def times(of: Iterable[Span]) -> list[list[str]]:
        return [[moment(found, minute).isoformat() for minute in span] for span in of]
    return {"at_work": found.left.at_work, "at_phones": found.left.at_phones, "nobody": times(found.left.nobody),
            "leaderless": times(found.left.leaderless)}


def candidate(found: Illness, one: Candidate) -> dict[str, Any]:
    return {"name": one.person, "phone": found.phones.get(one.person), "kind": one.kind,
            "from": moment(found, one.start).isoformat(), "to": moment(found, one.end).isoformat(),
            "there": moment(found, one.earliest).isoformat(), "call_by": moment(found, one.call_by).isoformat(),
            "leads": one.leads, "hours": one.extra / 60, "rate": one.rate, "yuan": one.pay,
            "denies_wish": bool(one.wishes),
            "breaks": [passed_of(check).model_dump() for check in one.priced]}


def told(figure: Figure) -> dict[str, float]:
    return {side: float(getattr(figure, side)) for side in ("mean", "low", "high")}
