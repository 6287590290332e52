"""What stands on the sheets of the workbook: headings in both languages, text in Chinese."""
from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sim.measures.metrics import METRICS, name_of
from sim.measures.statistics import Figure
from surgeline.reports.page import places
from surgeline.reports.page.blocks import Bar, Cell, Table, YesNo
from surgeline.reports.page.words import Words
from surgeline.reports.page.workbook import Head, Sheet
from surgeline.reports.run import answer, assumed, daily, defined, helpers, patience, record, seats_and_need, setup
from surgeline.reports.run.view import RunView, Subject

BY_DAY = ("dials", "callers", "answered", "callers_answered", "blocked", "abandoned", "served_by_bot",
          "callers_diverted", "callers_lost", "answer_rate_dials", "answer_rate_callers", "answered_within",
          "median_wait_s", "mean_wait_s", "p95_wait_s", "dials_per_caller", "load_ratio", "occupancy",
          "helpers_answered", "helpers_share")
WITH_INTERVAL = ("dials", "callers_answered", "answer_rate_dials", "answer_rate_callers", "p95_wait_s")
SHARES = {metric.__name__ for metric, unit in METRICS.items() if unit == "share"}
FORMATS = {"dials_per_caller": "few", "load_ratio": "few", "median_wait_s": "few", "mean_wait_s": "few",
           "p95_wait_s": "few", **dict.fromkeys(SHARES, "share")}
AT_22 = (("dials", "count"), ("dials_change", "change"), ("callers", "count"), ("answered", "count"),
         ("callers_answered", "count"), ("rate_dials", "share"), ("rate_dials_change", "points"),
         ("rate_callers", "share"), ("rate_callers_change", "points"), ("helped", "count"), ("helpers_seats", "few"),
         ("wait", "few"), ("within", "share"))
HELPERS = (("seats", "few"), ("per_seat", "few"), ("share", "share"), ("answered", "count"))

HALF_HOURS = (("need", "few"), ("open", "few"), ("dials", "count"), ("answered", "count"))
MOST_CITIES = 3
DAY = timedelta(days=1)
AROUND = 3 * DAY

ZH, EN = Words("zh"), Words("en")


def sheets(view: RunView) -> list[Sheet]:
    return [summary(view), by_day(view), at_22(view), by_city(view), half_hours(view), helpers_sheet(view),
            record_sheet(view), setting(view),
            assumptions(view), run(view)]


def head(key: str, how: str = "text", **values: object) -> Head:
    return Head(ZH(key, **values), EN(key, **values), how)


def both(view: RunView, subject: Subject) -> str:
    """A place in both languages."""
    return f"{view.place(ZH, subject)} {view.place(EN, subject)}"


def full_name(view: RunView, name: str) -> str:
    """A metric as tables have it, with its threshold."""
    return next(name_of(metric, float(view.scenario.answered_within)) for metric in METRICS if metric.__name__ == name)


def metric_head(view: RunView, name: str, side: str = "") -> Head:
    """A column for a metric, or for a bound of its interval."""
    zh, en = (record.metric_name(view, w, full_name(view, name)) for w in (ZH, EN))
    more = (f" {ZH(f'workbook.{side}')}", f", {EN(f'workbook.{side}')}") if side else ("", "")
    return Head(zh + more[0], en + more[1], FORMATS.get(name, "count"))


def metric_heads(view: RunView) -> list[Head]:
    return [metric_head(view, name, side) for name in BY_DAY
            for side in (("", "low", "high") if name in WITH_INTERVAL else ("",))]


def metric_values(view: RunView, scope: str, day: datetime | None) -> list[float]:
    found: list[float] = []
    for name in BY_DAY:
        figure = view.figure(full_name(view, name), scope, day)
        found += [figure.mean, figure.low, figure.high] if name in WITH_INTERVAL else [figure.mean]
    return found


def summary(view: RunView) -> Sheet:
    """The answer in both languages, then the figures that it rests on."""
    heads = (head("workbook.item"), head("workbook.value"), head("workbook.low"), head("workbook.high"))
    rows: list[tuple[Any, ...]] = [(title, text, None, None) for title, text in answers(view)]
    for subject in view.subjects:
        rows += [key_row(view, subject, name) for name, _ in answer.KEY_FIGURES]
    return Sheet(ZH("workbook.summary"), heads, rows)


def answers(view: RunView) -> Iterable[tuple[str, str]]:
    for w in (ZH, EN):
        yield from ((w("answer.title"), sentence) for sentence in answer.sentences(view, w))
        yield from ((w("workbook.note"), text) for text in (patience.of_run(view, w), answer.note(view, w)) if text)


def key_row(view: RunView, subject: Subject, name: str) -> tuple[Any, ...]:
    """A figure of the answer: the worst day's, or the whole time's where no day stands out."""
    start, end = view.told(subject)
    days = [f"{day:%Y-%m-%d}" for day in (start, end and end - timedelta(seconds=1)) if day]
    when = " – ".join(dict.fromkeys(days)) or f"{ZH('workbook.whole')} {EN('workbook.whole')}"
    one = metric_head(view, name)
    figure = view.figure(name, subject.scope, start, end)
    return (f"{both(view, subject)} {when} {one.zh} {one.en}", *written(figure, one.format))


def written(figure: Figure, how: str) -> list[tuple[float, str]]:
    return [(figure.mean, how), (figure.low, how), (figure.high, how)]


def by_day(view: RunView) -> Sheet:
    """One row a place and calendar day."""
    heads = (head("workbook.place"), head("workbook.day", "day"), *metric_heads(view))
    rows = [(both(view, subject), day, *metric_values(view, subject.scope, day)) for subject in view.subjects
            for day in view.days]
    return Sheet(ZH("workbook.days"), heads, rows)


