"""Somebody is ill: who can take the shift, ranked; why the others cannot; and what it means for callers."""
from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from optimizer.staffing.planning.illness import Illness, moment, who_takes
from optimizer.staffing.revising.on_the_day import Candidate
from sim.measures.statistics import Figure
from sim.reading.roster_days import Heading, day_written
from sim.scenario.messages import printable, say
from sim.scenario.people import plain_name
from sim.scenario.scenario import Scenario
from surgeline import console
from surgeline.commands.studying import compile_first
from surgeline.locale import Lang, texts
from surgeline.problems import UsageError
from surgeline.reports.page.words import Words
from surgeline.terminal import show, show_table

REPLICATIONS = 8
MOST_SHOWN, MOST_REASONS = 10, 6
HEADS = ("rank", "name", "how", "time", "there", "hours", "rate", "yuan", "breaks")
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
    """What is open, who can take it, why others cannot, and what it means for callers."""
    answer = found.answer
    start, end = moment(found, answer.start), moment(found, answer.end)
    show(w("ill.open", name=name, start=f"{start:%m-%d %H:%M}", end=f"{end:%H:%M}"))
    show(w("ill.undone", more=w.change(found.undone.mean), range=w.range_of(found.undone, w.exact)))
    if not answer.candidates:
        show(w("ill.nobody"))
    else:
        heads = [w(f"ill.{head}") for head in HEADS]
        rows = [row(found, i, one, w) for i, one in enumerate(answer.candidates[:MOST_SHOWN], 1)]
        show_table(heads, rows, "fwwwwfffw")
    if found.taken is not None:
        show(w("ill.taken", name=answer.candidates[0].person, more=w.change(found.taken.mean),
               range=w.range_of(found.taken, w.exact)))
    for line in reasons(found, w):
        show(line)


def row(found: Illness, rank: int, one: Candidate, w: Words) -> list[str]:
    start, end, there = (moment(found, minute) for minute in (one.start, one.end, one.earliest))
    broken = w.list([w(f"rule.{check.name}") for check in one.priced])
    return [str(rank), one.person, w(f"ill.{one.kind}"), f"{start:%H:%M}–{end:%H:%M}", f"{there:%H:%M}",
            w.few(one.extra / 60), f"{one.rate:g}", w.exact(one.pay), broken]


def reasons(found: Illness, w: Words) -> list[str]:
    """Which rules keep how many others from it."""
    counted = Counter((reason.name, reason.source) for one in found.answer.refused for tried in one.tried[:1]
                      for reason in tried.reasons[:1])
    return [w("ill.refused", n=number, rule=w(f"rule.{name}"),
              source=w("number.bracket", x=w.said(source)) if source else "")
            for (name, source), number in counted.most_common(MOST_REASONS)]


def summary(found: Illness) -> dict[str, Any]:
    """For machines."""
    answer = found.answer
    candidates = [{"name": one.person, "kind": one.kind, "from": moment(found, one.start).isoformat(),
                   "to": moment(found, one.end).isoformat(), "there": moment(found, one.earliest).isoformat(),
                   "hours": one.extra / 60, "rate": one.rate, "yuan": one.pay,
                   "breaks": [check.name for check in one.priced]} for one in answer.candidates]
    refused = [{"name": one.person, "rules": [reason.name for tried in one.tried for reason in tried.reasons]}
               for one in answer.refused]
    return {"duty": answer.duty, "from": moment(found, answer.start).isoformat(),
            "to": moment(found, answer.end).isoformat(), "candidates": candidates, "refused": refused,
            "undone": told(found.undone), "taken": found.taken and told(found.taken)}


def told(figure: Figure) -> dict[str, float]:
    return {side: float(getattr(figure, side)) for side in ("mean", "low", "high")}
