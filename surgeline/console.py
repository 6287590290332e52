"""What the console shows: tables that fit a terminal, or JSON."""
from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from sim.problems import ScenarioError, printable
from sim.reading import load, shipped
from sim.reading.schema import schema
from sim.scenario import Scenario
from surgeline.locale import texts
from surgeline.problems import listed
from surgeline.runs import Run

# What scenarios say is no markup: "[/red]" in a title is text.
console = Console(markup=False, emoji=False)
aside = Console(stderr=True, markup=False, emoji=False)
LONGEST_PATH = 200


def show_list(lang: str, as_json: bool) -> None:
    """The shipped scenarios, with their titles and spans."""
    words = texts(lang)["cli"]
    rows = [(name, load(name)) for name in shipped()]
    if as_json:
        print(json.dumps([{"name": name, "title": s.title.model_dump(), "start": s.horizon.start.isoformat(),
                           "end": s.horizon.end.isoformat(), "variants": list(s.variants)} for name, s in rows],
                         ensure_ascii=False))
        return
    table = Table(box=None)
    for key in ("name", "title", "span", "variants"):
        table.add_column(words[key], no_wrap=key in ("name", "span"))
    for name, s in rows:
        table.add_row(name, getattr(s.title, lang), span(s), ", ".join(s.variants) or "–")
    console.print(table)


def span(scenario: Scenario) -> str:
    """First and last day."""
    last = scenario.horizon.end - timedelta(seconds=1)
    return f"{scenario.horizon.start:%Y-%m-%d} – {last:%m-%d}"


def check(names: tuple[str, ...], lang: str) -> int:
    """Print every problem of every file. Returns how many files have some."""
    words = texts(lang)["cli"]
    wrong = 0
    for name in names:
        try:
            load(name)
            print(f"{printable(name, LONGEST_PATH)}: {words['no_problems']}")
        except ScenarioError as error:
            wrong += 1
            print(listed(error), file=sys.stderr)
    return wrong


def show_schema() -> None:
    print(json.dumps(schema(), ensure_ascii=False, indent=1))


@contextmanager
def progress(what: str) -> Iterator[Any]:
    """A bar on a terminal, nothing elsewhere; yields a function that is told the share that is done."""
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TextColumn("{task.percentage:>3.0f} %"),
               TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=aside, transient=True, disable=not aside.is_terminal) as bar:
        task = bar.add_task(what, total=1.0)
        yield lambda share: bar.update(task, completed=share)


def say(text: str) -> None:
    """A remark beside the result."""
    aside.print(text, highlight=False)


def show_run(run: Run, lang: str) -> None:
    """A run in a dozen lines: the cities it is about, and replay against record."""
    words = texts(lang)["cli"]
    show_cities(run, lang, words)
    if run.record:
        show_record(run, words)
    console.print(f"{words['report']}: {run.folder / 'report.html'}", soft_wrap=True, highlight=False)


FIGURES = ("dials", "callers", "answered", "callers_answered", "answer_rate_dials", "answer_rate_callers",
           "dials_per_caller", "mean_wait_s", "helpers_answered")
FEW_FIGURES = ("dials", "callers", "answer_rate_dials", "answer_rate_callers")
FEW_PLACES = 3


def show_cities(run: Run, lang: str, words: dict[str, str]) -> None:
    """Few places side by side, many one below the other."""
    scenario = run.scenario
    places = [("province", words["province"])]
    places += [(f"city:{city}", getattr(scenario.cities[city].name, lang)) for city in scenario.surged()]
    title = f"{getattr(scenario.title, lang)}  {span(scenario)}"
    if len(places) <= FEW_PLACES:
        rows = [[words[name], *(cell(run, name, scope) for scope, _ in places)] for name in FIGURES]
        print_table(title, ["", *(shown for _, shown in places)], rows)
    else:
        rows = [[shown, *(cell(run, name, scope) for name in FEW_FIGURES)] for scope, shown in places]
        print_table(title, [words["where"], *(words[name] for name in FEW_FIGURES)], rows)


def print_table(title: str, header: list[str], rows: list[list[str]]) -> None:
    """The first column to the left, figures to the right."""
    table = Table(title=title, title_justify="left", box=None)
    for i, name in enumerate(header):
        table.add_column(name, justify="right" if i else "left")
    for row in rows:
        table.add_row(*row)
    console.print(table)


def cell(run: Run, name: str, scope: str) -> str:
    """A figure with half the width of its interval."""
    try:
        figure = run.value(name, scope)
    except KeyError:
        return "–"
    rate = name.startswith("answer_rate")
    digits = 1 if figure.mean < 100 and name != "helpers_answered" else 0
    shown = f"{figure.mean:.1%}" if rate else f"{figure.mean:,.{digits}f}"
    if figure.low != figure.low:
        return shown
    half = (figure.high - figure.low) / 2
    return f"{shown} ±{half * 100:.1f}" if rate else f"{shown} ±{half:,.{digits}f}"


def show_record(run: Run, words: dict[str, str]) -> None:
    table = Table(*(words[key] for key in ("record", "recorded", "simulated", "agrees")), box=None)
    for line in run.record:
        observed, figure = line["observed"], line["figure"]
        about = " ".join(filter(None, (observed["metric"], observed["scope"], (observed["from"] or "")[:16])))
        if observed["against"]:
            about += f" − {observed['against']}"
        table.add_row(about, between(line["bounds"]), number(figure["mean"]),
                      words["yes"] if line["agrees"] else Text(words["no"], "bold red"))
    console.print(table)


def between(bounds: dict[str, float | None]) -> str:
    low, high = bounds["low"], bounds["high"]
    if low is None or high is None:
        return f"< {number(high)}" if low is None else f"> {number(low)}"
    return f"{number(low)} – {number(high)}"


def number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