def at_22(view: RunView) -> Sheet:
    """The daily count, one row a place and day from 22:00 to 22:00."""
    heads = [head("workbook.place"), head("workbook.day", "day"), head("workbook.hours", "few")]
    for (_, how), zh, en in zip(AT_22, daily.columns(view, ZH)[1:], daily.columns(view, EN)[1:], strict=True):
        heads.append(Head(f"{zh.group} {zh.title}", f"{en.group}: {en.title}", how))
    rows = [(both(view, subject), one["day"].to_pydatetime(), one["hours"], *(one[name] for name, _ in AT_22))
            for subject in view.subjects for one in daily.counts(view, subject).to_dict("records")]
    return Sheet(ZH("workbook.at_22"), tuple(heads), rows)


def half_hours(view: RunView) -> Sheet:
    """Seats needed, open and calls answered, one row a city and half hour: of the cities that the scenario is about, in
    the week around their worst day. The tables of the run have all."""
    heads = (head("workbook.place"), head("workbook.start", "moment"),
             *(head(f"workbook.{name}", how) for name, how in HALF_HOURS))
    rows: list[tuple[Any, ...]] = []
    middle = view.worst_day(view.lead)
    for city in view.lead.cities[:MOST_CITIES]:
        name = f"{places.city(view.scenario, ZH, city)} {places.city(view.scenario, EN, city)}"
        table = seats_and_need.by_half_hour(view, city, middle - AROUND, middle + AROUND + DAY)
        rows += [(name, at.to_pydatetime(), *values) for at, *values in table.itertuples()]
    return Sheet(ZH("workbook.half_hours"), heads, rows)


def setting(view: RunView) -> Sheet:
    """What the scenario sets, table below table, in Chinese."""
    heads = tuple(head(f"workbook.column_{k}") for k in range(1, 5))
    rows: list[tuple[Any, ...]] = []
    for table in setup.section(view, ZH).blocks:
        if isinstance(table, Table):
            rows.append((table.title, None, None, None))
            rows += [tuple(joined(cells)) for cells in ([column.title for column in table.columns], *table.rows)]
    return Sheet(ZH("workbook.setting"), heads, rows)


def joined(cells: Iterable[Cell]) -> list[str]:
    """Four columns of any number: what is beyond the third goes together."""
    texts = [str(cell) for cell in cells]
    return [*texts[:3], "；".join(texts[3:])] if len(texts) > 3 else texts + [""] * (4 - len(texts))


def by_city(view: RunView) -> Sheet:
    """Each city over the whole time, then on the worst day of the place that the report is about."""
    heads = (head("workbook.place"), head("workbook.period"), *metric_heads(view))
    rows: list[tuple[Any, ...]] = []
    for label, day in ((f"{ZH('workbook.whole')} {EN('workbook.whole')}", None),
                       (f"{view.worst_day(view.lead):%Y-%m-%d}", view.worst_day(view.lead))):
        for key, city in view.scenario.cities.items():
            rows.append((f"{city.name.zh} {city.name.en}", label, *metric_values(view, f"city:{key}", day)))
    return Sheet(ZH("workbook.cities"), heads, rows)


def helpers_sheet(view: RunView) -> Sheet:
    """One row a pool and city that it helped; each city's own seats to compare."""
    heads = (head("help.city"), head("help.pool"), head("help.kind"), head("workbook.first", "day"),
             head("workbook.last", "day"), *(head(f"help.{name}", how) for name, how in HELPERS))
    table = helpers.helpers(view)
    total = table.groupby("city")["answered"].transform("sum")
    table = table.assign(per_seat=table["answered"] / table["seat_days"].where(table["seat_days"] > 0),
                         share=table["answered"] / total.where(total > 0))
    rows = [(places.city(view.scenario, ZH, row["city"]), helpers.pool_name(view, ZH, row), ZH(f"kind.{row['kind']}"),
             row["first"].to_pydatetime(), row["last"].to_pydatetime(), *(row[name] for name, _ in HELPERS))
            for row in table.to_dict("records")]
    return Sheet(ZH("workbook.help"), heads, rows)


def record_sheet(view: RunView) -> Sheet:
    return as_sheet(ZH("workbook.record"), record.record_table(view, ZH), record.record_table(view, EN))


def assumptions(view: RunView) -> Sheet:
    """Assumed and calibrated values, one under another."""
    heads = (head("workbook.kind"), head("assumptions.what"), head("assumptions.value"), head("assumptions.range"),
             head("assumptions.why"))
    rows = [(f"{ZH(f'workbook.{kind}')} {EN(f'workbook.{kind}')}", assumed.label(view, ZH, one), assumed.value(ZH, one),
             assumed.span(ZH, one), ZH.said(one.note))
            for kind in ("assumed", "calibrated") for one in assumed.groups(view, ZH, kind)]
    return Sheet(ZH("workbook.assumptions"), heads, rows)


def run(view: RunView) -> Sheet:
    heads = (head("run.what"), head("run.value"))
    rows = [(f"{zh[0]} {en[0]}", zh[1])
            for zh, en in zip(defined.run_facts(view, ZH), defined.run_facts(view, EN), strict=True)]
    return Sheet(ZH("workbook.run"), heads, rows)


def as_sheet(name: str, zh: Table, en: Table) -> Sheet:
    """A table of the page as a sheet: its rows as they are written in Chinese."""
    heads = tuple(Head(one.title, other.title) for one, other in zip(zh.columns, en.columns, strict=True))
    return Sheet(name, heads, [tuple(plain(cell) for cell in row) for row in zh.rows])


def plain(cell: Cell) -> str:
    return cell.text if isinstance(cell, Bar | YesNo) else cell
